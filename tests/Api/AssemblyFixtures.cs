using DoSnapshot.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
