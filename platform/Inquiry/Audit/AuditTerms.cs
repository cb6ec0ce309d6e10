using DoSnapshot.Lifecycle;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>What is audited. It restricts what is judged, never what is folded: a decision is judged by everything that was known.</summary>
public sealed record AuditTerms
{
    /// <summary>Judges what happened at this moment or later, UTC; null from the beginning.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Judges what happened before this moment, UTC; null to the end.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Judges what is about these droplets alone, by DigitalOcean's id; null for all. What is wrong with the plans is told all the same.</summary>
    public IReadOnlySet<long>? Droplets { get; init; }

    /// <summary>An expiry without an end for longer than this is a finding.</summary>
    public TimeSpan OpenLimit { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How old a decision may be when it is acted on, as the services have it. How long they wait for what does not matter.</summary>
    public LifecycleTimings Timings { get; init; } = new();

    /// <summary>So many findings, open expiries and manual removals each are held; the report says how many more there were.</summary>
    public int MostHeld { get; init; } = 1_000;

    /// <summary>Whether what happened at this moment is judged.</summary>
    internal bool Covers(DateTimeOffset? moment) => moment is not { } at || (!(at < From) && !(at >= To));

    /// <summary>Whether what is about this droplet, or about none, is judged.</summary>
    internal bool Covers(long? dropletId) => dropletId is not { } id || Droplets is null || Droplets.Contains(id);
}
