using System.Collections.Immutable;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>What was counted.</summary>
public sealed record AuditCounts
{
    /// <summary>Events read, judged or not.</summary>
    public long Events { get; init; }

    /// <summary>Streams that they are of.</summary>
    public int Streams { get; init; }

    /// <summary>Decisions to remove a snapshot that were judged: those confirmed, explained and differing, and those that could not be replayed.</summary>
    public long Decisions { get; init; }

    /// <summary>Decisions by rule that were decided again.</summary>
    public long Replayed { get; init; }

    /// <summary>Of those, the ones for which the same came out: rule, interval, neighbour and version.</summary>
    public long Confirmed { get; init; }

    /// <summary>Decisions that are explained by a manual command.</summary>
    public long Manual { get; init; }

    /// <summary>Decisions for which something else came out.</summary>
    public long Differing { get; init; }

    /// <summary>Decisions that could not be decided again.</summary>
    public long NotReplayed { get; init; }

    /// <summary>Intents to delete that were judged; one that is tried again counts each time.</summary>
    public long Deletions { get; init; }

    /// <summary>Of those, the ones that an expiry stood for and no guard held.</summary>
    public long DeletionsConfirmed { get; init; }

    /// <summary>Expiries that ended with the image gone.</summary>
    public long Pruned { get; init; }

    /// <summary>Expiries that were taken back.</summary>
    public long Withdrawn { get; init; }

    /// <summary>Expiries that ended with a refusal, for good.</summary>
    public long Refused { get; init; }

    /// <summary>Expiries whose snapshot somebody else deleted first.</summary>
    public long Lost { get; init; }

    /// <summary>Expiries without an end yet.</summary>
    public long Open { get; init; }

    /// <summary>Findings that are errors.</summary>
    public long Errors { get; init; }

    /// <summary>Findings that are warnings.</summary>
    public long Warnings { get; init; }
}

/// <summary>An expiry without an end yet.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="SnapshotName">Its name.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="DropletName">The droplet's name.</param>
/// <param name="Plan">Its plan; null for none.</param>
/// <param name="Rule">The rule; null for a removal by hand.</param>
/// <param name="DecidedAt">When it was decided, UTC.</param>
/// <param name="Age">How long ago that is.</param>
/// <param name="Trouble">What went wrong last; null for nothing.</param>
public sealed record OpenExpiry(
    Guid SnapshotId, string SnapshotName, long DropletId, string DropletName, string? Plan, string? Rule, DateTimeOffset DecidedAt, TimeSpan Age, string? Trouble);

/// <summary>A removal that a person asked for.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="SnapshotName">Its name.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why.</param>
public sealed record ManualRemoval(Guid SnapshotId, string SnapshotName, long DropletId, DateTimeOffset At, string? Actor, string? Reason);

/// <summary>What came of an audit.</summary>
/// <param name="Terms">What was audited.</param>
/// <param name="AsOf">The moment it is about, UTC: ages are counted up to here.</param>
/// <param name="LastEventAt">The moment of the last event, UTC; null for an empty log.</param>
/// <param name="LastSequence">The last event's place in the log; 0 for an empty log.</param>
/// <param name="Counts">What was counted.</param>
/// <param name="Findings">What was found, in the order of the log; the first of them, where they were many.</param>
/// <param name="FindingsCut">How many more findings there were.</param>
/// <param name="Open">Expiries without an end, oldest first; the oldest of them, where they were many.</param>
/// <param name="ManualRemovals">Removals by hand, in the order of the log; the first of them, where they were many.</param>
public sealed record AuditReport(
    AuditTerms Terms,
    DateTimeOffset AsOf,
    DateTimeOffset? LastEventAt,
    long LastSequence,
    AuditCounts Counts,
    ImmutableArray<Finding> Findings,
    long FindingsCut,
    ImmutableArray<OpenExpiry> Open,
    ImmutableArray<ManualRemoval> ManualRemovals)
{
    /// <summary>Whether everything that was judged is borne out by the log.</summary>
    public bool Holds => Counts.Errors == 0;
}
