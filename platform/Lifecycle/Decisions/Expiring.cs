using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Retention;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>
/// Which snapshots go. This is the only place that turns a rule's verdict into an expiry, and the pruner asks it again before each DELETE.
/// </summary>
public static partial class Expiring
{
    /// <summary>After the pruner took an expiry back for its age or the rules, the snapshot is not expired again sooner than this.</summary>
    private static readonly TimeSpan AfterWithdrawal = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The rules' verdict on every complete snapshot of the droplet's plan, oldest first, by image; empty without a plan. A guard may yet
    /// hold what they let go.
    /// </summary>
    /// <param name="ledger">What is known about the droplet.</param>
    /// <param name="now">The moment to judge for, UTC.</param>
    public static IReadOnlyList<Verdict> Judge(DropletLedger ledger, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.Plan is { } plan ? Judge(ledger, plan, now) : [];
    }

    /// <summary>The verdict of a plan's rules on every complete snapshot of it, oldest first, by image: also of one whose rules go on for what it left.</summary>
    /// <param name="ledger">What is known about the droplet.</param>
    /// <param name="plan">The plan, see <see cref="DropletLedger.RulesFor"/>.</param>
    /// <param name="now">The moment to judge for, UTC.</param>
    public static IReadOnlyList<Verdict> Judge(DropletLedger ledger, Plan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(plan);
        return Sieve.Judge(Points(Complete(ledger, plan), plan, ledger.DropletId), plan.Keep, now);
    }

    /// <summary>The plans whose rules apply at this moment to what there is of a droplet: its own, and those that go on for what they left.</summary>
    internal static IEnumerable<Plan> Plans(DropletLedger ledger)
    {
        if (ledger.Overlaps)
        {
            return [];
        }

        var own = ledger.Plan is { } plan && !ledger.Paused ? [plan] : Array.Empty<Plan>();
        return [.. own, .. ledger.OrphanPlans.Where(p => !ledger.IsPaused(p))];
    }

    /// <summary>The snapshots that the rules let go and no guard of their own holds.</summary>
    internal static IReadOnlyCollection<Guid> Leaving(DropletLedger ledger, Plan plan, DateTimeOffset now) => Judged.Of(ledger, plan, now).Ids;

    /// <summary>Judges every complete snapshot of the droplet's plans, and expires those that the rules let go, no guard holds and the check cleared.</summary>
    /// <returns>The snapshots that are to go, now or when the brake is released.</returns>
    internal static IReadOnlySet<Guid> Decide(DropletLedger ledger, DateTimeOffset now, Clearance clearance, List<NewEvent> events)
    {
        var judged = Plans(ledger).Select(plan => Judged.Of(ledger, plan, now)).ToList();
        if (!ReferenceEquals(clearance, Clearance.None))
        {
            var free = judged.Where(j => Braking.Holding(ledger, j.Plan) is null).Select(j => (j.Plan, j.Ids)).ToList();
            var brakes = Braking.CheckDroplet(ledger, free, now).ToDictionary(b => b.Plan, StringComparer.Ordinal);
            // One of which the log has no stream is held as well; only that cannot be told of the droplet.
            events.AddRange(brakes.Values.Where(_ => ledger.Droplet is not null).Select(brake => new NewEvent(Streams.OfDroplet(ledger.DropletId), brake)));
            foreach (var one in judged)
            {
                var holding = Braking.Holding(ledger, one.Plan)?.Detail ?? brakes.GetValueOrDefault(one.Plan.Name)?.Detail;
                Decide(ledger, one, holding, now, clearance, events);
            }
        }

        return judged.SelectMany(j => j.Ids).ToHashSet();
    }

    private static void Decide(DropletLedger ledger, Judged judged, string? brake, DateTimeOffset now, Clearance clearance, List<NewEvent> events)
    {
        var (plan, complete) = (judged.Plan, judged.Complete);
        var going = brake is null ? judged.Leaving.Where(l => clearance.Covers(ledger, plan, l.Snapshot.SnapshotId)).ToList() : [];
        events.AddRange(going.Select(l => NewEvent.Of(l.Snapshot.SnapshotId, Expired(l.Snapshot, l.Verdict, complete, plan, now))));

        // Asked when it is known what goes: the next decision finds those that remain, and must find the same guard.
        var remaining = judged.Held.Count == 0 ? [] : complete.Where(s => !going.Exists(l => ReferenceEquals(l.Snapshot, s))).ToList();
        var holds = judged.Held.Select(h => (h.Snapshot, Holds: Guards.CheckByRule(h.Snapshot, remaining, plan)));
        if (brake is not null)
        {
            holds = holds.Concat(judged.Leaving.Select(l => (l.Snapshot, (GuardHolds?)new GuardHolds(Guard.Brake, $"the brake is on: {brake}"))));
        }

        events.AddRange(holds.Where(h => h.Holds is not null && h.Snapshot.HeldBy != h.Holds.Guard).Select(h => NewEvent.Of(
            h.Snapshot.SnapshotId, new ExpiryHeld(h.Snapshot.SnapshotId, h.Snapshot.DropletId, h.Holds!.Guard, h.Holds.Detail, now))));
    }

    /// <summary>
    /// Whether the rules, asked at this moment, still let this snapshot go. It is judged among the complete ones that stay; others that
    /// are about to go no longer count.
    /// </summary>
    internal static bool StillExpires(Snapshot snapshot, IEnumerable<Snapshot> staying, Plan plan, DateTimeOffset now)
    {
        var judged = staying.Where(s => s.ImageId != snapshot.ImageId).Append(snapshot);
        return Sieve.Deletions(Points(judged, plan, snapshot.DropletId), plan.Keep, now).Any(v => v.Point.Id == snapshot.ImageId);
    }

    /// <summary>The complete snapshots of the plan that are not about to go. An image counts once, however many streams claim it.</summary>
    internal static IReadOnlyList<Snapshot> Complete(DropletLedger ledger, Plan plan) => ledger.CompleteOf(plan.Name);

    /// <summary>
    /// The snapshots as the rules see them. The age is the real one; the spacing is that of the occurrences, where the plan has them, so that a
    /// snapshot that was made some minutes early or late costs nobody its place.
    /// </summary>
    private static RestorePoint[] Points(IEnumerable<Snapshot> snapshots, Plan plan, long dropletId)
    {
        // By elapsed time the interval may be zero, and there are no occurrences.
        AnchoredSchedule? schedule = plan.Timing is PlanTiming.Anchored ? new AnchoredSchedule(plan, dropletId) : null;
        return
        [
            .. snapshots.Select(s => schedule is { } occurrences
                ? new RestorePoint(s.ImageId!.Value, s.CreatedAt!.Value, Slot(s, plan, occurrences))
                : new RestorePoint(s.ImageId!.Value, s.CreatedAt!.Value)),
        ];
    }

    /// <summary>
    /// The occurrence that a snapshot stands for: the one that it was made for, whatever the plan's schedule is by now. One that was asked for by a clock
    /// far ahead stands for when it was made; one that was made for none for the nearest, unless the rules are finer than the schedule: those nearest to
    /// the same one would be at no distance from each other.
    /// </summary>
    private static DateTimeOffset Slot(Snapshot s, Plan plan, AnchoredSchedule schedule)
    {
        var created = s.CreatedAt!.Value;
        var nearest = schedule.Nearest(created);
        return s.Occurrence is { } occurrence
            ? occurrence <= nearest || occurrence <= created ? occurrence : nearest
            : plan.Keep.Rules.Any(r => r.Interval.Duration > TimeSpan.Zero && r.Interval.Duration < plan.Every.Duration) ? created : nearest;
    }

    /// <summary>
    /// Planner and pruner disagree about the time or the rules. Deciding again at once would be withdrawn at once, and both would fill the log.
    /// </summary>
    private static bool WasJustWithdrawn(Snapshot s, DateTimeOffset now) =>
        s.HeldBy is Guard.StaleDecision or Guard.NoLongerExpired && now < s.ChangedAt + AfterWithdrawal;

    private static SnapshotExpired Expired(
        Snapshot snapshot, Verdict verdict, IReadOnlyList<Snapshot> complete, Plan plan, DateTimeOffset now)
    {
        var (rule, neighbour) = verdict.Reason switch
        {
            Reason.TooClose close => (close.Rule, Neighbour(complete.First(s => s.ImageId == close.KeptInstead.Id), close.Distance)),
            Reason.IntervalZero zero => (zero.Rule, null),
            _ => throw new InvalidOperationException($"A verdict to delete without a reason to delete: {verdict.Reason}"),
        };
        return new SnapshotExpired(
            snapshot.SnapshotId,
            snapshot.DropletId,
            snapshot.ImageId!.Value,
            snapshot.Name,
            plan.Name,
            plan.Version,
            rule.ToString(),
            rule.Interval.Duration,
            now - snapshot.CreatedAt!.Value,
            neighbour,
            Origin.Plan,
            now);
    }

    private static ExpiryNeighbour Neighbour(Snapshot kept, TimeSpan distance) =>
        new(kept.SnapshotId, kept.ImageId!.Value, kept.Name, kept.CreatedAt!.Value, distance);

    /// <summary>What the rules of a plan let go of a droplet: what no guard holds, oldest first, what one does, and what is not decided on; and every complete snapshot.</summary>
    private sealed record Judged(
        Plan Plan,
        List<(Snapshot Snapshot, Verdict Verdict)> Leaving,
        List<(Snapshot Snapshot, Verdict Verdict)> Held,
        List<(Snapshot Snapshot, Verdict Verdict)> Resting,
        IReadOnlyList<Snapshot> Complete)
    {
        public IReadOnlyCollection<Guid> Ids { get; } = [.. Leaving.Select(l => l.Snapshot.SnapshotId)];

        public static Judged Of(DropletLedger ledger, Plan plan, DateTimeOffset now)
        {
            var complete = Expiring.Complete(ledger, plan);
            var verdicts = Sieve.Deletions(Points(complete, plan, ledger.DropletId), plan.Keep, now);
            if (verdicts.Count == 0)
            {
                return new Judged(plan, [], [], [], complete);
            }

            var remaining = complete.ToList();
            var leaving = new List<(Snapshot Snapshot, Verdict Verdict)>();
            var held = new List<(Snapshot Snapshot, Verdict Verdict)>();
            var resting = new List<(Snapshot Snapshot, Verdict Verdict)>();
            foreach (var verdict in verdicts)
            {
                var snapshot = complete.First(s => s.ImageId == verdict.Point.Id);
                if (snapshot.LeftAlone || WasJustWithdrawn(snapshot, now))
                {
                    resting.Add((snapshot, verdict));
                    continue;
                }

                if (Guards.CheckByRule(snapshot, remaining, plan) is not null)
                {
                    held.Add((snapshot, verdict));
                    continue;
                }

                remaining.RemoveAll(s => ReferenceEquals(s, snapshot));
                leaving.Add((snapshot, verdict));
            }

            return new Judged(plan, leaving, held, resting, complete);
        }
    }
}
