using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Hosting.Relay;

/// <summary>
/// Whether the relay gets on, while this process runs it. A broker that keeps its connections and confirms nothing, because its disk or memory is full,
/// looks well to everybody else.
/// </summary>
public sealed class RelayHealth : IHealthCheck
{
    /// <summary>Trouble that lasts this long is told.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private string? trouble;
    private long since;

    /// <summary>By this clock.</summary>
    public RelayHealth(TimeProvider clock)
    {
        this.clock = clock;
    }

    /// <summary>It could not publish, or it stopped and is started again.</summary>
    /// <returns>Whether that is new: it got on until now.</returns>
    public bool Failed(string reason)
    {
        lock (gate)
        {
            var isNew = trouble is null;
            since = isNew ? clock.GetTimestamp() : since;
            trouble = reason;
            return isNew;
        }
    }

    /// <summary>A page was published, or this process does not relay any more.</summary>
    /// <returns>Whether it did not get on until now.</returns>
    public bool GotOn()
    {
        lock (gate)
        {
            var was = trouble is not null;
            trouble = null;
            return was;
        }
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            return Task.FromResult(trouble is not null && clock.GetElapsedTime(since) is var lasts && lasts >= Patience
                ? HealthCheckResult.Unhealthy($"nothing of the log was published for {lasts.TotalMinutes:0} min: {trouble}")
                : HealthCheckResult.Healthy());
        }
    }
}
