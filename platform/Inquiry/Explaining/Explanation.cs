using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Audit;
using DoSnapshot.Inquiry.Histories;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Retention;

namespace DoSnapshot.Inquiry.Explaining;

/// <summary>Why a snapshot exists, why it is kept or was removed, and when that may change: in sentences, each without a full stop.</summary>
/// <param name="Snapshot">The snapshot, as it was at the moment.</param>
/// <param name="Exists">Why it was made, or how it came to be known.</param>
/// <param name="Verdict">Why it is kept, or is to go, or went.</param>
/// <param name="NextChange">When its own age brings it under another rule, UTC; null where no rule ever will, or it is not for rules to say.</param>
/// <param name="Remarks">What else matters: who pinned it, what holds it, what a pause or a brake keeps from happening.</param>
public sealed record Explanation(Snapshot Snapshot, string Exists, string Verdict, DateTimeOffset? NextChange, IReadOnlyList<string> Remarks)
{
    /// <summary>Whether it is there and stays for now: the rules keep it, none applies, or something holds it.</summary>
    public bool Kept { get; init; }

    /// <summary>How a reason to delete begins.</summary>
    private const string Deleted = "deleted: ";

    /// <summary>Explains a snapshot.</summary>
    /// <param name="ledger">What was known about its droplet at the moment.</param>
    /// <param name="life">The events of its stream up to the moment, oldest first; at least one.</param>
    /// <param name="at">The moment, UTC.</param>
    public static Explanation Of(DropletLedger ledger, IReadOnlyList<LoggedEvent> life, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(life);
        var s = life.Aggregate((Snapshot?)null, (state, e) => SnapshotEvolution.Evolve(state, e.Stream, e.Data))
            ?? throw new ArgumentException("The log knows nothing of it.", nameof(life));
        var judgement = Judge(ledger, s, life, at);
        return new Explanation(s, Told(life[0]), judgement.Verdict, judgement.Change, [.. RemarksOn(ledger, s, life, judgement.Hold)]) { Kept = judgement.Kept };
    }

    private static Judgement Judge(DropletLedger ledger, Snapshot s, IReadOnlyList<LoggedEvent> life, DateTimeOffset at)
    {
        if (s.Phase is not SnapshotPhase.Complete)
        {
            // The last decision to remove it says why, whatever followed.
            var decided = s.Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning or SnapshotPhase.Pruned ? life.LastOrDefault(e => e.Data is SnapshotExpired) : null;
            return new Judgement((decided is null ? "" : $"{Told(decided)}; ") + Told(life[^1]), Kept: false);
        }

        if (s.Plan is null)
        {
            return new Judgement("kept: it was asked for by hand and is in no plan, so that no rule removes it", Kept: true);
        }

        if (ledger.RulesFor(s) is not { } rules)
        {
            return new Judgement($"kept: its droplet is no longer in plan '{s.Plan}', whose rules do not go on for what it left", Kept: true);
        }

        var judged = Expiring.Judge(ledger, rules, at).FirstOrDefault(v => v.Point.Id == s.ImageId);
        if (judged is null)
        {
            return new Judgement("kept: another stream of the log claims the same image, and is judged for both", Kept: true);
        }

        if (judged.Keep)
        {
            return new Judgement($"{judged.Reason.Describe()} (plan '{rules.Name}', version {rules.Version})", Kept: true, judged.NextChange);
        }

        // It is there: that a rule lets it go is not what became of it.
        var hold = Expiring.Holds(ledger, at).GetValueOrDefault(s.SnapshotId);
        var held = hold is null
            ? $"nothing holds it, and the planner lets it go at its next decision{(MayBeBraked(ledger, rules, at) ? ", unless that finds too much of the plan to go at once, which the brake then holds" : "")}"
            : $"{(hold.Guard is { } guard ? $"held by guard {guard}" : "left alone")}: {hold.Detail}";
        return new Judgement(
            $"would be deleted by rule {RuleOf(judged.Reason)} of plan '{rules.Name}', version {rules.Version}: {Because(judged.Reason)}; {held}", Kept: hold is not null, Hold: hold);
    }

    /// <summary>Whether the plan as a whole, which is checked over all of its droplets and not over this one alone, may be braked by the next decision.</summary>
    private static bool MayBeBraked(DropletLedger ledger, Plan rules, DateTimeOffset at) =>
        rules.Brakes && !Braking.ReleasesInForce([ledger], at).Any(r => r.DropletId is null && string.Equals(r.Plan, rules.Name, StringComparison.Ordinal));

    private static KeepRule RuleOf(Reason reason) => reason switch
    {
        Reason.TooClose close => close.Rule,
        Reason.IntervalZero zero => zero.Rule,
        _ => throw new InvalidOperationException($"A verdict to delete without a reason to delete: {reason}"),
    };

    private static string Because(Reason reason) => reason.Describe() is var said && said.StartsWith(Deleted, StringComparison.Ordinal) ? said[Deleted.Length..] : said;

    private static IEnumerable<string> RemarksOn(DropletLedger ledger, Snapshot s, IReadOnlyList<LoggedEvent> life, StandingHold? hold)
    {
        var saidAlready = hold?.Guard;
        if (!s.Live)
        {
            yield break;
        }

        if (s.Pinned && life.LastOrDefault(e => e.Data is SnapshotPinned) is { } pin)
        {
            yield return Told(pin);
        }

        // What was told of a guard that holds it no more is past.
        if (life.LastOrDefault(e => e.Data is ExpiryHeld or ExpiryWithdrawn or PruneRefused) is { } held && (s.LeftAlone || s.RemovalTakenBack || (hold is not null && hold.Guard == s.HeldBy)))
        {
            yield return Told(held);
        }

        if (s.Phase is SnapshotPhase.Complete && ledger.RulesFor(s) is { } rules)
        {
            if (Guards.CheckByRule(s, CompleteOf(ledger, rules), rules) is { } guard && guard.Guard != saidAlready)
            {
                yield return $"guard {guard.Guard} would hold it in any case: {guard.Detail}";
            }

            if (ledger.IsPaused(rules) && saidAlready is not Guard.Paused)
            {
                yield return "its plan or its droplet is paused, so that nothing expires";
            }

            if (Braking.Holding(ledger, rules) is { } brake && saidAlready is not Guard.Brake)
            {
                yield return $"the brake is on: {brake.Detail}";
            }
        }

        if (ledger.Overlaps && saidAlready is not Guard.Overlap)
        {
            yield return "several plans claim its droplet, so that nothing of it expires";
        }
    }

    private static List<Snapshot> CompleteOf(DropletLedger ledger, Plan rules) =>
        [.. ledger.Snapshots.Where(o => o is { IsComplete: true, CreatedAt: not null } && string.Equals(o.Plan, rules.Name, StringComparison.Ordinal))];

    private sealed record Judgement(string Verdict, bool Kept, DateTimeOffset? Change = null, StandingHold? Hold = null);

    private static string Told(LoggedEvent e) => $"{(Moments.Of(e.Data) is { } at ? $"{Words.Of(at)}: " : "")}{EventWords.Of(e.Data)}";
}
