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

    /// <summary>So many decisions that nobody could act on are more than a pruner that was away for a while.</summary>
    private const int ManyStale = 3;

    /// <summary>DigitalOcean needs 1 to 3 minutes for each GB.</summary>
    private static readonly TimeSpan ForEachGigabyte = TimeSpan.FromMinutes(3);

    /// <summary>A snapshot of a droplet of which no other is known may take this long while it is off.</summary>
    private static readonly TimeSpan FirstOffFor = TimeSpan.FromHours(6);

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
            && !(ledger.Find(debt.SnapshotId) is { Phase: SnapshotPhase.Started } s && now <= s.StartedAt + OffFor(ledger, timings)))
        {
            yield return new Alarm(
                AlarmKind.LeftPoweredOff,
                ledger.DropletId,
                debt.SnapshotId,
                debt.Deadline,
                $"{Name(ledger)} was shut down for a snapshot at {Words(debt.OwedAt)} and does not run yet; {debt.OnAttempts} power-ons were sent");
        }
    }

    /// <summary>How long a droplet may be off while it is snapshotted: as long as its last snapshot's size says, and one that hangs is told.</summary>
    private static TimeSpan OffFor(DropletLedger ledger, LifecycleTimings timings)
    {
        var last = ledger.Snapshots.Where(s => s.ImageId is not null).MaxBy(s => s.CreatedAt)?.SizeGigabytes;
        var expected = last is { } size ? (ForEachGigabyte * (double)size) + timings.PowerOnWithin : FirstOffFor;
        return expected < timings.SnapshotTimeout ? expected : timings.SnapshotTimeout;
    }

    private static IEnumerable<Alarm> NoGoodSnapshot(DropletLedger ledger, DateTimeOffset now)
    {
        if (Promise.Of(ledger) is { } promise && now > promise.BrokenAt)
        {
            var trouble = ledger.LastScheduled is { Trouble: { } last } ? $"; the last trouble: {last}" : "";
            yield return new Alarm(
                AlarmKind.NoGoodSnapshot,
                ledger.DropletId,
                null,
                promise.BrokenAt,
                $"{Name(ledger)} has had no good snapshot {(promise.Newest is { } at ? $"since {Words(at)}" : "at all")}, and plan '{ledger.Plan!.Name}' wants one every {ledger.Plan.Every}{trouble}");
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
            // Where it goes on, it is decided anew within the hour; where it does not, the rules keep it by now.
            case { StaleExpiries: >= ManyStale, Live: true } when now - s.ChangedAt < 3 * timings.ExpiryValidFor:
                yield return About(
                    AlarmKind.DeletionFails, s, s.ChangedAt, $"snapshot '{s.Name}' of {Name(ledger)} was to be deleted {s.StaleExpiries} times, and it never came to that: {s.Trouble ?? "nobody did it in time"}");
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
                transfer is { Phase: TransferPhase.Failed, Origin: Origin.Manual }
                    ? $"a copy of snapshot '{s.Name}' of {Name(ledger)} in {region}, asked for by hand, was given up: {transfer.Trouble}; this is told until {Words(transfer.ChangedAt + ToldFor)}"
                    : $"snapshot '{s.Name}' of {Name(ledger)} is not in {region}, where it was to be since {Words(transfer.RequestedAt)}: {transfer.Trouble ?? "it is at work"}") with
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
