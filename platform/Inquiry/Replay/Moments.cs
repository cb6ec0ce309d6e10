using DoSnapshot.Contracts;

namespace DoSnapshot.Inquiry.Replay;

/// <summary>When what an event tells of happened, by the clock of whoever wrote it.</summary>
public static class Moments
{
    /// <summary>The moment, UTC; null for an event of a kind that is not known here.</summary>
    public static DateTimeOffset? Of(object @event) => OfSnapshot(@event) ?? OfTransfer(@event) ?? OfExpiry(@event) ?? OfDroplet(@event) ?? OfPlan(@event);

    private static DateTimeOffset? OfSnapshot(object @event) => @event switch
    {
        SnapshotRequested e => e.RequestedAt,
        SnapshotAttempted e => e.At,
        SnapshotStarted e => e.StartedAt,
        SnapshotDeferred e => e.At,
        SnapshotCompleted e => e.At,
        SnapshotFailed e => e.At,
        SnapshotDiscovered e => e.At,
        SnapshotLost e => e.At,
        SnapshotPinned e => e.At,
        SnapshotUnpinned e => e.At,
        RetryRequested e => e.At,
        _ => null,
    };

    private static DateTimeOffset? OfTransfer(object @event) => @event switch
    {
        TransferRequested e => e.RequestedAt,
        TransferAttempted e => e.At,
        TransferStarted e => e.StartedAt,
        TransferDeferred e => e.At,
        TransferCompleted e => e.At,
        TransferFailed e => e.At,
        _ => null,
    };

    private static DateTimeOffset? OfExpiry(object @event) => @event switch
    {
        SnapshotExpired e => e.DecidedAt,
        ExpiryHeld e => e.At,
        ExpiryWithdrawn e => e.At,
        PruneAttempted e => e.At,
        SnapshotPruned e => e.At,
        PruneRefused e => e.At,
        PruneDeferred e => e.At,
        _ => null,
    };

    private static DateTimeOffset? OfDroplet(object @event) => @event switch
    {
        DropletEnrolled e => e.At,
        DropletRenamed e => e.At,
        DropletWithdrawn e => e.At,
        DropletPaused e => e.At,
        DropletResumed e => e.At,
        DropletShutDown e => e.At,
        DropletPoweredOff e => e.At,
        PowerOnOwed e => e.At,
        PowerOffForced e => e.At,
        PowerOnAttempted e => e.At,
        PowerOnWaived e => e.At,
        DropletPoweredOn e => e.At,
        PlansOverlapped e => e.At,
        OverlapResolved e => e.At,
        _ => null,
    };

    private static DateTimeOffset? OfPlan(object @event) => @event switch
    {
        PlanChanged e => e.At,
        PlanRemoved e => e.At,
        PlansApplied e => e.At,
        PlanPaused e => e.At,
        PlanResumed e => e.At,
        BrakeApplied e => e.At,
        BrakeReleased e => e.At,
        AccountBound e => e.At,
        DropletsUncovered e => e.At,
        _ => null,
    };
}
