using System.Text.Json.Serialization;

namespace DoSnapshot.Contracts;

/// <summary>Who asked for a snapshot, a transfer or a removal.</summary>
public enum Origin
{
    /// <summary>The plan's schedule or its retention rules.</summary>
    Plan = 0,

    /// <summary>A person or a program outside, by command. The event names the actor and the reason.</summary>
    Manual = 1,
}

/// <summary>
/// A snapshot of a droplet is wanted. It starts the snapshot's stream.
/// Appended by the planner when a plan's occurrence is due, by the Api for a manual command, or by the snapshot worker
/// when the message came from outside. Acted on by the snapshot worker.
/// </summary>
/// <param name="SnapshotId">Our own id of the snapshot, and the identity of its stream. Derived (UUID v5) for scheduled snapshots.</param>
/// <param name="DropletId">DigitalOcean's id of the droplet.</param>
/// <param name="DropletName">The droplet's name when the snapshot was asked for.</param>
/// <param name="SnapshotName">The name that the image will bear at DigitalOcean. All attempts use the same.</param>
/// <param name="Plan">The plan's name; null for a manual snapshot that belongs to none.</param>
/// <param name="Origin">Whether the schedule or a person asked.</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
/// <param name="Occurrence">The moment of the schedule that this snapshot answers, UTC; null when the plan counts elapsed time.</param>
/// <param name="PlanVersion">The version of the plan that asked.</param>
/// <param name="SkippedOccurrences">How many earlier occurrences went by without a snapshot, for which this one stands in.</param>
/// <param name="Actor">Who asked, for a manual snapshot.</param>
/// <param name="Reason">Why, for a manual snapshot.</param>
/// <param name="Consistency">Whether the droplet runs while it is taken.</param>
/// <param name="ForcePowerOff">What becomes of a droplet that does not shut down for it in time.</param>
public sealed record SnapshotRequested(
    Guid SnapshotId,
    long DropletId,
    string DropletName,
    string SnapshotName,
    string? Plan,
    Origin Origin,
    DateTimeOffset RequestedAt,
    DateTimeOffset? Occurrence = null,
    int? PlanVersion = null,
    int SkippedOccurrences = 0,
    string? Actor = null,
    string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] SnapshotConsistency Consistency = SnapshotConsistency.Live,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ForcedPowerOff ForcePowerOff = ForcedPowerOff.Never);

/// <summary>
/// The intent to send one snapshot request to DigitalOcean: written before the call, so that a crash in between is found by looking.
/// Appended by the snapshot worker. Acted on by nobody.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Attempt">1 for the first attempt.</param>
/// <param name="At">When the intent was written, UTC.</param>
/// <param name="SendBefore">Nobody sends this attempt's request after this moment, UTC.</param>
public sealed record SnapshotAttempted(Guid SnapshotId, long DropletId, int Attempt, DateTimeOffset At, DateTimeOffset SendBefore);

/// <summary>DigitalOcean accepted the request and works on it. Appended by the snapshot worker.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="ActionId">DigitalOcean's id of the action; above 2^31 nowadays.</param>
/// <param name="StartedAt">The action's <c>started_at</c>, UTC, which becomes the image's <c>created_at</c> (observed).</param>
/// <param name="Provisional">
/// True when the action was found by looking after an unknown outcome. An action bears no name, so it counts as ours only once an image
/// with our exact name is listed.
/// </param>
public sealed record SnapshotStarted(Guid SnapshotId, long DropletId, long ActionId, DateTimeOffset StartedAt, bool Provisional = false);

/// <summary>
/// The request certainly did not happen and will be tried again: the droplet was busy, or the API asked to wait.
/// Appended by the snapshot worker; the planner's sweep sends the request again at <paramref name="RetryAt"/>.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Reason">What DigitalOcean answered, in words.</param>
/// <param name="At">When, UTC.</param>
/// <param name="RetryAt">Not before this moment, UTC.</param>
public sealed record SnapshotDeferred(Guid SnapshotId, long DropletId, string Reason, DateTimeOffset At, DateTimeOffset RetryAt);

/// <summary>
/// The image is listed at DigitalOcean under its name. Appended by the snapshot worker (or by the planner's reconciliation, when it is the
/// first to see it). Acted on by the planner, which asks for the transfers.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="ImageId">DigitalOcean's id of the image, which is also its id as a snapshot.</param>
/// <param name="SizeGigabytes">Billable size in GB.</param>
/// <param name="Regions">The regions that hold it.</param>
/// <param name="CreatedAt">DigitalOcean's <c>created_at</c>, UTC: the moment that counts for the age.</param>
/// <param name="At">When we saw it, UTC.</param>
public sealed record SnapshotCompleted(
    Guid SnapshotId,
    long DropletId,
    long ImageId,
    decimal SizeGigabytes,
    IReadOnlyList<string> Regions,
    DateTimeOffset CreatedAt,
    DateTimeOffset At);

/// <summary>An attempt failed, or the snapshot as a whole did. Appended by the snapshot worker or the planner. Acted on by the planner.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Final">True when it will not be tried again: given up, or superseded by the next occurrence.</param>
/// <param name="At">When, UTC.</param>
/// <param name="RetryAt">The next attempt is not before this moment, UTC; null when final.</param>
/// <param name="Uncertain">
/// True when it was concluded by looking, and not from an answer, that the attempt had no effect. Should the effect show later after all, the next
/// attempt must not double it.
/// </param>
public sealed record SnapshotFailed(
    Guid SnapshotId, long DropletId, string Reason, bool Final, DateTimeOffset At, DateTimeOffset? RetryAt = null, bool Uncertain = false);

/// <summary>
/// A snapshot with the plan's prefix was found at DigitalOcean: made by do-snapshot.py, by hand or by an earlier installation.
/// It starts a stream, or brings a lost one back. Appended by the planner's reconciliation.
/// </summary>
/// <param name="SnapshotId">Our id, derived from the image's.</param>
/// <param name="DropletId">The droplet it was taken of.</param>
/// <param name="DropletName">The droplet's name when it was found.</param>
/// <param name="ImageId">DigitalOcean's id of the image.</param>
/// <param name="SnapshotName">Its name at DigitalOcean.</param>
/// <param name="Plan">The plan that takes it over.</param>
/// <param name="SizeGigabytes">Billable size in GB.</param>
/// <param name="Regions">The regions that hold it.</param>
/// <param name="CreatedAt">DigitalOcean's <c>created_at</c>, UTC.</param>
/// <param name="At">When it was found, UTC.</param>
public sealed record SnapshotDiscovered(
    Guid SnapshotId,
    long DropletId,
    string DropletName,
    long ImageId,
    string SnapshotName,
    string Plan,
    decimal SizeGigabytes,
    IReadOnlyList<string> Regions,
    DateTimeOffset CreatedAt,
    DateTimeOffset At);

/// <summary>
/// A snapshot is gone though we did not delete it: absent from two reconciliations and answered with 404 on its own address.
/// Reversible: <see cref="SnapshotDiscovered"/> on the same stream brings it back. Appended by the planner's reconciliation.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="ImageId">The image that is gone.</param>
/// <param name="At">When its absence was certain, UTC.</param>
public sealed record SnapshotLost(Guid SnapshotId, long DropletId, long ImageId, DateTimeOffset At);

/// <summary>A snapshot must not be deleted by any rule. Appended by the Api, read by planner and pruner.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Actor">Who pinned it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record SnapshotPinned(Guid SnapshotId, long DropletId, string Actor, string Reason, DateTimeOffset At);

/// <summary>The pin is taken off again. Appended by the Api, read by planner and pruner.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Actor">Who took it off.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record SnapshotUnpinned(Guid SnapshotId, long DropletId, string Actor, string Reason, DateTimeOffset At);

/// <summary>
/// A person wants what waits of a snapshot to be tried at once: the snapshot itself, its copies, its removal. A copy that was given up is wanted again,
/// and where a removal was refused for good, the rules look at the snapshot again. What is at work is not touched.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Actor">Who wants it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC: what waited for a later moment waits for this one.</param>
public sealed record RetryRequested(Guid SnapshotId, long DropletId, string Actor, string Reason, DateTimeOffset At);
