using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Operating.Manual;

/// <summary><c>plan</c>: another policy for a plan, by a person.</summary>
internal static class PolicyActs
{
    /// <summary>Saves it as the plan's next version.</summary>
    /// <exception cref="SubjectException">No plan of this name is in force.</exception>
    public static async Task<IReadOnlyList<ManualAct>> ChangeAsync(IEventLog log, string plan, PolicyWanted wanted, CommandedBy by, CancellationToken ct)
    {
        var facts = (await log.LoadFleetFactsAsync(ct)).InForce.FirstOrDefault(p => string.Equals(p.Name, plan, StringComparison.Ordinal))
            ?? throw SubjectException.Unknown("PLAN", plan, "the log knows no plan in force of this name");
        var warnings = Warnings(facts, wanted);
        return
        [
            new ManualAct(
                $"change the policy of plan '{facts.Name}'",
                $"Saved: plan '{facts.Name}', version {(wanted.BasedOn + 1).ToString(CultureInfo.InvariantCulture)}. The planner goes by it from now on{warnings}",
                null,
                null,
                fleet => Commanding.ChangePolicy(fleet, facts.Name, wanted, by),
                Stream: facts.Id,
                Follow: facts.Name,
                IsIts: e => e is PlanChanged changed && by.Gave(changed.Actor, changed.Reason, changed.At)),
        ];
    }

    /// <summary>What somebody who has saved this is told besides: it is what was wanted, and may not be what was meant.</summary>
    private static string Warnings(PlanFacts facts, PolicyWanted wanted)
    {
        var terms = wanted.In(facts.Terms!);
        return PlanSet.Problems([new StatedPlan(facts.Name, terms)]) is []
            ? string.Concat(PlanWarnings.Of(Plan.From(facts.Name, facts.PlanVersion, terms)).Select(w => $". Mind: {w.Sentence}"))
            : "";
    }
}
