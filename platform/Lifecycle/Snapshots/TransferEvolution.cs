using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Snapshots;

/// <summary>Folds the events of a snapshot's transfers into its state.</summary>
internal static class TransferEvolution
{
    public static Snapshot Apply(Snapshot s, object @event) => @event switch
    {
        // A second request for a region that was given up, or is still waiting, starts afresh.
        TransferRequested e => With(s, e.Region, _ => new RegionTransfer(TransferPhase.Requested, e.RequestedAt, e.RequestedAt), e.RequestedAt),
        TransferAttempted e => With(
            s,
            e.Region,
            t => t with
            {
                Phase = TransferPhase.Attempted,
                Attempts = e.Attempt,
                AttemptedAt = e.At,
                SendBefore = e.SendBefore,
                ActionId = null,
                StartedAt = null,
                RetryAt = null,
                ChangedAt = e.At,
            },
            e.At),
        TransferStarted e => With(
            s,
            e.Region,
            t => t with { Phase = TransferPhase.Started, ActionId = e.ActionId, StartedAt = e.StartedAt, Trouble = null, ChangedAt = e.StartedAt },
            e.StartedAt),
        TransferDeferred e => With(
            s, e.Region, t => t with { Phase = TransferPhase.Requested, RetryAt = e.RetryAt, Trouble = e.Reason, ChangedAt = e.At }, e.At),
        TransferFailed e => With(
            s,
            e.Region,
            t => t with
            {
                Phase = e.Final ? TransferPhase.Failed : TransferPhase.Requested,
                RetryAt = e.RetryAt,
                Trouble = e.Reason,
                ChangedAt = e.At,
            },
            e.At),
        TransferCompleted e => With(
            s with { Regions = s.Regions.Add(e.Region) },
            e.Region,
            t => t with { Phase = TransferPhase.Completed, RetryAt = null, Trouble = null, ChangedAt = e.At },
            e.At),
        _ => s,
    };

    private static Snapshot With(Snapshot s, string region, Func<RegionTransfer, RegionTransfer> change, DateTimeOffset at)
    {
        var transfer = s.Transfers.GetValueOrDefault(region) ?? new RegionTransfer(TransferPhase.Requested, at, at);
        return s with { Transfers = s.Transfers.SetItem(region, change(transfer)), ChangedAt = at };
    }
}
