using System.Runtime.InteropServices;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>What came of judging one step: nothing wrong where the kind is null.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="What">In words.</param>
/// <param name="Replayed">What came out when it was decided again.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Judgement(FindingKind? Kind, string What = "", string? Replayed = null);

/// <summary>
/// Decides again, at the moment that an expiry names, on what was known right before, by the planner's own code. What one decision lets go stands in the log
/// one after the other, and is judged on what was known before the first of them.
/// </summary>
internal sealed class DecisionJudge(FleetReplay fleet)
{
    private readonly Dictionary<long, Decision> open = [];

    /// <summary>Judges an expiry by rule; before it is folded.</summary>
    public Judgement Judge(SnapshotExpired e)
    {
        try
        {
            return JudgeReadable(e);
        }
        catch (PlanException trouble)
        {
            return new Judgement(FindingKind.NotReplayed, $"the decision cannot be made again: {trouble.Message}");
        }
    }

    /// <summary>Told of every event about a droplet: one that no decision of the planner writes ends what its last has written.</summary>
    public void Passed(object @event, long dropletId)
    {
        if (open.TryGetValue(dropletId, out var decision)
            && !(@event is SnapshotExpired { Origin: Origin.Plan } or SnapshotRequested or SnapshotFailed or ExpiryHeld or BrakeApplied or TransferRequested
                && Moments.Of(@event) == decision.At))
        {
            open.Remove(dropletId);
        }
    }

    private Judgement JudgeReadable(SnapshotExpired e)
    {
        if (!open.TryGetValue(e.DropletId, out var decision) || decision.At != e.DecidedAt)
        {
            if (fleet.Droplet(e.DropletId) is not { } droplet)
            {
                return new Judgement(FindingKind.NotUnderRules, "it expired, and the log does not know its droplet", "the droplet is not known");
            }

            open[e.DropletId] = decision = new Decision(droplet.Ledger(fleet.Plans.Current, e.DecidedAt), e.DecidedAt);
        }

        if (decision.Find(e, decision.Ledger) is { } same && Differences(e, same).Count == 0)
        {
            return default;
        }

        // It may have read the plans a moment before they were changed.
        foreach (var plans in fleet.Plans.Readings(e.DecidedAt).Skip(1))
        {
            if (decision.Find(e, decision.By(plans)) is { } earlier && Differences(e, earlier).Count == 0)
            {
                return default;
            }
        }

        return Difference(e, decision);
    }

    private Judgement Difference(SnapshotExpired e, Decision decision)
    {
        var name = e.SnapshotName;
        var now = fleet.Plans.Current.GetValueOrDefault(e.Plan ?? "");
        if (now?.PlanVersion != e.PlanVersion && e is { Plan: { } plan, PlanVersion: { } version })
        {
            if (fleet.Plans.Version(plan, version) is not { } named)
            {
                return new Judgement(
                    FindingKind.OtherPlanVersion,
                    $"'{name}' expired by version {version} of plan '{plan}', which the log does not know",
                    Outcome(e, decision, decision.Ledger).Words);
            }

            var plans = new Dictionary<string, PlanFacts>(fleet.Plans.Current, StringComparer.Ordinal) { [plan] = named };
            var confirms = decision.Find(e, decision.By(plans)) is { } by && Differences(e, by).Count == 0;
            return new Judgement(
                FindingKind.OtherPlanVersion,
                $"'{name}' expired by version {version} of plan '{plan}', {(confirms ? "by which it goes" : "by which it does not go so either")}, and version {now?.PlanVersion ?? 0} was in force",
                Outcome(e, decision, decision.Ledger).Words);
        }

        var (kind, words) = Outcome(e, decision, decision.Ledger);
        return kind is FindingKind.OtherReason
            ? new Judgement(kind, $"'{name}' expired for another reason than comes out again: {string.Join(", ", Differences(e, decision.Find(e, decision.Ledger)!))} differ", words)
            : new Judgement(kind, $"'{name}' expired, and decided again it does not: {words}", words);
    }

    private static (FindingKind Kind, string Words) Outcome(SnapshotExpired e, Decision decision, DropletLedger ledger)
    {
        if (decision.Find(e, ledger) is { } found)
        {
            return (FindingKind.OtherReason, Words.Of(found));
        }

        if (ledger.Find(e.SnapshotId) is not { } s)
        {
            return (FindingKind.NotUnderRules, "the log knows no such snapshot");
        }

        if (!s.IsComplete)
        {
            return (FindingKind.NotUnderRules, $"it is {Words.Of(s.Phase)}");
        }

        if (ledger.RulesFor(s) is not { } plan)
        {
            return (FindingKind.NotUnderRules, "no plan's rules apply to it");
        }

        if (ledger.Overlaps || ledger.IsPaused(plan))
        {
            return (FindingKind.NotUnderRules, ledger.Overlaps ? "several plans claim its droplet" : "its plan or its droplet is paused");
        }

        return Expiring.Judge(ledger, plan, e.DecidedAt).FirstOrDefault(v => v.Point.Id == s.ImageId) is { Keep: true } verdict
            ? (FindingKind.KeptByRules, verdict.Reason.Describe())
            : (FindingKind.Held, Holding(e, decision, ledger, s, plan));
    }

    private static string Holding(SnapshotExpired e, Decision decision, DropletLedger ledger, Lifecycle.Snapshots.Snapshot s, Plan plan)
    {
        if (s.LeftAlone)
        {
            return "held: it is to be left alone";
        }

        var complete = ledger.Snapshots.Where(o => o.IsComplete && string.Equals(o.Plan, plan.Name, StringComparison.Ordinal)).ToList();
        return Guards.CheckByRule(s, complete, plan) is { } guard
            ? $"held by guard {guard.Guard}: {guard.Detail}"
            : Braking.Holding(ledger, plan)?.Detail is { } brake
                ? $"held by the brake: {brake}"
                : decision.BrakeOf(plan.Name, ledger) is { } applied
                    ? $"held by the brake that is to be put on: {applied.Detail}"
                    : $"held by a guard, for what else goes, or taken back less than ten minutes before {Words.Of(e.DecidedAt)}";
    }

    private static List<string> Differences(SnapshotExpired recorded, SnapshotExpired replayed)
    {
        var differences = new List<string>();
        Note(recorded.ImageId == replayed.ImageId, "image");
        Note(string.Equals(recorded.SnapshotName, replayed.SnapshotName, StringComparison.Ordinal), "name");
        Note(string.Equals(recorded.Plan, replayed.Plan, StringComparison.Ordinal), "plan");
        Note(recorded.PlanVersion == replayed.PlanVersion, "version of the plan");
        Note(string.Equals(recorded.Rule, replayed.Rule, StringComparison.Ordinal), "rule");
        Note(recorded.Interval == replayed.Interval, "interval");
        Note(recorded.Age == replayed.Age, "age");
        Note(recorded.KeptInstead == replayed.KeptInstead, "neighbour kept instead");
        return differences;

        void Note(bool isSame, string what)
        {
            if (!isSame)
            {
                differences.Add(what);
            }
        }
    }

    /// <summary>One decision about a droplet, made again on what was known before it.</summary>
    private sealed class Decision(DropletLedger ledger, DateTimeOffset at)
    {
        private readonly Dictionary<DropletLedger, List<object>> decided = new(ReferenceEqualityComparer.Instance);

        public DropletLedger Ledger { get; } = ledger;

        public DateTimeOffset At { get; } = at;

        /// <summary>The ledger, had the plans said this.</summary>
        public DropletLedger By(IReadOnlyDictionary<string, PlanFacts> plans) => Ledgers.Build(
            Ledger.DropletId, Ledger.Droplet, Ledger.Droplet?.Plan is { } name ? plans.GetValueOrDefault(name) : null, Ledger.Snapshots, plans);

        public SnapshotExpired? Find(SnapshotExpired e, DropletLedger on) => Decide(on).OfType<SnapshotExpired>().FirstOrDefault(x => x.SnapshotId == e.SnapshotId);

        public BrakeApplied? BrakeOf(string plan, DropletLedger on) => Decide(on).OfType<BrakeApplied>().FirstOrDefault(x => string.Equals(x.Plan, plan, StringComparison.Ordinal));

        private List<object> Decide(DropletLedger on)
        {
            if (!decided.TryGetValue(on, out var events))
            {
                decided[on] = events = [.. Planning.Decide(on, At, mayRequest: false).Select(e => e.Data)];
            }

            return events;
        }
    }
}
