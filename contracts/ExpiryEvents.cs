using System.Text.Json.Serialization;

namespace DoSnapshot.Contracts;

/// <summary>What holds back the removal of a snapshot that a rule would remove.</summary>
public enum Guard
{
    /// <summary>It is pinned.</summary>
    Pinned = 0,

    /// <summary>One of its transfers is running, or about to.</summary>
    TransferRunning = 1,

    /// <summary>Fewer complete snapshots than the plan's minimum would remain.</summary>
    KeepAtLeast = 2,

    /// <summary>It is the newest complete copy in a region that the plan wants.</summary>
    NewestInRegion = 3,

    /// <summary>No newer snapshot of the droplet is complete.</summary>
    NewestComplete = 4,

    /// <summary>What DigitalOcean has under this id is not what was recorded.</summary>
    IdentityChanged = 5,

    /// <summary>The decision is too old to be acted on.</summary>
    StaleDecision = 6,

    /// <summary>Decided again at this moment, the plan keeps it.</summary>
    NoLongerExpired = 7,

    /// <summary>The plan or the droplet is paused.</summary>
    Paused = 8,

    /// <summary>Too much would go at once; an operator must release the brake.</summary>
    Brake = 9,

    /// <summary>The droplet no longer belongs to the plan, so its snapshots stay as they are.</summary>
    NotEnrolled = 10,

    /// <summary>The droplet carries the tags of several plans, and it is not for us to say whose rules apply.</summary>
    Overlap = 11,
}

/// <summary>The snapshot that a rule kept in place of the expired one.</summary>
/// <param name="SnapshotId">Its id.</param>
/// <param name="ImageId">DigitalOcean's id of its image.</param>
/// <param name="SnapshotName">Its name.</param>
/// <param name="CreatedAt">Its creation time, UTC.</param>
/// <param name="Distance">How much younger the expired one is, by the times that count for spacing.</param>
public sealed record ExpiryNeighbour(Guid SnapshotId, long ImageId, string SnapshotName, DateTimeOffset CreatedAt, TimeSpan Distance);

/// <summary>
/// A snapshot is to be removed, and why. Appended by the planner (or the Api for a manual removal). Acted on by the pruner worker,
/// which decides again before it deletes.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="ImageId">The image to delete.</param>
/// <param name="SnapshotName">The name it was recorded under.</param>
/// <param name="Plan">The plan that decided.</param>
/// <param name="PlanVersion">The plan's version at that moment.</param>
/// <param name="Rule">The rule as text, <c>INTERVAL:AGE</c>; null for a manual removal.</param>
/// <param name="Interval">The rule's interval; zero for a rule that deletes everything it reaches.</param>
/// <param name="Age">The snapshot's age at the decision.</param>
/// <param name="KeptInstead">The neighbour that was kept instead; null for an interval of zero or a manual removal.</param>
/// <param name="Origin">Whether a rule or a person asked.</param>
/// <param name="DecidedAt">The moment that was decided for, UTC. Replaying the decision at this moment gives the same.</param>
/// <param name="Actor">Who asked, for a manual removal.</param>
/// <param name="Reason">Why, for a manual removal.</param>
public sealed record SnapshotExpired(
    Guid SnapshotId,
    long DropletId,
    long ImageId,
    string SnapshotName,
    string? Plan,
    int? PlanVersion,
    string? Rule,
    TimeSpan? Interval,
    TimeSpan Age,
    ExpiryNeighbour? KeptInstead,
    Origin Origin,
    DateTimeOffset DecidedAt,
    string? Actor = null,
    string? Reason = null);

/// <summary>
/// A guard holds back an expiry that a rule asks for. Recorded when the guard changes, not at every decision.
/// Appended by the planner.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Guard">What holds it.</param>
/// <param name="Detail">In words.</param>
/// <param name="At">When, UTC.</param>
public sealed record ExpiryHeld(Guid SnapshotId, long DropletId, Guard Guard, string Detail, DateTimeOffset At);

/// <summary>
/// An expiry is taken back before anything was deleted; the snapshot lives on and may expire again.
/// Appended by the planner or the pruner worker.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Guard">What took it back.</param>
/// <param name="Why">In words.</param>
/// <param name="At">When, UTC.</param>
public sealed record ExpiryWithdrawn(Guid SnapshotId, long DropletId, Guard Guard, string Why, DateTimeOffset At);

/// <summary>
/// The intent to delete: every guard has passed under the droplet's lock, and the image's identity was read from DigitalOcean.
/// Appended by the pruner worker before the DELETE.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="ImageId">The image that will be deleted.</param>
/// <param name="Attempt">1 for the first attempt.</param>
/// <param name="At">When the intent was written, UTC.</param>
/// <param name="SendBefore">Nobody sends this attempt's DELETE after this moment, UTC.</param>
public sealed record PruneAttempted(Guid SnapshotId, long DropletId, long ImageId, int Attempt, DateTimeOffset At, DateTimeOffset SendBefore);

/// <summary>The image is gone: DigitalOcean answers 404 on its address. The end of the stream. Appended by the pruner worker.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="ImageId">The image.</param>
/// <param name="At">When its absence was seen, UTC.</param>
public sealed record SnapshotPruned(Guid SnapshotId, long DropletId, long ImageId, DateTimeOffset At);

/// <summary>
/// The pruner will not delete this snapshot, for a reason that time does not mend: what is there is not what was recorded, or
/// DigitalOcean refuses. The snapshot is left alone. Appended by the pruner worker. Acted on by the planner, which does not expire it again.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Guard">Which guard refused; null when DigitalOcean did.</param>
/// <param name="Detail">In words.</param>
/// <param name="At">When, UTC.</param>
public sealed record PruneRefused(Guid SnapshotId, long DropletId, Guard? Guard, string Detail, DateTimeOffset At);

/// <summary>The deletion could not be done or not be confirmed yet and will be tried again. Appended by the pruner worker.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="At">When, UTC.</param>
/// <param name="RetryAt">Not before this moment, UTC.</param>
/// <param name="NotDone">Whether the attempt was certainly without effect: it was refused, or not sent. Else it may have had one.</param>
public sealed record PruneDeferred(
    Guid SnapshotId,
    long DropletId,
    string Reason,
    DateTimeOffset At,
    DateTimeOffset RetryAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool NotDone = false);
