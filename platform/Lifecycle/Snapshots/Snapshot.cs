using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Snapshots;

/// <summary>Where a snapshot is in its life.</summary>
public enum SnapshotPhase
{
    /// <summary>Wanted; nothing was sent, or what was sent certainly did not happen.</summary>
    Requested = 0,

    /// <summary>An intent is written and its outcome is not known.</summary>
    Attempted = 1,

    /// <summary>DigitalOcean works on it.</summary>
    Started = 2,

    /// <summary>The image is there.</summary>
    Complete = 3,

    /// <summary>A rule or a person decided that it goes.</summary>
    Expired = 4,

    /// <summary>The intent to delete it is written.</summary>
    Pruning = 5,

    /// <summary>Deleted by us. An end.</summary>
    Pruned = 6,

    /// <summary>Given up before it was complete. An end, unless the image turns up after all.</summary>
    Failed = 7,

    /// <summary>Gone without us. An end, unless it turns up again.</summary>
    Lost = 8,
}

/// <summary>What the log knows about one snapshot: the fold of its stream.</summary>
public sealed record Snapshot
{
    /// <summary>Key of the stream.</summary>
    public required string Id { get; init; }

    /// <summary>Number of events in the stream.</summary>
    public long Version { get; init; }

    /// <summary>Our own id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>The droplet it is of.</summary>
    public required long DropletId { get; init; }

    /// <summary>The droplet's name when it was asked for or found.</summary>
    public required string DropletName { get; init; }

    /// <summary>The image's name at DigitalOcean.</summary>
    public required string Name { get; init; }

    /// <summary>The plan whose rules apply to it; null for a manual one.</summary>
    public string? Plan { get; init; }

    /// <summary>Whether the schedule or a person asked.</summary>
    public Origin Origin { get; init; }

    /// <summary>Whether it was found at DigitalOcean and not asked for by us.</summary>
    public bool Discovered { get; init; }

    /// <summary>Whether the schedule asked for it.</summary>
    public bool Scheduled { get; init; }

    /// <summary>When it was asked for, or found, UTC.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>The moment of the schedule that it answers, UTC.</summary>
    public DateTimeOffset? Occurrence { get; init; }

    /// <summary>Whether the droplet runs while it is taken.</summary>
    public SnapshotConsistency Consistency { get; init; }

    /// <summary>What becomes of a droplet that does not shut down for it in time.</summary>
    public ForcedPowerOff ForcePowerOff { get; init; }

    /// <summary>Where it is in its life.</summary>
    public SnapshotPhase Phase { get; init; }

    /// <summary>Whether it lives or is on its way.</summary>
    public bool Live { get; init; } = true;

    /// <summary>Whether a request of it, or of one of its transfers, may be on its way or at work, so that somebody must follow it.</summary>
    public bool Working { get; init; }

    /// <summary>Attempts so far to have it made.</summary>
    public int Attempts { get; init; }

    /// <summary>When the last attempt's intent was written, UTC.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    /// <summary>Nobody sends the last attempt's request after this moment, UTC.</summary>
    public DateTimeOffset? SendBefore { get; init; }

    /// <summary>What is waited for is not tried before this moment, UTC.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The last thing that went wrong, in words; null when the last thing went well.</summary>
    public string? Trouble { get; init; }

    /// <summary>DigitalOcean's id of the action that makes it.</summary>
    public long? ActionId { get; init; }

    /// <summary>When that action started, UTC.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Whether the action was found by looking, so that it may yet be somebody else's.</summary>
    public bool Provisional { get; init; }

    /// <summary>Whether an earlier attempt was only concluded to have had no effect: before the next, its effect is looked for once more.</summary>
    public bool Uncertain { get; init; }

    /// <summary>DigitalOcean's id of the image.</summary>
    public long? ImageId { get; init; }

    /// <summary>Billable size in GB.</summary>
    public decimal SizeGigabytes { get; init; }

    /// <summary>When the image was made, UTC: what its age is counted from.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The regions that hold it.</summary>
    public ImmutableSortedSet<string> Regions { get; init; } = [];

    /// <summary>Its transfers by region.</summary>
    public ImmutableSortedDictionary<string, RegionTransfer> Transfers { get; init; } =
        ImmutableSortedDictionary<string, RegionTransfer>.Empty;

    /// <summary>Whether a person pinned it.</summary>
    public bool Pinned { get; init; }

    /// <summary>The guard that holds back its expiry, as last recorded.</summary>
    public Guard? HeldBy { get; init; }

    /// <summary>Whether the pruner refused for good, so that it is left alone.</summary>
    public bool LeftAlone { get; init; }

    /// <summary>The decision to remove it, while that stands.</summary>
    public Expiry? Expiry { get; init; }

    /// <summary>Whether a person asked for its removal last, and that was taken back without having been done.</summary>
    public bool RemovalTakenBack { get; init; }

    /// <summary>How many decisions of rules to remove it have grown stale one after the other, without a deletion having begun.</summary>
    public int StaleExpiries { get; init; }

    /// <summary>Attempts so far to delete it.</summary>
    public int PruneAttempts { get; init; }

    /// <summary>How many of those were certainly without effect. Only after one that may have had one does a 404 on its address mean that we deleted it.</summary>
    public int PrunesNotDone { get; init; }

    /// <summary>When the last thing happened to it, UTC.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Whether it is complete and not about to go.</summary>
    [JsonIgnore]
    public bool IsComplete => Phase is SnapshotPhase.Complete;

    /// <summary>Whether a request for it may be on its way or at work.</summary>
    [JsonIgnore]
    public bool InFlight => Phase is SnapshotPhase.Attempted or SnapshotPhase.Started;

    /// <summary>Whether one of its transfers may be on its way or at work.</summary>
    [JsonIgnore]
    public bool Transferring => Transfers.Values.Any(t => t.InFlight);
}

/// <summary>A decision to remove a snapshot.</summary>
/// <param name="Origin">Whether a rule or a person asked.</param>
/// <param name="Rule">The rule, as text.</param>
/// <param name="PlanVersion">The plan's version that decided.</param>
/// <param name="DecidedAt">The moment decided for, UTC.</param>
public sealed record Expiry(Origin Origin, string? Rule, int? PlanVersion, DateTimeOffset DecidedAt);

/// <summary>Where the transfer to one region is.</summary>
public enum TransferPhase
{
    /// <summary>Wanted; nothing was sent, or what was sent certainly did not happen.</summary>
    Requested = 0,

    /// <summary>An intent is written and its outcome is not known.</summary>
    Attempted = 1,

    /// <summary>DigitalOcean works on it.</summary>
    Started = 2,

    /// <summary>The region holds the image.</summary>
    Completed = 3,

    /// <summary>Given up.</summary>
    Failed = 4,
}

/// <summary>The transfer of a snapshot to one region.</summary>
/// <param name="Phase">Where it is.</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
/// <param name="ChangedAt">When the last thing happened to it, UTC.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="AttemptedAt">When the last attempt's intent was written, UTC.</param>
/// <param name="SendBefore">Nobody sends the last attempt's request after this moment, UTC.</param>
/// <param name="ActionId">DigitalOcean's id of the action.</param>
/// <param name="StartedAt">When the action started, UTC.</param>
/// <param name="RetryAt">Not tried again before this moment, UTC.</param>
/// <param name="Trouble">The last thing that went wrong, in words.</param>
/// <param name="Origin">Whether the plan or a person asked.</param>
public sealed record RegionTransfer(
    TransferPhase Phase,
    DateTimeOffset RequestedAt,
    DateTimeOffset ChangedAt,
    int Attempts = 0,
    DateTimeOffset? AttemptedAt = null,
    DateTimeOffset? SendBefore = null,
    long? ActionId = null,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? RetryAt = null,
    string? Trouble = null,
    Origin Origin = Origin.Plan)
{
    /// <summary>Whether a request for it may be on its way or at work.</summary>
    [JsonIgnore]
    public bool InFlight => Phase is TransferPhase.Attempted or TransferPhase.Started;
}
