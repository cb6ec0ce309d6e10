using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>The transfer worker's decisions, region by region. A transfer is done when the image's own list of regions says so.</summary>
public static class TransferWork
{
    /// <summary>So many attempts are made as promptly as DigitalOcean, or the token's budget, asks.</summary>
    private const int MostPrompt = 3;

    /// <summary>Whether it is seen before an attempt what copies of the image are at work: an earlier one may have arrived, later than anybody looked.</summary>
    public static bool IsToBeLookedForBefore(DropletLedger ledger, Guid snapshotId, string region, DateTimeOffset now) =>
        Find(ledger, snapshotId, region, TransferPhase.Requested) is var (s, t) && s.IsComplete && t.Attempts > 0 && !(t.RetryAt > now) && IsWanted(ledger, s, region, t);

    /// <summary>The intent to send a transfer request now; empty when there is nothing to send.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="region">The region.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    /// <param name="actions">The image's transfer actions, where they were looked at: one to this region that is at work is taken for ours, and nothing is sent.</param>
    public static IReadOnlyList<NewEvent> Begin(
        DropletLedger ledger, Guid snapshotId, string region, DateTimeOffset now, LifecycleTimings timings, IReadOnlyList<ObservedAction>? actions = null)
    {
        ArgumentNullException.ThrowIfNull(timings);
        // An expired snapshot is not copied any more; if the expiry is withdrawn, the request is still there.
        if (Find(ledger, snapshotId, region, TransferPhase.Requested) is not var (s, t) || !s.IsComplete || t.RetryAt > now
            || !IsWanted(ledger, s, region, t))
        {
            return [];
        }

        if (s.Regions.Contains(region))
        {
            return [NewEvent.Of(snapshotId, new TransferCompleted(snapshotId, s.DropletId, region, now))];
        }

        var attempted = NewEvent.Of(snapshotId, new TransferAttempted(snapshotId, s.DropletId, region, t.Attempts + 1, now, now + timings.SendWindow));
        return actions?.Where(a => a.State is ActionState.InProgress && string.Equals(a.Region, region, StringComparison.Ordinal)).MinBy(a => a.StartedAt) is { } running
            ? [attempted, NewEvent.Of(snapshotId, new TransferStarted(snapshotId, s.DropletId, region, running.ActionId, running.StartedAt))]
            : [attempted];
    }

    /// <summary>What came of the attempt; empty when its outcome is unknown, or when somebody else has found it out already.</summary>
    public static IReadOnlyList<NewEvent> Record(
        DropletLedger ledger, Guid snapshotId, string region, int attempt, SendOutcome outcome, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(timings);
        if (Find(ledger, snapshotId, region, TransferPhase.Attempted) is not var (s, t) || t.Attempts != attempt)
        {
            return [];
        }

        return outcome switch
        {
            SendOutcome.Started o => [NewEvent.Of(snapshotId, new TransferStarted(snapshotId, s.DropletId, region, o.ActionId, o.StartedAt))],
            SendOutcome.NotYet o =>
            [
                NewEvent.Of(snapshotId, new TransferDeferred(
                    snapshotId, s.DropletId, region, o.Reason, now, now + Wait(o.After))),
            ],
            SendOutcome.Failed o => [Failed(s, region, t, o.Reason, o.Final, now, timings)],
            _ => [],
        };

        // Where many copies wait for few requests, one that is told to come back in some seconds is told so again: ever less often, or it fills the log.
        TimeSpan Wait(TimeSpan? after) => (after, attempt) switch
        {
            (null, _) => timings.Backoff(attempt),
            ({ } asked, > MostPrompt) when timings.Backoff(attempt - MostPrompt) is var longer && longer > asked => longer,
            ({ } asked, _) => asked,
        };
    }

    /// <summary>The attempt was refused because the region holds the image already.</summary>
    public static IReadOnlyList<NewEvent> AlreadyThere(DropletLedger ledger, Guid snapshotId, string region, int attempt, DateTimeOffset now) =>
        Find(ledger, snapshotId, region, TransferPhase.Attempted) is var (s, t) && t.Attempts == attempt
            ? [NewEvent.Of(snapshotId, new TransferCompleted(snapshotId, s.DropletId, region, now))]
            : [];

    /// <summary>Whether it is time to look what became of an attempt whose outcome is unknown.</summary>
    public static bool IsToBeLookedFor(RegionTransfer transfer, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        ArgumentNullException.ThrowIfNull(timings);
        return transfer is { Phase: TransferPhase.Attempted, SendBefore: { } sendBefore } && now >= timings.SettledAt(sendBefore);
    }

    /// <summary>What became of an attempt whose outcome was unknown.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="region">The region.</param>
    /// <param name="actions">The image's transfer actions.</param>
    /// <param name="image">The image as it is; null when it is not there.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    /// <param name="clockOffset">How far DigitalOcean's clock, which stamps the actions, is ahead of ours, which stamped the attempt.</param>
    public static IReadOnlyList<NewEvent> Settle(
        DropletLedger ledger,
        Guid snapshotId,
        string region,
        IReadOnlyList<ObservedAction> actions,
        ObservedSnapshot? image,
        DateTimeOffset now,
        LifecycleTimings timings,
        TimeSpan clockOffset = default)
    {
        ArgumentNullException.ThrowIfNull(timings);
        if (Find(ledger, snapshotId, region, TransferPhase.Attempted) is not var (s, t) || !IsToBeLookedFor(t, now, timings))
        {
            return [];
        }

        if (image?.Regions.Contains(region) == true)
        {
            return [NewEvent.Of(snapshotId, new TransferCompleted(snapshotId, s.DropletId, region, now))];
        }

        // Where DigitalOcean does not say to which region an action copies, it may be that of another.
        var others = s.Transfers.Where(o => !string.Equals(o.Key, region, StringComparison.Ordinal)).Select(o => o.Value.ActionId).ToHashSet();
        var found = actions
            .Where(a => !others.Contains(a.ActionId) && a.State is ActionState.InProgress or ActionState.Completed
                && t.AttemptedAt is { } attemptedAt && a.StartedAt >= timings.Earliest(attemptedAt, clockOffset)
                && (a.Region is null || string.Equals(a.Region, region, StringComparison.Ordinal)))
            .OrderBy(a => a.StartedAt)
            .FirstOrDefault();
        return found is null
            ? [Failed(s, region, t, "the request did not arrive at DigitalOcean", final: false, now, timings)]
            : [NewEvent.Of(snapshotId, new TransferStarted(snapshotId, s.DropletId, region, found.ActionId, found.StartedAt))];
    }

    /// <summary>How a started transfer goes on.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="region">The region.</param>
    /// <param name="state">How its action stands.</param>
    /// <param name="image">The image as it is; null when it was not looked at or is not there.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    public static IReadOnlyList<NewEvent> Follow(
        DropletLedger ledger,
        Guid snapshotId,
        string region,
        ActionState state,
        ObservedSnapshot? image,
        DateTimeOffset now,
        LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(timings);
        if (Find(ledger, snapshotId, region, TransferPhase.Started) is not var (s, t) || t.StartedAt is not { } startedAt)
        {
            return [];
        }

        // A region may be listed before it holds the image: where the copy failed, that counts for nothing.
        if (image?.Regions.Contains(region) == true && state is not (ActionState.InProgress or ActionState.Errored))
        {
            return [NewEvent.Of(snapshotId, new TransferCompleted(snapshotId, s.DropletId, region, now))];
        }

        var age = now - startedAt;
        return state switch
        {
            ActionState.Errored => [Failed(s, region, t, "DigitalOcean reports that the transfer failed", final: false, now, timings)],
            ActionState.Missing when age > timings.ActionGrace =>
                [Failed(s, region, t, "DigitalOcean no longer knows the action", final: false, now, timings)],
            ActionState.Completed when age > timings.TransferTimeout =>
                [Failed(s, region, t, "the action completed, but the region does not hold the image", final: false, now, timings)],
            ActionState.InProgress when age > timings.TransferTimeout =>
                [Failed(s, region, t, $"it did not end within {timings.TransferTimeout.TotalHours:0} h", final: false, now, timings)],
            _ => [],
        };
    }

    /// <summary>
    /// Whether a transfer that waits is still wanted. What the plan asked for rests while the droplet is in no plan, or the plan has dropped the
    /// region: it would else be tried once an hour for ever.
    /// </summary>
    internal static bool IsWanted(DropletLedger ledger, Snapshot s, string region, RegionTransfer transfer) =>
        transfer.Origin is Origin.Manual
        || (ledger.Plan is { } plan && string.Equals(plan.Name, s.Plan, StringComparison.Ordinal) && plan.Regions.Contains(region, StringComparer.Ordinal));

    private static (Snapshot Snapshot, RegionTransfer Transfer)? Find(DropletLedger ledger, Guid snapshotId, string region, TransferPhase phase)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.Find(snapshotId) is { Live: true } s && s.Transfers.GetValueOrDefault(region) is { } t && t.Phase == phase ? (s, t) : null;
    }

    private static NewEvent Failed(
        Snapshot s, string region, RegionTransfer t, string reason, bool final, DateTimeOffset now, LifecycleTimings timings) => NewEvent.Of(
            s.SnapshotId,
            new TransferFailed(s.SnapshotId, s.DropletId, region, reason, final, now, final ? null : now + timings.Backoff(t.Attempts)));
}
