using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Snapshots;

/// <summary>Folds the events of a snapshot's transfers into its state.</summary>
internal static class TransferEvolution
{
    public static Snapshot Apply(Snapshot s, object @event) => @event switch
    {
        // A second request for a region that was given up starts afresh; one for what still waits, is at work or is done adds nothing, and must
        // not make an attempt whose outcome is unknown look as if it had never been.
        TransferRequested e => s.Transfers.GetValueOrDefault(e.Region) is { Phase: not TransferPhase.Failed } && !IsMissingAgain(s, e.Region)
            ? Claimed(s, e)
            : With(s, e.Region, _ => new RegionTransfer(TransferPhase.Requested, e.RequestedAt, e.RequestedAt, Origin: e.Origin), e.RequestedAt),
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

    /// <summary>Copies that wait for a later moment wait for this one; those that were given up start afresh.</summary>
    public static Snapshot Retried(Snapshot s, DateTimeOffset at)
    {
        var transfers = s.Transfers;
        foreach (var (region, t) in s.Transfers)
        {
            transfers = t switch
            {
                { Phase: TransferPhase.Requested } when t.RetryAt > at => transfers.SetItem(region, t with { RetryAt = at, ChangedAt = at }),
                { Phase: TransferPhase.Failed } => transfers.SetItem(region, new RegionTransfer(TransferPhase.Requested, at, at, RetryAt: at, Origin: t.Origin)),
                _ => transfers,
            };
        }

        return ReferenceEquals(transfers, s.Transfers) ? s : s with { Transfers = transfers, ChangedAt = at };
    }

    /// <summary>Done once, and not there: the image was lost and found again.</summary>
    private static bool IsMissingAgain(Snapshot s, string region) =>
        s.Transfers.GetValueOrDefault(region) is { Phase: TransferPhase.Completed } && !s.Regions.Contains(region);

    /// <summary>What a person asks for is wanted from then on, whatever the plan does.</summary>
    private static Snapshot Claimed(Snapshot s, TransferRequested e) => e.Origin is Origin.Manual
        ? s with { Transfers = s.Transfers.SetItem(e.Region, s.Transfers[e.Region] with { Origin = Origin.Manual }) }
        : s;

    private static Snapshot With(Snapshot s, string region, Func<RegionTransfer, RegionTransfer> change, DateTimeOffset at)
    {
        var transfer = s.Transfers.GetValueOrDefault(region) ?? new RegionTransfer(TransferPhase.Requested, at, at);
        return s with { Transfers = s.Transfers.SetItem(region, change(transfer)), ChangedAt = at };
    }
}
