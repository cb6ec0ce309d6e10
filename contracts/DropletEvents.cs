namespace DoSnapshot.Contracts;

/// <summary>A droplet with a plan's tag was seen: the plan applies to it from now on. Appended by the planner's reconciliation.</summary>
/// <param name="DropletId">DigitalOcean's id, and the identity of the droplet's stream.</param>
/// <param name="DropletName">Its name.</param>
/// <param name="Plan">The plan.</param>
/// <param name="At">When it was seen, UTC.</param>
public sealed record DropletEnrolled(long DropletId, string DropletName, string Plan, DateTimeOffset At);

/// <summary>
/// A droplet bears another name. Its snapshots stay under management: they are known by id, and names made from any name it ever had are its own.
/// Appended by the planner's reconciliation.
/// </summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="OldName">The name until now.</param>
/// <param name="NewName">The name from now on.</param>
/// <param name="At">When it was seen, UTC.</param>
public sealed record DropletRenamed(long DropletId, string OldName, string NewName, DateTimeOffset At);

/// <summary>
/// A droplet lost the tag or is gone: no more requests, and its snapshots stay as they are. Appended by the planner's reconciliation; once more when one that has
/// left its plan is gone, since that it is gone is noted nowhere else.
/// </summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="Plan">The plan that it left.</param>
/// <param name="Reason">In words.</param>
/// <param name="At">When it was seen, UTC.</param>
public sealed record DropletWithdrawn(long DropletId, string Plan, string Reason, DateTimeOffset At);

/// <summary>
/// A droplet carries the tags of several plans, which is a mistake: it stays in one of them, which goes on taking snapshots of it, and nothing of it
/// expires by rule until it is mended. Appended by the planner's reconciliation when the plans are others than before.
/// </summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="Plans">The plans that claim it.</param>
/// <param name="At">When it was seen, UTC.</param>
public sealed record PlansOverlapped(long DropletId, IReadOnlyList<string> Plans, DateTimeOffset At);

/// <summary>The droplet carries the tag of one plan alone again. Appended by the planner's reconciliation.</summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="At">When it was seen, UTC.</param>
public sealed record OverlapResolved(long DropletId, DateTimeOffset At);

/// <summary>No requests and no expiries for this droplet until it is resumed. Appended by the Api.</summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="Actor">Who paused it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record DropletPaused(long DropletId, string Actor, string Reason, DateTimeOffset At);

/// <summary>The plan applies to this droplet again. Appended by the Api.</summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="Actor">Who resumed it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record DropletResumed(long DropletId, string Actor, string Reason, DateTimeOffset At);

/// <summary>
/// We owe this droplet power: written before the shutdown, paid by <see cref="DropletPoweredOn"/>, whatever happens in between.
/// Appended and acted on by the snapshot worker.
/// </summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="SnapshotId">The snapshot it is for.</param>
/// <param name="Deadline">An alarm is due when it is not back by then, UTC.</param>
/// <param name="At">When, UTC.</param>
public sealed record PowerOnOwed(long DropletId, Guid SnapshotId, DateTimeOffset Deadline, DateTimeOffset At);

/// <summary>
/// A shutdown was sent to the droplet for a powered-off snapshot, or may have been: its answer was lost. It is sent again while the droplet takes no
/// notice. Appended and acted on by the snapshot worker.
/// </summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="SnapshotId">The snapshot it is for.</param>
/// <param name="At">When, UTC.</param>
public sealed record DropletShutDown(long DropletId, Guid SnapshotId, DateTimeOffset At);

/// <summary>
/// The droplet did not shut down within the grace period, and its plan allows to cut its power: written before that is sent. Appended and acted on by
/// the snapshot worker.
/// </summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="SnapshotId">The snapshot it is for.</param>
/// <param name="At">When, UTC.</param>
public sealed record PowerOffForced(long DropletId, Guid SnapshotId, DateTimeOffset At);

/// <summary>The droplet is off, seen by its status. Appended and acted on by the snapshot worker.</summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="SnapshotId">The snapshot it is for.</param>
/// <param name="Forced">True when it was switched off after the grace period instead of shutting down by itself.</param>
/// <param name="At">When, UTC.</param>
public sealed record DropletPoweredOff(long DropletId, Guid SnapshotId, bool Forced, DateTimeOffset At);

/// <summary>The intent to send one power-on: written before the call. Appended and acted on by the snapshot worker.</summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="SnapshotId">The snapshot it was off for.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="At">When, UTC.</param>
public sealed record PowerOnAttempted(long DropletId, Guid SnapshotId, int Attempt, DateTimeOffset At);

/// <summary>The droplet runs again, seen by its status. Appended by the snapshot worker.</summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="SnapshotId">The snapshot it was off for.</param>
/// <param name="At">When, UTC.</param>
public sealed record DropletPoweredOn(long DropletId, Guid SnapshotId, DateTimeOffset At);

/// <summary>
/// We owe this droplet no power after all: the shutdown certainly had no effect, or the droplet is no more. Appended by the snapshot worker.
/// </summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="SnapshotId">The snapshot it would have been off for.</param>
/// <param name="Reason">In words.</param>
/// <param name="At">When, UTC.</param>
public sealed record PowerOnWaived(long DropletId, Guid SnapshotId, string Reason, DateTimeOffset At);
