using DoSnapshot.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RabbitMqFixture))]
// Each test runs five processes, which mostly wait: two at a time are enough for a small machine.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]
