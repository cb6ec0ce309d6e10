using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>What an operator has to know about although everybody goes on working.</summary>
public enum AlarmKind
{
    /// <summary>A droplet has had no complete snapshot for twice the time between two of its plan.</summary>
    NoGoodSnapshot = 0,

    /// <summary>A droplet that was shut down for a snapshot does not run again.</summary>
    LeftPoweredOff = 1,

    /// <summary>A region does not hold a copy that it should have held long ago.</summary>
    TransferOverdue = 2,

    /// <summary>A snapshot that is to go could not be deleted time and again.</summary>
    DeletionFails = 3,

    /// <summary>What is at DigitalOcean is not what was recorded, or may not be deleted: it is left alone for good.</summary>
    LeftAlone = 4,

    /// <summary>A snapshot was deleted by somebody else.</summary>
    Lost = 5,

    /// <summary>A snapshot that a person asked for was given up.</summary>
    GivenUp = 6,

    /// <summary>The removal of a snapshot, which a person asked for, was taken back without having been done.</summary>
    NotRemoved = 7,
}

/// <summary>An alarm.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="DropletId">The droplet it is about.</param>
/// <param name="SnapshotId">The snapshot it is about; null where it is about the droplet.</param>
/// <param name="Since">Since when it is so, UTC.</param>
/// <param name="Text">For people: what is wrong, and with what.</param>
/// <param name="Region">The region that lacks a copy; null where it is about none.</param>
public sealed record Alarm(AlarmKind Kind, long DropletId, Guid? SnapshotId, DateTimeOffset Since, string Text, string? Region = null);

/// <summary>The alarms that are on, by what the log knows.</summary>
public static class Alarms
{
    /// <summary>So many attempts at a deletion are more than a passing trouble.</summary>
    private const int ManyDeletions = 10;

    /// <summary>What happened once, and is no state that lasts, is told for this long.</summary>
    private static readonly TimeSpan ToldFor = TimeSpan.FromDays(1);

    /// <summary>Every alarm that is on, worst first.</summary>
    /// <param name="fleet">What the log knows about every droplet.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long what may take.</param>
    public static IReadOnlyList<Alarm> Of(IReadOnlyList<DropletLedger> fleet, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(timings);
        return
        [
            .. fleet.SelectMany(ledger => (IEnumerable<Alarm>)
                [
                    .. PoweredOff(ledger, now, timings),
                    .. NoGoodSnapshot(ledger, now),
                    .. ledger.Snapshots.SelectMany(s => OfSnapshot(ledger, s, now, timings)),
                ])
                .OrderBy(a => a.Kind is AlarmKind.LeftPoweredOff ? -1 : (int)a.Kind)
                .ThenBy(a => a.Since),
        ];
    }

    private static IEnumerable<Alarm> PoweredOff(DropletLedger ledger, DateTimeOffset now, LifecycleTimings timings)
    {
        // While DigitalOcean works on its snapshot nothing is wrong: a large disk takes hours.
        if (ledger.Droplet is { Power: { } debt }
            && now > debt.Deadline
            && !(ledger.Find(debt.SnapshotId) is { Phase: SnapshotPhase.Started } s && now <= s.StartedAt + timings.SnapshotTimeout))
        {
            yield return new Alarm(
                AlarmKind.LeftPoweredOff,
                ledger.DropletId,
                debt.SnapshotId,
                debt.Deadline,
                $"{Name(ledger)} was shut down for a snapshot at {Words(debt.OwedAt)} and does not run yet; {debt.OnAttempts} power-ons were sent");
        }
    }

    private static IEnumerable<Alarm> NoGoodSnapshot(DropletLedger ledger, DateTimeOffset now)
    {
        if (ledger.Plan is not { } plan || ledger.Paused || plan.Every.Duration <= TimeSpan.Zero)
        {
            yield break;
        }

        var newest = Planning.Members(ledger, plan).Where(s => s.Live && s.ImageId is not null).Max(s => s.CreatedAt);
        // What was promised counts from when it was: since the droplet is in the plan, the plan says what it says, and nothing is paused.
        var since = new[] { newest, ledger.Droplet!.EnrolledAt, ledger.Droplet.ResumedAt, ledger.PlanFacts?.CheckedSince }.Max()!.Value + (2 * plan.Every.Duration);
        if (now > since)
        {
            var trouble = ledger.LastScheduled is { Trouble: { } last } ? $"; the last trouble: {last}" : "";
            yield return new Alarm(
                AlarmKind.NoGoodSnapshot,
                ledger.DropletId,
                null,
                since,
                $"{Name(ledger)} has had no good snapshot {(newest is { } at ? $"since {Words(at)}" : "at all")}, and plan '{plan.Name}' wants one every {plan.Every}{trouble}");
        }
    }

    private static IEnumerable<Alarm> OfSnapshot(DropletLedger ledger, Snapshot s, DateTimeOffset now, LifecycleTimings timings)
    {
        switch (s)
        {
            case { Phase: SnapshotPhase.Failed, Plan: null, Origin: Origin.Manual } when now - s.ChangedAt < ToldFor:
                yield return About(AlarmKind.GivenUp, s, s.ChangedAt, $"snapshot '{s.Name}' of {Name(ledger)}, asked for by hand, was given up: {s.Trouble}");
                break;
            case { Phase: SnapshotPhase.Lost } when now - s.ChangedAt < ToldFor:
                yield return About(AlarmKind.Lost, s, s.ChangedAt, $"snapshot '{s.Name}' of {Name(ledger)} was deleted by somebody else");
                break;
            case { LeftAlone: true, Live: true }:
                yield return About(AlarmKind.LeftAlone, s, s.ChangedAt, $"snapshot '{s.Name}' of {Name(ledger)} is left alone: {s.Trouble}");
                break;
            case { RemovalTakenBack: true, IsComplete: true, Pinned: false } when now - s.ChangedAt < ToldFor && !(s.PruneAttempts >= ManyDeletions && s.HeldBy is Guard.StaleDecision):
                yield return About(
                    AlarmKind.NotRemoved, s, s.ChangedAt, $"snapshot '{s.Name}' of {Name(ledger)} was to be removed by hand and is still there, held by guard {s.HeldBy}");
                break;
            case { PruneAttempts: >= ManyDeletions } when s.Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning || s is { IsComplete: true, HeldBy: Guard.StaleDecision }:
                yield return About(
                    AlarmKind.DeletionFails, s, s.ChangedAt, $"snapshot '{s.Name}' of {Name(ledger)} could not be deleted in {s.PruneAttempts} attempts: {s.Trouble ?? "no answer"}");
                break;
            default:
                break;
        }

        if (!s.IsComplete)
        {
            yield break;
        }

        foreach (var (region, transfer) in s.Transfers.Where(t => IsOverdue(ledger, s, t.Key, t.Value, now, timings)))
        {
            yield return About(
                AlarmKind.TransferOverdue,
                s,
                transfer is { Phase: TransferPhase.Failed, Origin: Origin.Manual } ? transfer.ChangedAt : transfer.RequestedAt + timings.TransferTimeout,
                $"snapshot '{s.Name}' of {Name(ledger)} is not in {region}, where it was to be since {Words(transfer.RequestedAt)}: {transfer.Trouble ?? "it is at work"}") with
            { Region = region };
        }
    }

    private static bool IsOverdue(
        DropletLedger ledger, Snapshot s, string region, RegionTransfer transfer, DateTimeOffset now, LifecycleTimings timings) => transfer.Phase switch
        {
            TransferPhase.Completed => false,
            // What a person asked for and was given up is told at once, and for a day: no plan wants it, and nobody takes it back.
            TransferPhase.Failed when transfer.Origin is Origin.Manual => now - transfer.ChangedAt < ToldFor,
            TransferPhase.Failed => now > transfer.RequestedAt + timings.TransferTimeout,
            _ => now > transfer.RequestedAt + timings.TransferTimeout && TransferWork.IsWanted(ledger, s, region, transfer),
        };

    private static Alarm About(AlarmKind kind, Snapshot s, DateTimeOffset since, string text) => new(kind, s.DropletId, s.SnapshotId, since, text);

    private static string Name(DropletLedger ledger) =>
        ledger.Droplet is { } droplet ? $"droplet '{droplet.Name}' ({ledger.DropletId})" : $"droplet {ledger.DropletId}";

    private static string Words(DateTimeOffset at) => $"{at:yyyy-MM-dd'T'HH:mm:ss'Z'}";
}
