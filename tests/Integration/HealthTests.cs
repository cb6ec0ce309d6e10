using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests;

/// <summary>What <c>/health/ready</c> says while something is waited for.</summary>
public sealed class HealthTests : IClassFixture<HealthTests.Surroundings>
{
    private readonly Surroundings _surroundings;

    public HealthTests(Surroundings surroundings) => _surroundings = surroundings;

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
        var platform = _surroundings.Platform;
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
        await platform.KillAsync(process);
    }

    /// <summary>A log that knows its account, and what the services need.</summary>
    public sealed class Surroundings(PostgresFixture postgres, RabbitMqFixture rabbitMq) : IAsyncLifetime
    {
        internal Platform Platform { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Platform = await Platform.StartAsync(
                postgres,
                rabbitMq,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["Sandbox__Token"] = "sandbox", ["Plan__Regions"] = "" },
                _ => Task.CompletedTask,
                Ct,
                ["Planner"]);
            // It is ready before that, and the first test may kill it.
            await Platform.UntilAsync("the log knows its account", async () => (await Platform.Log.LoadFleetFactsAsync(Ct)).Account is not null, Ct);
        }

        public ValueTask DisposeAsync() => Platform.DisposeAsync();
    }
}
