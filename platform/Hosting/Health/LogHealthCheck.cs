using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Hosting;

/// <summary>Whether the log can be read.</summary>
internal sealed class LogHealthCheck : IHealthCheck
{
    private readonly StoreReadiness readiness;
    private readonly IEventLog log;

    public LogHealthCheck(StoreReadiness readiness, IEventLog log)
    {
        this.readiness = readiness;
        this.log = log;
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!readiness.WhenReady.IsCompletedSuccessfully)
        {
            return HealthCheckResult.Unhealthy($"waiting for PostgreSQL: {readiness.WaitsFor}");
        }

        try
        {
            return HealthCheckResult.Healthy($"at event {await log.HeadAsync(cancellationToken)}");
        }
        catch (Exception e) when (OrdinaryTrouble.Describe(e) is { } reason)
        {
            return HealthCheckResult.Unhealthy($"waiting for PostgreSQL: {reason}");
        }
    }
}
