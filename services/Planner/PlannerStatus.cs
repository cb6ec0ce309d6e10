using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Planner;

/// <summary>How the planner's comparison with DigitalOcean goes, for its health.</summary>
public sealed class PlannerStatus : IHealthCheck
{
    private const int MostRemarks = 5;

    private volatile string? trouble;
    private volatile string? notCompared;
    private volatile bool leads;
    private volatile IReadOnlyList<string> overlaps = [];
    private volatile IReadOnlyList<string> brakes = [];
    private volatile IReadOnlyList<string> alarms = [];
    private volatile string? plansNotUsed;

    /// <summary>Whether this process leads and its last comparison went well.</summary>
    public bool IsReconciled => leads && trouble is null;

    /// <summary>Why the last comparison came to nothing; null when it was made, be it without some droplets, or this process does not lead.</summary>
    public string? NotCompared => notCompared;

    /// <summary>Whether this process leads and has tried a comparison.</summary>
    public bool HasCompared => leads;

    /// <summary>The droplets with the tags of several plans that the last comparison found, which an operator must mend and which keep nobody from working.</summary>
    public void Overlapping(IReadOnlyList<string> found) => overlaps = Few(found);

    /// <summary>The brakes that are on, which an operator must look at and which keep nobody from working.</summary>
    public void Braked(IReadOnlyList<string> found) => brakes = Few(found);

    /// <summary>The alarms that are on, which an operator must look at and which keep nobody from working.</summary>
    public void Alarmed(IReadOnlyList<string> found) => alarms = Few(found);

    /// <summary>That this process's plans are not those in force; null where they are.</summary>
    public void PlansNotUsed(string? why) => plansNotUsed = why;

    /// <summary>A comparison went well.</summary>
    public void Reconciled()
    {
        leads = true;
        trouble = null;
        notCompared = null;
    }

    /// <summary>A comparison failed.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isPart">Whether all but some droplets or images was compared.</param>
    public void Troubled(string reason, bool isPart = false)
    {
        leads = true;
        trouble = reason;
        notCompared = isPart ? null : reason;
    }

    /// <summary>It does not lead (any more); another process reports.</summary>
    public void Idle()
    {
        leads = false;
        trouble = null;
        notCompared = null;
        overlaps = [];
        brakes = [];
        alarms = [];
        plansNotUsed = null;
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(trouble is { } reason
            ? HealthCheckResult.Unhealthy(reason)
            : HealthCheckResult.Healthy(string.Join("; ", (string[])[leads ? "leading" : "standing by", .. plansNotUsed is { } why ? (string[])[why] : [], .. alarms.Select(a => $"alarm, {a}"), .. brakes.Select(b => $"the brake is on, {b}"), .. overlaps])));

    private static IReadOnlyList<string> Few(IReadOnlyList<string> found) =>
        found.Count <= MostRemarks ? found : [.. found.Take(MostRemarks), $"and {found.Count - MostRemarks} more of this kind"];
}
