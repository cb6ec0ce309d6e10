using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>What <c>/health/ready</c> says while something is waited for, and that work goes on when it is there.</summary>
public sealed class HealthTests
{
    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;

    public HealthTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a database that is not there", "Planner", "Platform__LogConnectionString", "Host=127.0.0.1;Port=1;Username=u;Password=secret-word;Database=d", "log: Unhealthy, waiting for PostgreSQL: ")]
    [InlineData("a broker that is not there", "Planner", "Platform__BusUri", "amqp://u:secret-word@127.0.0.1:1/", "broker: Unhealthy, waiting for RabbitMQ at 127.0.0.1:1: ")]
    [InlineData("a broker that is not there", "PrunerWorker", "Platform__BusUri", "amqp://u:secret-word@127.0.0.1:1/", "broker: Unhealthy, waiting for RabbitMQ at 127.0.0.1:1: ")]
    [InlineData("an API that is not there", "Planner", "DigitalOcean__ApiUrl", "http://127.0.0.1:1", "api: Unhealthy, waiting for DigitalOcean: GET /v2/account: no connection")]
    [InlineData("a token that is refused", "TransferWorker", "DO_TOKEN", "wrong-secret-word", "api: Unhealthy, waiting for DigitalOcean: GET /v2/account: the token is refused (401)")]
    [InlineData("a region that there is not", "Planner", "Plan__Regions", "mars1", "planner: Unhealthy, Plan:Regions names 'mars1'")]
    public async Task A_service_that_waits_says_for_what(string name, string service, string setting, string value, string says)
    {
        await using var platform = await StartAsync();
        await platform.KillAsync(service);
        var process = platform.Start(service, (setting, value));

        var last = "";
        await platform.UntilAsync(
            $"{service} says what it waits for: {name}",
            async () =>
            {
                try
                {
                    var (ready, text) = await process.HealthAsync(Ct);
                    last = text;
                    return !ready && text.Contains(says, StringComparison.Ordinal);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            Ct);

        Assert.DoesNotContain("secret-word", last + process.Output, StringComparison.Ordinal);
        await platform.KillAsync(service);
        await platform.Start(service).WhenReadyAsync(Ct);
    }

    private Task<Platform> StartAsync() => Platform.StartAsync(
        _postgres,
        _rabbitMq,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Sandbox__Token"] = "sandbox", ["Plan__Regions"] = "" },
        _ => Task.CompletedTask,
        Ct);
}
