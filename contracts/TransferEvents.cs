namespace DoSnapshot.Contracts;

/// <summary>
/// A complete snapshot is wanted in one more region. Appended by the planner as soon as the snapshot is complete, or by the Api.
/// Acted on by the transfer worker.
/// </summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="ImageId">DigitalOcean's id of the image.</param>
/// <param name="Region">Slug of the region that shall hold a copy.</param>
/// <param name="Origin">Whether the plan or a person asked.</param>
/// <param name="RequestedAt">When, UTC.</param>
/// <param name="Actor">Who asked, for a manual transfer.</param>
/// <param name="Reason">Why, for a manual transfer.</param>
public sealed record TransferRequested(
    Guid SnapshotId,
    long DropletId,
    long ImageId,
    string Region,
    Origin Origin,
    DateTimeOffset RequestedAt,
    string? Actor = null,
    string? Reason = null);

/// <summary>The intent to send one transfer request, written before the call. Appended by the transfer worker.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Region">The region asked for.</param>
/// <param name="Attempt">1 for the first attempt.</param>
/// <param name="At">When the intent was written, UTC.</param>
/// <param name="SendBefore">Nobody sends this attempt's request after this moment, UTC.</param>
public sealed record TransferAttempted(Guid SnapshotId, long DropletId, string Region, int Attempt, DateTimeOffset At, DateTimeOffset SendBefore);

/// <summary>DigitalOcean accepted the transfer. Appended by the transfer worker.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Region">The region asked for.</param>
/// <param name="ActionId">DigitalOcean's id of the action.</param>
/// <param name="StartedAt">The action's <c>started_at</c>, UTC.</param>
public sealed record TransferStarted(Guid SnapshotId, long DropletId, string Region, long ActionId, DateTimeOffset StartedAt);

/// <summary>The transfer certainly did not start and will be tried again. Appended by the transfer worker.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Region">The region asked for.</param>
/// <param name="Reason">What DigitalOcean answered, in words.</param>
/// <param name="At">When, UTC.</param>
/// <param name="RetryAt">Not before this moment, UTC.</param>
public sealed record TransferDeferred(Guid SnapshotId, long DropletId, string Region, string Reason, DateTimeOffset At, DateTimeOffset RetryAt);

/// <summary>The region holds the image: it stands in the image's own list of regions. Appended by the transfer worker.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Region">The region.</param>
/// <param name="At">When we saw it, UTC.</param>
public sealed record TransferCompleted(Guid SnapshotId, long DropletId, string Region, DateTimeOffset At);

/// <summary>An attempt to transfer failed, or the transfer as a whole did. Appended by the transfer worker. Acted on by the planner.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Region">The region asked for.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Final">True when it will not be tried again by itself.</param>
/// <param name="At">When, UTC.</param>
/// <param name="RetryAt">The next attempt is not before this moment, UTC; null when final.</param>
public sealed record TransferFailed(
    Guid SnapshotId,
    long DropletId,
    string Region,
    string Reason,
    bool Final,
    DateTimeOffset At,
    DateTimeOffset? RetryAt = null);
