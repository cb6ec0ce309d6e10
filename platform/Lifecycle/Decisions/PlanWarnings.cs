using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Retention.Linting;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>What of a plan cannot be done as its words say, or will be held back, before it has deleted anything.</summary>
public static class PlanWarnings
{
    /// <summary>The warnings; none for a plan that does what it says.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>For each, the term of the plan that it is about, and one sentence without a full stop.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> is null.</exception>
    public static IEnumerable<(string Term, string Sentence)> Of(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var finding in PolicyLint.Examine(plan.Every, plan.Keep).Where(f => f.Severity is not Severity.Info))
        {
            // The rules alone would leave none; what decides here does not let them.
            yield return ("keep", finding is Finding.KeepsNothing ? $"{finding.Describe()}, were it not that guard {Guard.NewestComplete} holds the newest" : finding.Describe());
        }

        if (BrakeForecast.Describe(plan) is { } held)
        {
            yield return ("brake", held);
        }
    }
}
