using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Planner;

/// <summary>How the planner's comparison with DigitalOcean goes, for its health.</summary>
public sealed class PlannerStatus : IHealthCheck
{
    private const int MostRemarks = 5;

    private volatile string? trouble;
    private volatile bool leads;
    private volatile IReadOnlyList<string> remarks = [];

    /// <summary>Whether this process leads and its last comparison went well.</summary>
    public bool IsReconciled => leads && trouble is null;

    /// <summary>What the last comparison found that an operator must mend, and that keeps nobody from working.</summary>
    public void Remark(IReadOnlyList<string> found) =>
        remarks = found.Count <= MostRemarks ? found : [.. found.Take(MostRemarks), $"and {found.Count - MostRemarks} more of this kind"];

    /// <summary>A comparison went well.</summary>
    public void Reconciled()
    {
        leads = true;
        trouble = null;
    }

    /// <summary>A comparison failed.</summary>
    public void Troubled(string reason)
    {
        leads = true;
        trouble = reason;
    }

    /// <summary>It does not lead (any more); another process reports.</summary>
    public void Idle()
    {
        leads = false;
        trouble = null;
        remarks = [];
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(trouble is { } reason
            ? HealthCheckResult.Unhealthy(reason)
            : HealthCheckResult.Healthy(string.Join("; ", remarks.Prepend(leads ? "leading" : "standing by"))));
}
