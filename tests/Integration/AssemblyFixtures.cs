using DoSnapshot.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RabbitMqFixture))]
// Each test runs five processes: one test at a time is enough for a small machine.
[assembly: Parallelization(Mode = ParallelMode.None)]
