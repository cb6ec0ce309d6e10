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
    /// <summary>So often a droplet is shut down for one snapshot; then that is given up, so that a fault does not restart a server all day.</summary>
    public const int MostShutdowns = 3;

    /// <summary>Whether the droplet's status is to be seen before an attempt is decided.</summary>
    public static bool IsToBeSeenBefore(DropletLedger ledger, Guid snapshotId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.Find(snapshotId) is { Phase: SnapshotPhase.Requested, Consistency: SnapshotConsistency.PoweredOff } s
            && !(s.RetryAt > now)
            && ledger.Droplet is { Power: null };
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
            // The follower, which sees the droplet, says when it is off. Once it is to be powered on again nothing new begins.
            return debt is { OffAt: not null, OnAttempts: 0 } ? [] : null;
        }

        return power switch
        {
            // Somebody wants it to be off: it stays so.
            DropletPower.Off => [],
            DropletPower.Active when droplet.PowerCycles is { } cycles && cycles.SnapshotId == s.SnapshotId && cycles.Times >= MostShutdowns =>
                [Failed(s, $"given up after the droplet was shut down for it {MostShutdowns} times; the last trouble was: {s.Trouble ?? "none"}", now, null)],
            DropletPower.Active => [new NewEvent(droplet.Id, new PowerOnOwed(s.DropletId, s.SnapshotId, now + timings.PowerOnWithin, now))],
            DropletPower.Gone => [Deferred(s, "DigitalOcean does not know the droplet", now, timings)],
            _ => [Deferred(s, "whether the droplet runs cannot be seen", now, timings)],
        };
    }

    /// <summary>What came of the first shutdown.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="snapshotId">The snapshot that it was sent for.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    public static IReadOnlyList<NewEvent> RecordShutdown(
        DropletLedger ledger, Guid snapshotId, SendOutcome outcome, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(timings);
        if (ledger.Droplet is not { Power: { ShutDownAt: null } debt } droplet || debt.SnapshotId != snapshotId)
        {
            return [];
        }

        return outcome switch
        {
            SendOutcome.NotYet o => [Waived(droplet, debt, o.Reason, now), .. Put(o.Reason, now + (o.After ?? timings.RetryFirst))],
            SendOutcome.Failed o => [Waived(droplet, debt, o.Reason, now), .. Put(o.Reason, now + timings.RetryFirst)],
            // It may have arrived, or it has: the droplet's status shows.
            _ => [new NewEvent(droplet.Id, new DropletShutDown(droplet.DropletId, snapshotId, now))],
        };

        IEnumerable<NewEvent> Put(string reason, DateTimeOffset retryAt) => ledger.Find(snapshotId) is { Phase: SnapshotPhase.Requested } s
            ? [NewEvent.Of(snapshotId, new SnapshotDeferred(snapshotId, s.DropletId, reason, now, retryAt))]
            : [];
    }

    /// <summary>The next step for a droplet that is owed power.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="power">How the droplet stands.</param>
    /// <param name="action">How the action stands that makes its snapshot; null where there is none or nobody looked.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    public static PowerStep Next(DropletLedger ledger, DropletPower power, ActionState? action, DateTimeOffset now, LifecycleTimings timings)
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
            DropletPower.Gone => Gone(droplet, debt, now),
            DropletPower.Unknown => PowerStep.Wait,
            _ when s is { InFlight: true } && IsAtWork(s, action, now, timings) => PowerStep.Wait,
            _ when s is { Phase: SnapshotPhase.Requested } && IsStillToBeMade(ledger, s, debt, now, timings) =>
                power is DropletPower.Off ? Snapshot(droplet, debt, now) : ShutDown(droplet, debt, s, now, timings),
            _ => Pay(droplet, debt, power, now, timings),
        };
    }

    /// <summary>
    /// Whether DigitalOcean works on it, or may be about to. What was sent at the last moment has arrived after its time on the way, and from then on the
    /// droplet is powered on: were it being snapshotted, DigitalOcean would refuse.
    /// </summary>
    private static bool IsAtWork(Snapshot s, ActionState? action, DateTimeOffset now, LifecycleTimings timings) => s.Phase is SnapshotPhase.Started
        ? action is null or ActionState.InProgress
        : now <= s.SendBefore + timings.RequestTimeout;

    /// <summary>Whether the droplet is still being shut down, or off, for the sake of a snapshot that waits.</summary>
    private static bool IsStillToBeMade(DropletLedger ledger, Snapshot s, PowerDebt debt, DateTimeOffset now, LifecycleTimings timings)
    {
        if (debt.OnAttempts > 0 || (s.Plan is not null && ledger.Paused))
        {
            return false;
        }

        // What did not begin at once may begin soon; a droplet does not stay off for long for the sake of that.
        var until = debt.OffAt + timings.ShutdownGrace;
        return s.AttemptedAt > debt.OwedAt || s.RetryAt > now ? s.RetryAt <= until : until is null || now <= until;
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
                ? new PowerStep([], PowerCommand.PowerOff)
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
            ? new PowerStep([new NewEvent(droplet.Id, new PowerOffForced(droplet.DropletId, debt.SnapshotId, now))], PowerCommand.PowerOff)
            : new PowerStep(
                [Failed(s, $"the droplet did not shut down within {timings.ShutdownGrace.TotalMinutes:0.#} min, and its plan does not let its power be cut", now, now + timings.RetryLongest)]);
    }

    private static PowerStep Pay(DropletFacts droplet, PowerDebt debt, DropletPower power, DateTimeOffset now, LifecycleTimings timings)
    {
        if (power is DropletPower.Active)
        {
            // One that was never seen off may yet obey a shutdown that it was sent.
            var last = debt.ForcedAt ?? debt.ShutDownAt ?? debt.OwedAt + timings.SendWindow + timings.RequestTimeout;
            return debt.OffAt is not null || now >= last + timings.ShutdownGrace + timings.Settling
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

    /// <summary>404 is also what a wrong token gets: it counts when the comparison with the account misses the droplet too, or after long.</summary>
    private static PowerStep Gone(DropletFacts droplet, PowerDebt debt, DateTimeOffset now) => droplet.Plan is null || now > debt.Deadline
        ? new PowerStep([Waived(droplet, debt, "the droplet is no more", now)])
        : PowerStep.Wait;

    private static NewEvent Waived(DropletFacts droplet, PowerDebt debt, string reason, DateTimeOffset now) =>
        new(droplet.Id, new PowerOnWaived(droplet.DropletId, debt.SnapshotId, reason, now));

    private static NewEvent Deferred(Snapshot s, string reason, DateTimeOffset now, LifecycleTimings timings) => NewEvent.Of(
        s.SnapshotId, new SnapshotDeferred(s.SnapshotId, s.DropletId, reason, now, now + timings.AsLongAgain(now - s.RequestedAt)));

    private static NewEvent Failed(Snapshot s, string reason, DateTimeOffset now, DateTimeOffset? retryAt) => NewEvent.Of(
        s.SnapshotId, new SnapshotFailed(s.SnapshotId, s.DropletId, reason, Final: retryAt is null, now, retryAt));
}
