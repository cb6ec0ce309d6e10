using System.Collections.Immutable;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Status;

/// <summary>How a droplet stands, worst first.</summary>
public enum DropletCondition
{
    /// <summary>An alarm is on: no good snapshot in time, left powered off, a copy or a deletion that fails.</summary>
    Alarm = 0,

    /// <summary>A snapshot or a copy of it waits for another try, or the last snapshot was given up.</summary>
    Trouble = 1,

    /// <summary>Several plans claim it: nothing of it expires.</summary>
    Overlap = 2,

    /// <summary>A snapshot or a copy of it is due or at work.</summary>
    Working = 3,

    /// <summary>All that its plan wants is there.</summary>
    Good = 4,

    /// <summary>It, or its plan, is paused.</summary>
    Paused = 5,

    /// <summary>It is in no plan; it has snapshots.</summary>
    Unplanned = 6,
}

/// <summary>A snapshot that is asked for and not complete.</summary>
/// <param name="SnapshotId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Phase">Where it is.</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="RetryAt">Not tried again before this moment, UTC; null where nothing is waited for.</param>
/// <param name="Trouble">What went wrong last; null for nothing.</param>
/// <param name="Origin">Whether the schedule or a person asked.</param>
public sealed record PendingSnapshot(
    Guid SnapshotId, string Name, SnapshotPhase Phase, DateTimeOffset RequestedAt, int Attempts, DateTimeOffset? RetryAt, string? Trouble, Origin Origin);

/// <summary>A copy that is wanted and not there.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Name">Its name.</param>
/// <param name="Region">The region that lacks it.</param>
/// <param name="Phase">Where the transfer is; null where none is asked for yet.</param>
/// <param name="RetryAt">Not tried again before this moment, UTC; null where nothing is waited for.</param>
/// <param name="Trouble">What went wrong last; null for nothing.</param>
public sealed record PendingTransfer(Guid SnapshotId, string Name, string Region, TransferPhase? Phase, DateTimeOffset? RetryAt, string? Trouble);

/// <summary>A complete snapshot, shortly.</summary>
/// <param name="SnapshotId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Age">How long ago that is.</param>
public sealed record GoodSnapshot(Guid SnapshotId, string Name, DateTimeOffset CreatedAt, TimeSpan Age);

/// <summary>How one droplet and its snapshots stand.</summary>
public sealed record DropletStatus
{
    /// <summary>DigitalOcean's id.</summary>
    public required long DropletId { get; init; }

    /// <summary>Its name, as last seen.</summary>
    public required string Name { get; init; }

    /// <summary>Its plan; null for none.</summary>
    public string? Plan { get; init; }

    /// <summary>The plans that it is in no more, or that were removed, and whose rules go on for its snapshots.</summary>
    public ImmutableArray<LeftPlan> LeftPlans { get; init; } = [];

    /// <summary>How it stands as a whole.</summary>
    public DropletCondition Condition { get; init; }

    /// <summary>The time between its snapshots; null without a plan.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>The newest complete snapshot; null for none.</summary>
    public GoodSnapshot? LastGood { get; init; }

    /// <summary>When the next is due, UTC: in the past for one that is due and not there; null without a plan, or paused.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>What is asked for and not complete, oldest first.</summary>
    public ImmutableArray<PendingSnapshot> Pending { get; init; } = [];

    /// <summary>The copies that are wanted and not there.</summary>
    public ImmutableArray<PendingTransfer> Transfers { get; init; } = [];

    /// <summary>Why the last scheduled snapshot was given up; null where it was not.</summary>
    public string? Failure { get; init; }

    /// <summary>The alarms that are on for it, worst first.</summary>
    public ImmutableArray<Alarm> Alarms { get; init; } = [];

    /// <summary>How many complete snapshots it has.</summary>
    public int Snapshots { get; init; }

    /// <summary>Their billable size in GB; copies in more regions cost nothing.</summary>
    public decimal Gigabytes { get; init; }

    /// <summary>How many are to go and are not gone.</summary>
    public int Going { get; init; }

    /// <summary>How many a rule lets go and a guard holds.</summary>
    public int Held { get; init; }

    /// <summary>How many are pinned.</summary>
    public int Pinned { get; init; }

    /// <summary>The status of a droplet.</summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="alarms">The alarms that are on for it.</param>
    /// <param name="now">The moment, UTC.</param>
    public static DropletStatus Of(DropletLedger ledger, ImmutableArray<Alarm> alarms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var complete = ledger.Snapshots.Where(s => s.IsComplete).ToList();
        var newest = complete.Where(s => s.CreatedAt is not null).MaxBy(s => s.CreatedAt);
        var last = ledger.LastScheduled;
        var status = new DropletStatus
        {
            DropletId = ledger.DropletId,
            Name = ledger.Droplet?.Name ?? ledger.Snapshots.LastOrDefault()?.DropletName ?? "",
            Plan = ledger.Plan?.Name,
            LeftPlans = LeftPlan.Of(ledger),
            Every = ledger.Plan?.Every.Duration,
            LastGood = newest is null ? null : new GoodSnapshot(newest.SnapshotId, newest.Name, newest.CreatedAt!.Value, now - newest.CreatedAt.Value),
            NextDue = ledger.Plan is { } plan && !ledger.Paused ? DueOf(ledger, plan, newest, now) : null,
            Pending = [.. ledger.Snapshots.Where(s => s.InFlight || s.Phase is SnapshotPhase.Requested).Select(Waiting)],
            Transfers = [.. TransfersOf(ledger, complete)],
            Failure = last is { Phase: SnapshotPhase.Failed } && !(newest?.CreatedAt > last.ChangedAt) && !IsAnswered(ledger, last) ? last.Trouble : null,
            Alarms = alarms,
            Snapshots = complete.Count,
            Gigabytes = complete.Sum(s => s.SizeGigabytes),
            Going = ledger.Snapshots.ExpiredNotGone().Count(),
            Held = MayHold(ledger, complete) ? Expiring.Holds(ledger, now).Count : 0,
            Pinned = complete.Count(s => s.Pinned),
        };
        return status with { Condition = ConditionOf(status, ledger) };
    }

    /// <summary>
    /// Whether something may be held: where nothing expires, or what a guard holds was told of. Nothing else is, once the planner has decided; to judge every droplet of a fleet
    /// for it takes as long as all the rest.
    /// </summary>
    private static bool MayHold(DropletLedger ledger, List<Snapshot> complete) =>
        ledger.Overlaps || ledger.Paused || ledger.OrphanPlans.Any(ledger.IsPaused) || complete.Exists(s => s.HeldBy is not null || s.LeftAlone);

    private static DropletCondition ConditionOf(DropletStatus s, DropletLedger ledger) => s switch
    {
        { Alarms.IsEmpty: false } => DropletCondition.Alarm,
        { Failure: not null } => DropletCondition.Trouble,
        _ when s.Pending.Any(p => p.Trouble is not null) || s.Transfers.Any(t => t.Trouble is not null) => DropletCondition.Trouble,
        _ when ledger.Overlaps => DropletCondition.Overlap,
        _ when ledger.Paused => DropletCondition.Paused,
        { Pending.IsEmpty: false } or { Transfers.IsEmpty: false } => DropletCondition.Working,
        { Plan: null } => DropletCondition.Unplanned,
        // It is asked for at any moment, and until then nothing is there.
        { LastGood: null, NextDue: not null } => DropletCondition.Working,
        _ => DropletCondition.Good,
    };

    /// <summary>One that was given up because another answered its occurrence is no failure.</summary>
    private static bool IsAnswered(DropletLedger ledger, Snapshot failed) =>
        failed.Occurrence is { } occurrence && ledger.Snapshots.Any(s => s.IsComplete && s.CreatedAt >= occurrence);

    private static DateTimeOffset DueOf(DropletLedger ledger, Plan plan, Snapshot? newest, DateTimeOffset now)
    {
        if (plan.Timing is PlanTiming.Elapsed)
        {
            return newest?.CreatedAt is { } made ? made + plan.Every.Duration : now;
        }

        var schedule = new AnchoredSchedule(plan, ledger.DropletId);
        var latest = schedule.Latest(now);
        var isAnswered = ledger.Snapshots.Any(s =>
            s.Live && string.Equals(s.Plan, plan.Name, StringComparison.Ordinal) && (s.CreatedAt >= latest || (s.Occurrence >= latest && s.IsComplete)));
        return isAnswered ? schedule.Next(now) : latest;
    }

    private static PendingSnapshot Waiting(Snapshot s) => new(s.SnapshotId, s.Name, s.Phase, s.RequestedAt, s.Attempts, s.RetryAt, s.Trouble, s.Origin);

    private static IEnumerable<PendingTransfer> TransfersOf(DropletLedger ledger, List<Snapshot> complete)
    {
        var wanted = ledger.Plan is { } plan ? complete.AwaitingRegions(plan).ToDictionary(p => p.Snapshot.SnapshotId, p => p.Missing) : [];
        foreach (var s in complete)
        {
            var asked = s.Transfers.Where(t => t.Value.Phase is not (TransferPhase.Completed or TransferPhase.Failed)).Select(t => t.Key);
            foreach (var region in (wanted.GetValueOrDefault(s.SnapshotId) ?? []).Union(asked, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                var transfer = s.Transfers.GetValueOrDefault(region);
                yield return new PendingTransfer(s.SnapshotId, s.Name, region, transfer?.Phase, transfer?.RetryAt, transfer?.Trouble);
            }
        }
    }
}
