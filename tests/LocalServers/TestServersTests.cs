using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.LocalServers.Tests;

/// <summary>The servers that the integration tests use where no container can be had.</summary>
public sealed class TestServersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_test_gets_an_empty_database_of_its_own()
    {
        await using var server = await TestPostgres.StartAsync(TestServerKind.Local, Cancellation);

        var (first, second) = (await server.CreateDatabaseAsync(Cancellation), await server.CreateDatabaseAsync(Cancellation));
        await Sql.ScalarAsync(first, "CREATE TABLE mine AS SELECT 1");

        Assert.Equal("0", await Sql.ScalarAsync(second, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'"));
        Assert.Equal($"PostgreSQL {PostgresBinaries.Find().Version} (local)", server.Description);
    }

    [Fact]
    public async Task A_local_broker_keeps_its_address_and_its_virtual_hosts_over_a_restart_and_to_itself()
    {
        var starting = Task.WhenAll(TestRabbitMq.StartAsync(TestServerKind.Local, Cancellation), TestRabbitMq.StartAsync(TestServerKind.Local, Cancellation));
        await using var broker = (await starting)[0];
        await using var other = (await starting)[1];
        var (first, second) = (await broker.CreateVirtualHostAsync(Cancellation), await broker.CreateVirtualHostAsync(Cancellation));
        Assert.NotEqual(first, second);
        Assert.True(await Amqp.AdmitsAsync(first, Cancellation));
        Assert.False(await Amqp.AdmitsAsync(new Uri(other.Uri, first.AbsolutePath), Cancellation));

        await broker.StopAsync(Cancellation);
        Assert.False(await Amqp.AdmitsAsync(first, Cancellation));
        await broker.StartAgainAsync(Cancellation);

        Assert.True(await Amqp.AdmitsAsync(first, Cancellation));
        Assert.Matches(@"^RabbitMQ \d+\.\d+\.\d+ \(local\)$", broker.Description);
    }

    [Fact]
    public async Task The_fixtures_serve_what_this_machine_has_and_can_take_it_away_for_a_while()
    {
        await using var postgres = new PostgresFixture();
        await using var rabbitMq = new RabbitMqFixture();
        var (database, address) = (await postgres.CreateDatabaseAsync(Cancellation), await rabbitMq.CreateVirtualHostAsync(Cancellation));
        await Sql.ScalarAsync(database, "CREATE TABLE kept AS SELECT 42 AS answer");

        var (server, broker) = (await postgres.ServerAsync(), await rabbitMq.ServerAsync());
        await Task.WhenAll(server.StopAsync(Cancellation), broker.StopAsync(Cancellation));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Sql.ScalarAsync(database, "SELECT 1"));
        Assert.False(await Amqp.AdmitsAsync(address, Cancellation));
        await Task.WhenAll(server.StartAgainAsync(Cancellation), broker.StartAgainAsync(Cancellation));

        Assert.Equal("42", await Sql.ScalarAsync(database, "SELECT answer FROM kept"));
        Assert.True(await Amqp.AdmitsAsync(address, Cancellation));
    }
}
