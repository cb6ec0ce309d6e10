using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>
/// The snapshot worker's decisions: intent before the request, outcome after it, and following the action to its end. A repeated or late
/// message finds the snapshot past the point it speaks of and gives no events.
/// </summary>
public static class SnapshotWork
{
    /// <summary>
    /// Whether it is to be looked before the next attempt if an earlier one has made the image after all, or somebody whom the log does not know.
    /// </summary>
    public static bool IsToBeLookedForBefore(Snapshot snapshot, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot is { Phase: SnapshotPhase.Requested } && (snapshot.Uncertain || Unlogged.IsToBeLookedForBefore(snapshot, now)) && !(snapshot.RetryAt > now);
    }

    /// <summary>The intent to send a request now; empty when there is nothing to send.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    /// <param name="listed">The droplet's listed images, where <see cref="IsToBeLookedForBefore"/> says so: one with our name ends it.</param>
    /// <param name="power">Whether the droplet runs, where <see cref="PowerWork.IsToBeSeenBefore"/> says so.</param>
    /// <param name="actions">The droplet's snapshot actions, where <see cref="Unlogged.IsToBeLookedForBefore"/> says so.</param>
    public static IReadOnlyList<NewEvent> Begin(
        DropletLedger ledger,
        Guid snapshotId,
        DateTimeOffset now,
        LifecycleTimings timings,
        IReadOnlyList<ObservedSnapshot>? listed = null,
        DropletPower power = DropletPower.Unknown,
        IReadOnlyList<ObservedAction>? actions = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(timings);
        if (ledger.Find(snapshotId) is not { Phase: SnapshotPhase.Requested } s || s.RetryAt > now)
        {
            return [];
        }

        if (s.Uncertain && Ours(listed ?? [], s, ledger, timings) is { } image)
        {
            return [Completed(s, image, now)];
        }

        // What waits rests in a pause; what is at work goes on. A person who asks for one in a pause gets it.
        if (s.Plan is not null && ledger.Paused)
        {
            return [];
        }

        // Nobody would ever supersede it: a droplet that is gone would be asked once an hour for ever.
        if (s.Plan is not null && !string.Equals(s.Plan, ledger.Plan?.Name, StringComparison.Ordinal))
        {
            return
            [
                NewEvent.Of(snapshotId, new SnapshotFailed(
                    snapshotId, s.DropletId, $"the droplet no longer belongs to plan '{s.Plan}'", Final: true, now)),
            ];
        }

        // No next occurrence takes the place of one that belongs to no plan.
        if (s.Plan is null && now - s.RequestedAt > timings.ManualTimeout)
        {
            return
            [
                NewEvent.Of(snapshotId, new SnapshotFailed(
                    snapshotId, s.DropletId, $"not made within {timings.ManualTimeout.TotalHours:0} h; the last trouble was: {s.Trouble ?? "none"}", Final: true, now)),
            ];
        }

        if (ledger.Snapshots.FirstOrDefault(o => o.InFlight && o.SnapshotId != snapshotId) is { } other)
        {
            return
            [
                NewEvent.Of(snapshotId, new SnapshotDeferred(
                    snapshotId,
                    s.DropletId,
                    $"snapshot '{other.Name}' of the same droplet is in flight",
                    now,
                    now + timings.AsLongAgain(now - s.RequestedAt))),
            ];
        }

        if (ledger.Droplet is { Power: { } debt } && debt.SnapshotId != snapshotId)
        {
            return
            [
                NewEvent.Of(snapshotId, new SnapshotDeferred(
                    snapshotId, s.DropletId, "the droplet is off, or on its way there, for another snapshot", now, now + timings.AsLongAgain(now - s.RequestedAt))),
            ];
        }

        if (Unlogged.IsToBeLookedForBefore(s, now) && Unlogged.Reason(ledger, s, listed ?? [], actions ?? [], now, timings) is { } unlogged)
        {
            return [NewEvent.Of(snapshotId, new SnapshotDeferred(snapshotId, s.DropletId, unlogged, now, now + timings.AsLongAgain(now - s.RequestedAt)))];
        }

        if (s.Consistency is SnapshotConsistency.PoweredOff && PowerWork.Before(ledger, s, power, now, timings) is var before and not [])
        {
            return before ?? [];
        }

        return [NewEvent.Of(snapshotId, new SnapshotAttempted(snapshotId, s.DropletId, s.Attempts + 1, now, now + timings.SendWindow))];
    }

    /// <summary>What came of the attempt; empty when its outcome is unknown, or when somebody else has found it out already.</summary>
    public static IReadOnlyList<NewEvent> Record(
        DropletLedger ledger, Guid snapshotId, int attempt, SendOutcome outcome, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(timings);
        if (ledger.Find(snapshotId) is not { Phase: SnapshotPhase.Attempted } s || s.Attempts != attempt)
        {
            return [];
        }

        return outcome switch
        {
            SendOutcome.Started o => [NewEvent.Of(snapshotId, new SnapshotStarted(snapshotId, s.DropletId, o.ActionId, o.StartedAt))],
            SendOutcome.NotYet o =>
                [NewEvent.Of(snapshotId, new SnapshotDeferred(snapshotId, s.DropletId, o.Reason, now, now + (o.After ?? Backoff())))],
            SendOutcome.Failed o => [Failed(s, o.Reason, o.Final, now, timings)],
            _ => [],
        };

        // A droplet that is off for it does not wait for ever longer.
        TimeSpan Backoff() => ledger.Droplet?.Power?.SnapshotId == snapshotId ? timings.RetryFirst : timings.Backoff(attempt);
    }

    /// <summary>
    /// DigitalOcean refused an attempt because the droplet is busy: with the snapshot of an earlier one, perhaps, which was taken for not having
    /// arrived. An action that began since the request and that nobody knows is adopted until it is seen whose it was.
    /// </summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="attempt">The attempt that was refused.</param>
    /// <param name="actions">The droplet's snapshot actions.</param>
    /// <param name="clockOffset">How far DigitalOcean's clock is ahead of ours.</param>
    /// <param name="timings">How long to wait for what.</param>
    public static IReadOnlyList<NewEvent> AdoptBusy(
        DropletLedger ledger,
        Guid snapshotId,
        int attempt,
        IReadOnlyList<ObservedAction> actions,
        TimeSpan clockOffset,
        LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(timings);
        return ledger.Find(snapshotId) is { Phase: SnapshotPhase.Attempted, Uncertain: true } s && s.Attempts == attempt
            && Unknown(ledger, actions).FirstOrDefault(a =>
                a.State is ActionState.InProgress && a.StartedAt >= timings.Earliest(s.RequestedAt, clockOffset)) is { } found
            ? [Adopted(s, found)]
            : [];
    }

    /// <summary>Whether it is time to look what became of an attempt whose outcome is unknown.</summary>
    public static bool IsToBeLookedFor(Snapshot snapshot, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(timings);
        return snapshot is { Phase: SnapshotPhase.Attempted, SendBefore: { } sendBefore } && now >= timings.SettledAt(sendBefore);
    }

    /// <summary>
    /// What became of an attempt whose outcome was unknown: the image with our name, else an action that started since and belongs to nobody
    /// we know, else nothing happened and it may be sent again.
    /// </summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="actions">The droplet's snapshot actions.</param>
    /// <param name="listed">The droplet's listed images, or at least those with our exact name.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    /// <param name="clockOffset">How far DigitalOcean's clock, which stamps the actions, is ahead of ours, which stamped the attempt.</param>
    public static IReadOnlyList<NewEvent> Settle(
        DropletLedger ledger,
        Guid snapshotId,
        IReadOnlyList<ObservedAction> actions,
        IReadOnlyList<ObservedSnapshot> listed,
        DateTimeOffset now,
        LifecycleTimings timings,
        TimeSpan clockOffset = default)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        if (ledger.Find(snapshotId) is not { } s || !IsToBeLookedFor(s, now, timings))
        {
            return [];
        }

        if (Ours(listed, s, ledger, timings) is { } image)
        {
            return [Completed(s, image, now)];
        }

        var (from, to) = (timings.Earliest(s.AttemptedAt!.Value, clockOffset), timings.Latest(s.SendBefore!.Value + timings.RequestTimeout, clockOffset));
        var found = Unknown(ledger, actions).FirstOrDefault(a =>
            a.State is ActionState.InProgress or ActionState.Completed && a.StartedAt >= from && a.StartedAt <= to);
        return found is null
            ? [Failed(s, "the request did not arrive at DigitalOcean", now, now + timings.Backoff(s.Attempts), uncertain: true)]
            : [Adopted(s, found)];
    }

    /// <summary>The actions that belong to no snapshot we know, oldest first.</summary>
    private static IEnumerable<ObservedAction> Unknown(DropletLedger ledger, IReadOnlyList<ObservedAction> actions)
    {
        var known = ledger.Snapshots.Select(o => o.ActionId).ToHashSet();
        return actions.Where(a => !known.Contains(a.ActionId)).OrderBy(a => a.StartedAt);
    }

    private static NewEvent Adopted(Snapshot s, ObservedAction action) => NewEvent.Of(
        s.SnapshotId, new SnapshotStarted(s.SnapshotId, s.DropletId, action.ActionId, action.StartedAt, Provisional: true));

    /// <summary>How a started snapshot goes on.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="state">How its action stands.</param>
    /// <param name="listed">The droplet's listed images, or at least those with our exact name.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    public static IReadOnlyList<NewEvent> Follow(
        DropletLedger ledger,
        Guid snapshotId,
        ActionState state,
        IReadOnlyList<ObservedSnapshot> listed,
        DateTimeOffset now,
        LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(timings);
        if (ledger.Find(snapshotId) is not { Phase: SnapshotPhase.Started, StartedAt: { } startedAt } s)
        {
            return [];
        }

        // A completed action is not enough, and a missing one does not matter once the image is there.
        if (state is not ActionState.InProgress && Ours(listed, s, ledger, timings) is { } image)
        {
            return [Completed(s, image, now)];
        }

        var age = now - startedAt;
        return state switch
        {
            ActionState.Errored => [Failed(s, "DigitalOcean reports that the snapshot failed", final: false, now, timings)],
            // The action may have ended a moment ago, and its image be listed the next: the attempt is over, and another not made before it
            // would be seen. Reconciliation takes the image in when it appears.
            ActionState.Missing when age > timings.ActionGrace =>
                [Failed(s, "DigitalOcean no longer knows the action, and no image bears the name", now, now + timings.ListingGrace, uncertain: true)],
            // An adopted action without our image was somebody else's. Our own has made an image that may yet be listed: only after days is it asked
            // for again, unless the next occurrence has taken its place by then. Reconciliation takes the image in when it appears.
            ActionState.Completed when age > timings.ListingGrace && s.Provisional =>
                [Failed(s, "the action that was found was not ours: no image bears the name", now, now + timings.ListingGrace, uncertain: true)],
            ActionState.Completed when age > timings.SnapshotTimeout =>
                [Failed(s, "the action completed, but the image was never listed", now, now + timings.RetryLongest, uncertain: true)],
            ActionState.InProgress when age > timings.SnapshotTimeout =>
                [Failed(s, $"it did not end within {timings.SnapshotTimeout.TotalHours:0} h", now, now + timings.RetryLongest, uncertain: true)],
            _ => [],
        };
    }

    /// <summary>The event that says that the image is there.</summary>
    internal static NewEvent Completed(Snapshot s, ObservedSnapshot listed, DateTimeOffset now) => NewEvent.Of(
        s.SnapshotId,
        new SnapshotCompleted(s.SnapshotId, s.DropletId, listed.ImageId, listed.SizeGigabytes, [.. listed.Regions], listed.CreatedAt, now));

    /// <summary>
    /// Whether a listed image is what this snapshot has made: it bears the name and is nobody else's, since do-snapshot.py gives the same name
    /// in the same second. A name that a person gave may have been given before: then it is no older than the request either.
    /// </summary>
    internal static bool IsOf(ObservedSnapshot listed, Snapshot s, DropletLedger ledger, LifecycleTimings timings) =>
        string.Equals(listed.Name, s.Name, StringComparison.Ordinal)
        && (s.Plan is not null || listed.CreatedAt >= s.RequestedAt - timings.ClockSkew)
        && !ledger.Snapshots.Any(o => o.ImageId == listed.ImageId && o.SnapshotId != s.SnapshotId);

    /// <summary>
    /// The listed image that this snapshot has made. Names are made to be unique, but need not be: of several, the one that began with our action.
    /// </summary>
    private static ObservedSnapshot? Ours(
        IReadOnlyList<ObservedSnapshot> listed, Snapshot s, DropletLedger ledger, LifecycleTimings timings) => listed
        .Where(image => IsOf(image, s, ledger, timings))
        .OrderBy(image => ((s.StartedAt ?? s.AttemptedAt ?? s.RequestedAt) - image.CreatedAt).Duration())
        .ThenBy(image => image.ImageId)
        .FirstOrDefault();

    private static NewEvent Failed(Snapshot s, string reason, bool final, DateTimeOffset now, LifecycleTimings timings) =>
        Failed(s, reason, now, final ? null : now + timings.Backoff(s.Attempts));

    private static NewEvent Failed(Snapshot s, string reason, DateTimeOffset now, DateTimeOffset? retryAt, bool uncertain = false) => NewEvent.Of(
        s.SnapshotId, new SnapshotFailed(s.SnapshotId, s.DropletId, reason, Final: retryAt is null, now, retryAt, uncertain));
}
