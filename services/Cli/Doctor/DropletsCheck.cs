using System.Globalization;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Which droplets the plans have: none is as suspicious as one that several claim.</summary>
internal sealed class DropletsCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "droplets";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(Installation installation, CancellationToken ct)
    {
        if (installation.Plans is not { } configured)
        {
            return [CheckResult.NotChecked(installation.Settings.Plans.IsGiven ? "the plans cannot be used" : PlansCheck.None)];
        }

        if (installation.Api.WhyNot is { } why)
        {
            return [CheckResult.NotChecked(why)];
        }

        try
        {
            var roster = new Roster(new FleetFacts(null, [.. configured.Plans.Plans.Select(p => Facts(p))]));
            var claims = await roster.ListAsync(installation.Api.Client!, ct);
            return
            [
                .. roster.Plans.Select(p => Count(p, claims.Count(c => c.Plans.Any(of => string.Equals(of.Name, p.Name, StringComparison.Ordinal))))),
                .. claims.Where(c => c.Overlap is not null).Select(c => CheckResult.Wrong(c.Overlap!, "Take all tags but one off it, or the opt-out tag onto it")),
            ];
        }
        catch (DigitalOceanException e)
        {
            return [e.IsForbidden ? CheckResult.NotChecked("it needs the scopes droplet:read and tag:read") : CheckResult.Wrong(e.Message, "Try again")];
        }
    }

    private static PlanFacts Facts(StatedPlan stated) => new() { Id = stated.Name, Name = stated.Name, Terms = stated.Terms };

    private static CheckResult Count(Plan plan, int count) => count == 0
        ? CheckResult.Remark($"'{plan.Name}' has none: no droplet has the tag {plan.Tag}", "Tag those that shall have snapshots, or mend the plan's tag")
        : CheckResult.Fine(string.Create(CultureInfo.InvariantCulture, $"'{plan.Name}' has {count} by the tag {plan.Tag}"));
}
