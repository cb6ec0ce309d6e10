using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Snapshots;

/// <summary>Folds the events of a snapshot's stream into its state. An event of another kind changes nothing but the count.</summary>
public static class SnapshotEvolution
{
    /// <summary>The state after one more event of the stream.</summary>
    /// <exception cref="InvalidOperationException">The stream begins with an event that cannot start one.</exception>
    public static Snapshot Evolve(Snapshot? state, string stream, object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var next = state is null ? Start(stream, @event) : Apply(state, @event);
        return next with
        {
            Version = (state?.Version ?? 0) + 1,
            Live = IsLive(next),
            Working = IsLive(next) && (next.InFlight || next.Transferring),
        };
    }

    private static bool IsLive(Snapshot s) => s.Phase is not (SnapshotPhase.Pruned or SnapshotPhase.Failed or SnapshotPhase.Lost);

    private static Snapshot Start(string stream, object @event) => @event switch
    {
        SnapshotRequested e => new Snapshot
        {
            Id = stream,
            SnapshotId = e.SnapshotId,
            DropletId = e.DropletId,
            DropletName = e.DropletName,
            Name = e.SnapshotName,
            Plan = e.Plan,
            Origin = e.Origin,
            Scheduled = e.Origin is Origin.Plan,
            RequestedAt = e.RequestedAt,
            Occurrence = e.Occurrence,
            Consistency = e.Consistency,
            ForcePowerOff = e.ForcePowerOff,
            Phase = SnapshotPhase.Requested,
            ChangedAt = e.RequestedAt,
        },
        SnapshotDiscovered e => Found(
            new Snapshot
            {
                Id = stream,
                SnapshotId = e.SnapshotId,
                DropletId = e.DropletId,
                DropletName = e.DropletName,
                Name = e.SnapshotName,
                Plan = e.Plan,
                Discovered = true,
                RequestedAt = e.CreatedAt,
            },
            e),
        _ => throw new InvalidOperationException($"Stream {stream} begins with {@event.GetType().Name}, which cannot start a snapshot."),
    };

    private static Snapshot Apply(Snapshot s, object @event) => @event switch
    {
        SnapshotAttempted e => s with
        {
            Phase = SnapshotPhase.Attempted,
            Attempts = e.Attempt,
            AttemptedAt = e.At,
            SendBefore = e.SendBefore,
            RetryAt = null,
            ActionId = null,
            StartedAt = null,
            Provisional = false,
            ChangedAt = e.At,
        },
        SnapshotStarted e => s with
        {
            Phase = SnapshotPhase.Started,
            ActionId = e.ActionId,
            StartedAt = e.StartedAt,
            Provisional = e.Provisional,
            Trouble = null,
            ChangedAt = e.StartedAt,
        },
        SnapshotDeferred e => s with { Phase = SnapshotPhase.Requested, RetryAt = e.RetryAt, Trouble = e.Reason, ChangedAt = e.At },
        SnapshotFailed e => s with
        {
            Phase = e.Final ? SnapshotPhase.Failed : SnapshotPhase.Requested,
            Uncertain = s.Uncertain || e.Uncertain,
            RetryAt = e.RetryAt,
            Trouble = e.Reason,
            ChangedAt = e.At,
        },
        SnapshotCompleted e => s with
        {
            Phase = SnapshotPhase.Complete,
            ImageId = e.ImageId,
            SizeGigabytes = e.SizeGigabytes,
            Regions = [.. e.Regions],
            CreatedAt = e.CreatedAt,
            Provisional = false,
            RetryAt = null,
            Trouble = null,
            ChangedAt = e.At,
        },
        SnapshotDiscovered e => Found(s, e),
        SnapshotLost e => s with { Phase = SnapshotPhase.Lost, RetryAt = null, Expiry = null, ChangedAt = e.At },
        SnapshotPinned => s with { Pinned = true },
        SnapshotUnpinned => s with { Pinned = false },
        RetryRequested e => Retried(s, e.At),
        TransferRequested or TransferAttempted or TransferStarted or TransferDeferred or TransferCompleted or TransferFailed =>
            TransferEvolution.Apply(s, @event),
        _ => ApplyExpiry(s, @event),
    };

    private static Snapshot ApplyExpiry(Snapshot s, object @event) => @event switch
    {
        SnapshotExpired e => s with
        {
            Phase = SnapshotPhase.Expired,
            HeldBy = null,
            RemovalTakenBack = false,
            RetryAt = null,
            Trouble = null,
            ChangedAt = e.DecidedAt,
            Expiry = new Expiry(e.Origin, e.Rule, e.PlanVersion, e.DecidedAt),
        },
        ExpiryHeld e => s with { HeldBy = e.Guard, ChangedAt = e.At },
        ExpiryWithdrawn e => s with
        {
            Phase = SnapshotPhase.Complete,
            RemovalTakenBack = s.Expiry is { Origin: Origin.Manual },
            StaleExpiries = e.Guard is Guard.StaleDecision && s.Phase is SnapshotPhase.Expired ? s.StaleExpiries + 1 : 0,
            Expiry = null,
            HeldBy = e.Guard,
            RetryAt = null,
            ChangedAt = e.At,
        },
        PruneAttempted e => s with
        {
            Phase = SnapshotPhase.Pruning,
            PruneAttempts = e.Attempt,
            StaleExpiries = 0,
            AttemptedAt = e.At,
            SendBefore = e.SendBefore,
            RetryAt = null,
            ChangedAt = e.At,
        },
        PruneDeferred e => s with
        {
            PrunesNotDone = e.NotDone ? s.PrunesNotDone + 1 : s.PrunesNotDone,
            RetryAt = e.RetryAt,
            Trouble = e.Reason,
            ChangedAt = e.At,
        },
        PruneRefused e => s with
        {
            Phase = SnapshotPhase.Complete,
            LeftAlone = true,
            HeldBy = e.Guard,
            Expiry = null,
            RetryAt = null,
            Trouble = e.Detail,
            ChangedAt = e.At,
        },
        SnapshotPruned e => s with { Phase = SnapshotPhase.Pruned, RetryAt = null, Trouble = null, ChangedAt = e.At },
        _ => s,
    };

    /// <summary>
    /// What waits for a later moment waits for this one, and what was left alone is so no longer. Not a deletion that was sent: what it waits for may be
    /// that the last request's effect would show.
    /// </summary>
    private static Snapshot Retried(Snapshot s, DateTimeOffset at)
    {
        var next = TransferEvolution.Retried(s, at);
        next = s.Phase is SnapshotPhase.Requested or SnapshotPhase.Expired && s.RetryAt > at ? next with { RetryAt = at, ChangedAt = at } : next;
        return s.LeftAlone ? next with { LeftAlone = false, HeldBy = null, Trouble = null, ChangedAt = at } : next;
    }

    private static Snapshot Found(Snapshot s, SnapshotDiscovered e) => s with
    {
        Phase = SnapshotPhase.Complete,
        ImageId = e.ImageId,
        Name = e.SnapshotName,
        SizeGigabytes = e.SizeGigabytes,
        Regions = [.. e.Regions],
        CreatedAt = e.CreatedAt,
        Expiry = null,
        HeldBy = null,
        LeftAlone = false,
        RetryAt = null,
        Trouble = null,
        ChangedAt = e.At,
    };
}
