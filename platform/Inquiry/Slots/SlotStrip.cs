using System.Collections.Immutable;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Retention;

namespace DoSnapshot.Inquiry.Slots;

/// <summary>The last turns of a droplet's schedule, by its present plan, and what came of each.</summary>
public static class SlotStrip
{
    /// <summary>So many are shown.</summary>
    public const int Usual = 30;

    /// <summary>A snapshot that is made later than this part of the time between two is late.</summary>
    private const int LateAfterPart = 4;

    /// <summary>The snapshots of a droplet, those that ended as well, as far as their whole lives are among these events.</summary>
    /// <param name="ledger">Has those that live, whatever is known of their beginnings.</param>
    /// <param name="events">Events of the droplet and its snapshots, in the order of the log.</param>
    /// <returns>Oldest request first.</returns>
    public static ImmutableArray<Snapshot> SnapshotsOf(DropletLedger ledger, IReadOnlyList<LoggedEvent> events)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(events);
        var folded = new Dictionary<string, Snapshot>(StringComparer.Ordinal);
        foreach (var e in events.Where(e => FleetReplay.SnapshotOf(e.Stream) is not null))
        {
            if (e.StreamVersion == 1 || folded.ContainsKey(e.Stream))
            {
                folded[e.Stream] = SnapshotEvolution.Evolve(folded.GetValueOrDefault(e.Stream), e.Stream, e.Data);
            }
        }

        foreach (var known in ledger.Snapshots)
        {
            folded[known.Id] = known;
        }

        return [.. folded.Values.OrderBy(s => s.RequestedAt).ThenBy(s => s.Id, StringComparer.Ordinal)];
    }

    /// <summary>What was asked for before this moment, UTC, answers none of the last turns; null for a droplet in no plan.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="count">How many turns.</param>
    public static DateTimeOffset? Since(DropletLedger ledger, DateTimeOffset now, int count = Usual)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        // What was not made for a turn stands for the nearest, and what was asked for may be made later: a turn more has room for both.
        return ledger.Plan is { } plan && plan.Every.Duration > TimeSpan.Zero ? Latest(plan, ledger.DropletId, now) - (plan.Every.Duration * count) : null;
    }

    /// <summary>The last turns, oldest first; empty for a droplet in no plan.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    /// <param name="snapshots">Its snapshots, those that ended as well.</param>
    /// <param name="events">Events of the droplet and of its plan: when it was paused, and in a plan.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="count">How many turns.</param>
    public static ImmutableArray<Slot> Of(
        DropletLedger ledger, IReadOnlyList<Snapshot> snapshots, IReadOnlyList<LoggedEvent> events, DateTimeOffset now, int count = Usual)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(events);
        if (ledger.Plan is not { } plan || plan.Every.Duration <= TimeSpan.Zero)
        {
            return [];
        }

        var every = plan.Every.Duration;
        var first = Latest(plan, ledger.DropletId, now) - (every * (count - 1));
        var answers = Answers(plan, snapshots, first, every, count);
        var pauses = Spans.Pauses(events);
        var enrolments = Spans.Enrolments(events);
        var slots = ImmutableArray.CreateBuilder<Slot>(count);
        for (var turn = 0; turn < count; turn++)
        {
            var (from, until) = (first + (every * turn), first + (every * (turn + 1)));
            var state = answers[turn] is { } answer
                ? StateOf(answer, ledger.Droplet?.EnrolledAt is { } joined && joined > from ? joined : from, plan)
                : StateWithout(from, until, every, now, pauses, enrolments, ledger.Droplet?.EnrolledAt);
            slots.Add(new Slot(from, until, state, answers[turn]?.SnapshotId));
        }

        return slots.MoveToImmutable();
    }

    private static DateTimeOffset Latest(Plan plan, long dropletId, DateTimeOffset now) => plan.Timing is PlanTiming.Anchored
        ? new AnchoredSchedule(plan, dropletId).Latest(now)
        : new Occurrences(DateTimeOffset.UnixEpoch, plan.Every).Latest(now);

    /// <summary>What answers each turn: of several the one that says most for it.</summary>
    private static Snapshot?[] Answers(Plan plan, IReadOnlyList<Snapshot> snapshots, DateTimeOffset first, TimeSpan every, int count)
    {
        var answers = new Snapshot?[count];
        foreach (var s in snapshots.Where(s => string.Equals(s.Plan, plan.Name, StringComparison.Ordinal)))
        {
            var turn = TurnOf(s, first, every);
            if (turn >= 0 && turn < count && (answers[turn] is not { } other || RankOf(s) < RankOf(other)))
            {
                answers[turn] = s;
            }
        }

        return answers;
    }

    /// <summary>What was not made for a turn stands for the nearest.</summary>
    private static long TurnOf(Snapshot s, DateTimeOffset first, TimeSpan every) => s.Occurrence is { } occurrence
        ? (long)Math.Floor((occurrence - first) / every)
        : s.Discovered && s.CreatedAt is { } made ? (long)Math.Round((made - first) / every) : (long)Math.Floor(((s.CreatedAt ?? s.RequestedAt) - first) / every);

    private static int RankOf(Snapshot s) => s.Phase switch
    {
        SnapshotPhase.Complete => 0,
        SnapshotPhase.Expired or SnapshotPhase.Pruning or SnapshotPhase.Pruned => 1,
        SnapshotPhase.Lost => 2,
        SnapshotPhase.Requested or SnapshotPhase.Attempted or SnapshotPhase.Started => 3,
        _ => 4,
    };

    /// <summary>What came of a turn.</summary>
    /// <param name="s">What answers it.</param>
    /// <param name="from">Since when it was wanted: when it was due, or later, when the droplet joined its plan.</param>
    /// <param name="plan">The plan.</param>
    private static SlotState StateOf(Snapshot s, DateTimeOffset from, Plan plan) => s.Phase switch
    {
        SnapshotPhase.Complete when plan.Timing is PlanTiming.Anchored && s.Occurrence is not null && s.CreatedAt > from + (plan.Every.Duration / LateAfterPart) => SlotState.Late,
        SnapshotPhase.Complete => SlotState.Good,
        SnapshotPhase.Expired or SnapshotPhase.Pruning or SnapshotPhase.Pruned => s.Expiry is { Origin: Origin.Manual } ? SlotState.Removed : SlotState.Thinned,
        SnapshotPhase.Lost => SlotState.Lost,
        SnapshotPhase.Failed => SlotState.Failed,
        _ => SlotState.Running,
    };

    private static SlotState StateWithout(
        DateTimeOffset from, DateTimeOffset until, TimeSpan every, DateTimeOffset now, IReadOnlyList<Spans> pauses, Spans enrolments, DateTimeOffset? enrolledAt)
    {
        // When it joined its plan is known even where the event of it is too old to be among these.
        var wanted = enrolments.Touch(from, until) || (enrolledAt is { } since && since < until);
        return !wanted ? SlotState.Unplanned
            : pauses.Any(p => p.Touch(from, until < now ? until : now)) ? SlotState.Paused
            : until > now && now < from + (every / LateAfterPart) ? SlotState.Due
            : SlotState.Missed;
    }
}
