using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Planner.Plans;
using DoSnapshot.Retention.Linting;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Whether the plans can be used, and what of them cannot be done as their words say.</summary>
internal sealed class PlansCheck : ICheck
{
    /// <summary>What is said where there is no plan to look at.</summary>
    public const string None = "no plan is stated (--plans, -s, Plans__File, Plan__…) and none is in the log";

    /// <inheritdoc/>
    public string Name => "plans";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct) => Task.FromResult(Run(installation));

    private static IReadOnlyList<CheckResult> Run(Installation installation)
    {
        if (installation.Settings.Plans.Problems is { Count: > 0 } problems)
        {
            return [.. problems.Select(p => CheckResult.Wrong(p.TrimEnd('.'), "The terms are in docs/plans.md"))];
        }

        return installation.Plans is { } plans ? [.. plans.Plans.Plans.SelectMany(p => Judge(plans, p))] : [CheckResult.NotChecked(None)];
    }

    private static IEnumerable<CheckResult> Judge(ConfiguredPlans plans, StatedPlan stated)
    {
        var plan = Plan.From(stated.Name, 0, stated.Terms);
        yield return CheckResult.Fine($"'{plan.Name}' of {plans.Source}: {plan.Keep.Describe(plan.Every).TrimEnd('.')}");
        foreach (var finding in PolicyLint.Examine(plan.Every, plan.Keep).Where(f => f.Severity is not Severity.Info))
        {
            yield return CheckResult.Remark($"'{plan.Name}': {finding.Describe()}", "do-snapshot lint says what the rules give");
        }

        if (BrakeForecast.Describe(plan) is { } held)
        {
            yield return CheckResult.Remark($"'{plan.Name}': {held}", "do-snapshot release-brake says what is held, and lets it go");
        }
    }
}
