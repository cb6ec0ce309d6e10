using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>Whether a droplet runs, as DigitalOcean shows it.</summary>
public enum DropletPower
{
    /// <summary>It is being created, or in a state that says neither.</summary>
    Unknown = 0,

    /// <summary>It runs.</summary>
    Active = 1,

    /// <summary>It is off.</summary>
    Off = 2,

    /// <summary>DigitalOcean does not know it (404).</summary>
    Gone = 3,
}

/// <summary>What is to be sent about a droplet's power.</summary>
public enum PowerCommand
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Ask its system to shut down.</summary>
    Shutdown = 1,

    /// <summary>Cut its power.</summary>
    PowerOff = 2,

    /// <summary>Begin the snapshot that it was shut down for.</summary>
    Snapshot = 3,

    /// <summary>Power it on.</summary>
    PowerOn = 4,
}

/// <summary>The next step of a powered-off snapshot.</summary>
/// <param name="Events">What is written first.</param>
/// <param name="Then">What is sent after that.</param>
public sealed record PowerStep(IReadOnlyList<NewEvent> Events, PowerCommand Then = PowerCommand.None)
{
    /// <summary>Nothing to do but to wait.</summary>
    public static PowerStep Wait { get; } = new([]);
}

/// <summary>
/// The decisions about the power of a droplet whose plan wants its snapshots powered off: shut down, look until it is off, snapshot, power on.
/// What is owed is written before the shutdown is sent and stands until the droplet was seen running, whatever becomes of the snapshot.
/// </summary>
public static class PowerWork
{
    /// <summary>So often a droplet is shut down within a day without a snapshot coming of it, so that a fault does not restart a server all day.</summary>
    public const int MostShutdowns = DropletFacts.MostShutdowns;

    private static readonly TimeSpan ADay = TimeSpan.FromDays(1);

    /// <summary>Whether the droplet's status is to be seen before an attempt is decided.</summary>
    public static bool IsToBeSeenBefore(DropletLedger ledger, Guid snapshotId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.Find(snapshotId) is { Phase: SnapshotPhase.Requested, Consistency: SnapshotConsistency.PoweredOff } s
            && !(s.RetryAt > now)
            && ledger.Droplet is not null;
    }

    /// <summary>
    /// What stands before the attempt at a powered-off snapshot: empty when it may be sent because the droplet is off, null when there is nothing to
    /// do yet, else the events that are written instead.
    /// </summary>
    internal static IReadOnlyList<NewEvent>? Before(DropletLedger ledger, Snapshot s, DropletPower power, DateTimeOffset now, LifecycleTimings timings)
    {
        if (ledger.Droplet is not { } droplet)
        {
            return [Failed(s, "a powered-off snapshot is taken only of droplets in a plan", now, null)];
        }

        if (droplet.Power is { } debt)
        {
            // The follower says when it is off first; somebody may have powered it on since. Once we power it on nothing new begins.
            return debt is { OffAt: not null, OnAttempts: 0 } && power is DropletPower.Off ? [] : null;
        }

        return power switch
        {
            // Somebody wants it to be off: it stays so.
            DropletPower.Off => [],
            DropletPower.Active when ForNothing(ledger, droplet, now) is { Count: >= MostShutdowns } times =>
            [
                Failed(
                    s,
                    $"given up, as the droplet was shut down {times.Count} times within a day for nothing and has its peace until {times[0] + ADay:yyyy-MM-dd'T'HH:mm:ss'Z'}; the last trouble was: {s.Trouble ?? "none"}",
                    now,
                    null),
            ],
            DropletPower.Active => [new NewEvent(droplet.Id, new PowerOnOwed(s.DropletId, s.SnapshotId, now + timings.PowerOnWithin, now))],
            DropletPower.Gone => [Deferred(s, "DigitalOcean does not know the droplet", now, timings)],
            _ => [Deferred(s, "whether the droplet runs cannot be seen", now, timings)],
        };
    }

    /// <summary>The shutdowns of the last day since the newest snapshot.</summary>
    private static List<DateTimeOffset> ForNothing(DropletLedger ledger, DropletFacts droplet, DateTimeOffset now)
    {
        var newest = ledger.Snapshots.Max(s => s.CreatedAt);
        return droplet.Shutdowns.IsDefault ? [] : [.. droplet.Shutdowns.Where(at => at > now - ADay && !(at <= newest))];
    }

    /// <summary>What came of the first shutdown.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="owed">The debt that it was sent after.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    public static IReadOnlyList<NewEvent> RecordShutdown(
        DropletLedger ledger, PowerOnOwed owed, SendOutcome outcome, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(owed);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(timings);
        var snapshotId = owed.SnapshotId;
        if (ledger.Droplet is not { Power: { ShutDownAt: null } debt } droplet || debt.SnapshotId != snapshotId || debt.OwedAt != owed.At)
        {
            return [];
        }

        return outcome switch
        {
            SendOutcome.NotYet o => [Waived(droplet, debt, o.Reason, now), .. Put(o.Reason, o.After)],
            SendOutcome.Failed o => [Waived(droplet, debt, o.Reason, now), .. Put(o.Reason, null)],
            // It may have arrived, or it has: the droplet's status shows.
            _ => [new NewEvent(droplet.Id, new DropletShutDown(droplet.DropletId, snapshotId, now))],
        };

        IEnumerable<NewEvent> Put(string reason, TimeSpan? after) => ledger.Find(snapshotId) is { Phase: SnapshotPhase.Requested } s
            ? [NewEvent.Of(snapshotId, new SnapshotDeferred(snapshotId, s.DropletId, reason, now, now + (after ?? timings.AsLongAgain(now - s.RequestedAt))))]
            : [];
    }

    /// <summary>The next step for a droplet that is owed power.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="power">How the droplet stands.</param>
    /// <param name="action">How the action stands that makes its snapshot; null where there is none or it could not be seen.</param>
    /// <param name="since">Since when it has been seen to stand so, look by look, UTC: one look alone may be an old answer, or a wrong one.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    public static PowerStep Next(
        DropletLedger ledger, DropletPower power, ActionState? action, DateTimeOffset since, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(timings);
        if (ledger.Droplet is not { Power: { } debt } droplet)
        {
            return PowerStep.Wait;
        }

        var s = ledger.Find(debt.SnapshotId);
        return power switch
        {
            DropletPower.Gone => Gone(droplet, debt, now - since, now, timings),
            DropletPower.Unknown => PowerStep.Wait,
            _ when s is { InFlight: true } && IsAtWork(s, debt, action, now, timings) => PowerStep.Wait,
            // It was off and is said to run, which may be an old answer: believed when it is said again.
            DropletPower.Active when debt.OffAt is not null && now - since < timings.RetryFirst => PowerStep.Wait,
            _ when s is { Phase: SnapshotPhase.Requested } && IsStillToBeMade(ledger, s, debt, now, timings) =>
                power is DropletPower.Off ? Snapshot(droplet, debt, now) : ShutDown(droplet, debt, s, now, timings),
            _ => Pay(droplet, debt, power, now, timings),
        };
    }

    /// <summary>
    /// Whether DigitalOcean works on it, or may be about to. What was sent at the last moment has arrived after its time on the way, and from then on the
    /// droplet is powered on: were it being snapshotted, DigitalOcean would refuse.
    /// </summary>
    private static bool IsAtWork(Snapshot s, PowerDebt debt, ActionState? action, DateTimeOffset now, LifecycleTimings timings) => (s.Phase, action) switch
    {
        (SnapshotPhase.Attempted, _) => now <= s.SendBefore + timings.RequestTimeout,
        // One that was accepted a moment ago is not known everywhere yet.
        (_, ActionState.Missing) => now <= s.StartedAt + timings.Settling,
        (_, null) => now <= debt.Deadline,
        _ => action is ActionState.InProgress,
    };

    /// <summary>Whether the droplet is still being shut down, or off, for the sake of a snapshot that waits.</summary>
    private static bool IsStillToBeMade(DropletLedger ledger, Snapshot s, PowerDebt debt, DateTimeOffset now, LifecycleTimings timings)
    {
        if (debt.OnAttempts > 0 || (s.Plan is not null && ledger.Paused))
        {
            return false;
        }

        // What did not begin at once may begin soon; a droplet does not stay off for long for the sake of that.
        var until = debt.OffAt + timings.ShutdownGrace;
        return s.AttemptedAt > debt.OwedAt || s.RetryAt > now
            ? s.RetryAt <= until && now <= until + timings.ShutdownGrace
            : until is null || now <= until;
    }

    private static PowerStep Snapshot(DropletFacts droplet, PowerDebt debt, DateTimeOffset now) => new(
        debt.OffAt is null ? [new NewEvent(droplet.Id, new DropletPoweredOff(droplet.DropletId, debt.SnapshotId, debt.ForcedAt is not null, now))] : [],
        PowerCommand.Snapshot);

    private static PowerStep ShutDown(DropletFacts droplet, PowerDebt debt, Snapshot s, DateTimeOffset now, LifecycleTimings timings)
    {
        if (debt.OffAt is not null)
        {
            return new PowerStep(
            [
                NewEvent.Of(s.SnapshotId, new SnapshotDeferred(
                    s.SnapshotId, s.DropletId, "somebody powered the droplet on before its snapshot had begun", now, now + timings.RetryLongest)),
                new NewEvent(droplet.Id, new DropletPoweredOn(droplet.DropletId, debt.SnapshotId, now)),
            ]);
        }

        if (debt.ForcedAt is { } forcedAt)
        {
            return now <= forcedAt + timings.ShutdownGrace
                ? now < debt.CutAt + timings.RetryFirst ? PowerStep.Wait : Cut(droplet, debt, now)
                : new PowerStep([Failed(s, "the droplet did not go off though its power was cut", now, now + timings.RetryLongest)]);
        }

        if (now <= debt.OwedAt + timings.ShutdownGrace)
        {
            // DigitalOcean has been seen to say that it is done when nothing had happened.
            return now < (debt.ShutDownAt ?? debt.OwedAt + timings.SendWindow) + timings.RetryFirst
                ? PowerStep.Wait
                : new PowerStep([new NewEvent(droplet.Id, new DropletShutDown(droplet.DropletId, debt.SnapshotId, now))], PowerCommand.Shutdown);
        }

        return s.ForcePowerOff is ForcedPowerOff.AfterGrace
            ? Cut(droplet, debt, now)
            : new PowerStep(
                [Failed(s, $"the droplet did not shut down within {timings.ShutdownGrace.TotalMinutes:0.#} min, and its plan does not let its power be cut", now, now + timings.RetryLongest)]);
    }

    private static PowerStep Cut(DropletFacts droplet, PowerDebt debt, DateTimeOffset now) =>
        new([new NewEvent(droplet.Id, new PowerOffForced(droplet.DropletId, debt.SnapshotId, now))], PowerCommand.PowerOff);

    private static PowerStep Pay(DropletFacts droplet, PowerDebt debt, DropletPower power, DateTimeOffset now, LifecycleTimings timings)
    {
        if (power is DropletPower.Active)
        {
            // What was decided last may be sent until then. One that was never seen off may obey it much later, when it has installed its updates: it is watched
            // until shortly before it would be an alarm.
            var arrived = (debt.CutAt ?? debt.ShutDownAt ?? debt.OwedAt) + timings.SendWindow + timings.RequestTimeout;
            return now >= (debt.OffAt is not null ? arrived : Later(arrived + timings.ShutdownGrace + timings.Settling, debt.Deadline - timings.ShutdownGrace))
                ? new PowerStep([new NewEvent(droplet.Id, new DropletPoweredOn(droplet.DropletId, debt.SnapshotId, now))])
                : PowerStep.Wait;
        }

        if (now < debt.OnAttemptedAt + timings.RetryFirst)
        {
            return PowerStep.Wait;
        }

        List<NewEvent> events = [];
        if (debt.OffAt is null)
        {
            events.Add(new NewEvent(droplet.Id, new DropletPoweredOff(droplet.DropletId, debt.SnapshotId, debt.ForcedAt is not null, now)));
        }

        events.Add(new NewEvent(droplet.Id, new PowerOnAttempted(droplet.DropletId, debt.SnapshotId, debt.OnAttempts + 1, now)));
        return new PowerStep(events, PowerCommand.PowerOn);
    }

    /// <summary>
    /// 404 is also what a wrong token gets, and an answer that went astray: it counts when it is said for long, also when the comparison with the account has
    /// missed the droplet, which the same wrong answers make it do. What is written off is never powered on.
    /// </summary>
    private static PowerStep Gone(DropletFacts droplet, PowerDebt debt, TimeSpan forSo, DateTimeOffset now, LifecycleTimings timings) =>
        forSo >= timings.ActionGrace
            ? new PowerStep([Waived(droplet, debt, "the droplet is no more", now)])
            : PowerStep.Wait;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static NewEvent Waived(DropletFacts droplet, PowerDebt debt, string reason, DateTimeOffset now) =>
        new(droplet.Id, new PowerOnWaived(droplet.DropletId, debt.SnapshotId, reason, now));

    private static NewEvent Deferred(Snapshot s, string reason, DateTimeOffset now, LifecycleTimings timings) => NewEvent.Of(
        s.SnapshotId, new SnapshotDeferred(s.SnapshotId, s.DropletId, reason, now, now + timings.AsLongAgain(now - s.RequestedAt)));

    private static NewEvent Failed(Snapshot s, string reason, DateTimeOffset now, DateTimeOffset? retryAt) => NewEvent.Of(
        s.SnapshotId, new SnapshotFailed(s.SnapshotId, s.DropletId, reason, Final: retryAt is null, now, retryAt));
}
