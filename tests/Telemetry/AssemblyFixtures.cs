using DoSnapshot.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
// The library's listeners are the process's: what one test does must not be another's.
[assembly: Parallelization(Mode = ParallelMode.None)]
