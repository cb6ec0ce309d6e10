using DoSnapshot.Contracts;

namespace DoSnapshot.EventLog;

/// <summary>
/// Every event of the log with the name it is stored under. A name never changes, whatever happens to the record's own; a new event is
/// added at the end.
/// </summary>
public static class EventTypes
{
    /// <summary>The stored names by record.</summary>
    public static IReadOnlyDictionary<Type, string> Aliases { get; } = new Dictionary<Type, string>
    {
        [typeof(SnapshotRequested)] = "snapshot_requested",
        [typeof(SnapshotAttempted)] = "snapshot_attempted",
        [typeof(SnapshotStarted)] = "snapshot_started",
        [typeof(SnapshotDeferred)] = "snapshot_deferred",
        [typeof(SnapshotCompleted)] = "snapshot_completed",
        [typeof(SnapshotFailed)] = "snapshot_failed",
        [typeof(SnapshotDiscovered)] = "snapshot_discovered",
        [typeof(SnapshotLost)] = "snapshot_lost",
        [typeof(SnapshotPinned)] = "snapshot_pinned",
        [typeof(SnapshotUnpinned)] = "snapshot_unpinned",
        [typeof(TransferRequested)] = "transfer_requested",
        [typeof(TransferAttempted)] = "transfer_attempted",
        [typeof(TransferStarted)] = "transfer_started",
        [typeof(TransferDeferred)] = "transfer_deferred",
        [typeof(TransferCompleted)] = "transfer_completed",
        [typeof(TransferFailed)] = "transfer_failed",
        [typeof(SnapshotExpired)] = "snapshot_expired",
        [typeof(ExpiryHeld)] = "expiry_held",
        [typeof(ExpiryWithdrawn)] = "expiry_withdrawn",
        [typeof(PruneAttempted)] = "prune_attempted",
        [typeof(SnapshotPruned)] = "snapshot_pruned",
        [typeof(PruneRefused)] = "prune_refused",
        [typeof(PruneDeferred)] = "prune_deferred",
        [typeof(PlanChanged)] = "plan_changed",
        [typeof(PlanPaused)] = "plan_paused",
        [typeof(PlanResumed)] = "plan_resumed",
        [typeof(BrakeApplied)] = "brake_applied",
        [typeof(BrakeReleased)] = "brake_released",
        [typeof(AccountBound)] = "account_bound",
        [typeof(DropletEnrolled)] = "droplet_enrolled",
        [typeof(DropletRenamed)] = "droplet_renamed",
        [typeof(DropletWithdrawn)] = "droplet_withdrawn",
        [typeof(DropletPaused)] = "droplet_paused",
        [typeof(DropletResumed)] = "droplet_resumed",
        [typeof(DropletShutDown)] = "droplet_shut_down",
        [typeof(DropletPoweredOff)] = "droplet_powered_off",
        [typeof(PowerOnOwed)] = "power_on_owed",
        [typeof(DropletPoweredOn)] = "droplet_powered_on",
        [typeof(PlanRemoved)] = "plan_removed",
        [typeof(PlansApplied)] = "plans_applied",
        [typeof(PlansOverlapped)] = "plans_overlapped",
        [typeof(OverlapResolved)] = "overlap_resolved",
    };

    /// <summary>The droplet that an event is about; null when it is about none.</summary>
    public static long? DropletOf(object @event) => @event switch
    {
        SnapshotRequested e => e.DropletId,
        SnapshotAttempted e => e.DropletId,
        SnapshotStarted e => e.DropletId,
        SnapshotDeferred e => e.DropletId,
        SnapshotCompleted e => e.DropletId,
        SnapshotFailed e => e.DropletId,
        SnapshotDiscovered e => e.DropletId,
        SnapshotLost e => e.DropletId,
        SnapshotPinned e => e.DropletId,
        SnapshotUnpinned e => e.DropletId,
        TransferRequested e => e.DropletId,
        TransferAttempted e => e.DropletId,
        TransferStarted e => e.DropletId,
        TransferDeferred e => e.DropletId,
        TransferCompleted e => e.DropletId,
        TransferFailed e => e.DropletId,
        SnapshotExpired e => e.DropletId,
        ExpiryHeld e => e.DropletId,
        ExpiryWithdrawn e => e.DropletId,
        PruneAttempted e => e.DropletId,
        SnapshotPruned e => e.DropletId,
        PruneRefused e => e.DropletId,
        PruneDeferred e => e.DropletId,
        DropletEnrolled e => e.DropletId,
        DropletRenamed e => e.DropletId,
        DropletWithdrawn e => e.DropletId,
        DropletPaused e => e.DropletId,
        DropletResumed e => e.DropletId,
        DropletShutDown e => e.DropletId,
        DropletPoweredOff e => e.DropletId,
        PowerOnOwed e => e.DropletId,
        DropletPoweredOn e => e.DropletId,
        PlansOverlapped e => e.DropletId,
        OverlapResolved e => e.DropletId,
        BrakeApplied e => e.DropletId,
        BrakeReleased e => e.DropletId,
        _ => null,
    };
}
