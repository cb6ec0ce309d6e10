using DoSnapshot.Hosting.Configuration;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Bus;

/// <summary>
/// Whether RabbitMQ can be reached, as the bus knows it. Says so in the log output when that changes, once, in place of what the bus says with every
/// try.
/// </summary>
internal sealed class BrokerHealth : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly IBusControl bus;
    private readonly string address;
    private readonly ILogger<BrokerHealth> logger;

    public BrokerHealth(IBusControl bus, PlatformOptions options, ILogger<BrokerHealth> logger)
    {
        this.bus = bus;
        this.logger = logger;
        // Without the user and the password.
        address = options.BusUri is { } uri ? $"RabbitMQ at {new Uri(uri).GetComponents(UriComponents.HostAndPort, UriFormat.UriEscaped)}" : "the bus in this process";
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = bus.CheckHealth();
        return Task.FromResult(health.Status is BusHealthStatus.Healthy
            ? HealthCheckResult.Healthy($"connected to {address}")
            : HealthCheckResult.Unhealthy($"waiting for {address}: {Trouble(health)}"));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasHealthy = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var health = bus.CheckHealth();
            var isHealthy = health.Status is BusHealthStatus.Healthy;
            if (isHealthy != wasHealthy && !stoppingToken.IsCancellationRequested)
            {
                wasHealthy = isHealthy;
                if (isHealthy)
                {
                    logger.BrokerIsBack(address);
                }
                else
                {
                    logger.BrokerIsAway(address, Trouble(health));
                }
            }
        }
    }

    /// <summary>The reason of the first endpoint in trouble; the innermost says most.</summary>
    private static string Trouble(BusHealthResult health)
    {
        var exception = health.Exception ?? health.Endpoints.Values.Select(e => e.Exception).FirstOrDefault(e => e is not null);
        return exception is null ? health.Description : exception.GetBaseException().Message;
    }
}
