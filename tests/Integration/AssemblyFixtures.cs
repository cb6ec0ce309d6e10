using DoSnapshot.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(RabbitMqFixture))]
// Each test runs five processes and more: one test at a time is as fast as two, and no test is starved by another.
[assembly: Parallelization(Mode = ParallelMode.None)]
