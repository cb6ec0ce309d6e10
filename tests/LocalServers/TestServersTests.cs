using DoSnapshot.Tests.Support;

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
    public async Task A_local_broker_keeps_its_address_and_its_virtual_hosts_over_a_restart()
    {
        await using var broker = await TestRabbitMq.StartAsync(TestServerKind.Local, Cancellation);
        var (first, second) = (await broker.CreateVirtualHostAsync(Cancellation), await broker.CreateVirtualHostAsync(Cancellation));
        Assert.NotEqual(first, second);
        Assert.True(await Amqp.AdmitsAsync(first, Cancellation));
        Assert.False(await Amqp.AdmitsAsync(new Uri(broker.Uri, "unknown"), Cancellation));

        await broker.StopAsync(Cancellation);
        Assert.False(await Amqp.AdmitsAsync(first, Cancellation));
        await broker.StartAgainAsync(Cancellation);

        Assert.True(await Amqp.AdmitsAsync(first, Cancellation));
        Assert.Matches(@"^RabbitMQ \d+\.\d+\.\d+ \(local\)$", broker.Description);
    }

    [Fact]
    public async Task Two_local_brokers_do_not_meet()
    {
        await using var first = await TestRabbitMq.StartAsync(TestServerKind.Local, Cancellation);
        await using var second = await TestRabbitMq.StartAsync(TestServerKind.Local, Cancellation);
        var onlyInFirst = await first.CreateVirtualHostAsync(Cancellation);

        Assert.True(await Amqp.AdmitsAsync(onlyInFirst, Cancellation));
        Assert.False(await Amqp.AdmitsAsync(new Uri(second.Uri, onlyInFirst.AbsolutePath), Cancellation));
    }
}
