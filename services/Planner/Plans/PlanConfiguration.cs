using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Lifecycle.Plans;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Planner.Plans;

/// <summary>Reads the plans from where the configuration states them: one file for all, or the settings of one.</summary>
public static class PlanConfiguration
{
    /// <summary>The plans of sections <c>Plans</c> and <c>Plan</c>.</summary>
    /// <exception cref="OptionsValidationException">They cannot be used; there is a message for each mistake.</exception>
    public static ConfiguredPlans Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var settings = SettingsReader.Read<PlansSettings>(configuration, PlansSettings.Section);
        if (settings.File.Trim().Length == 0)
        {
            return From(SettingsReader.Read<PlanSettings>(configuration, PlanSettings.Section), settings.OnlyWayIn);
        }

        var besides = configuration.GetSection(PlanSettings.Section).GetChildren().Select(c => $"{PlanSettings.Section}:{c.Key}").ToList();
        return besides.Count == 0
            ? PlanFile.Read(settings.File.Trim(), settings.OnlyWayIn)
            : throw Unusable(
            [
                $"{PlansSettings.Section}:{nameof(PlansSettings.File)} '{settings.File}' and {string.Join(", ", besides)} are both given: "
                + "the file states every plan, the settings state one. Leave out either "
                + $"(environment: {PlansSettings.Section}__{nameof(PlansSettings.File)}, {PlanSettings.Section}__…).",
            ]);
    }

    /// <summary>The one plan of the settings.</summary>
    /// <exception cref="OptionsValidationException">It cannot be used; there is a message for each term.</exception>
    public static ConfiguredPlans From(PlanSettings settings, bool onlyWayIn = false)
    {
        ArgumentNullException.ThrowIfNull(settings);
        StatedPlan[] plans = [settings.ToPlan()];
        var problems = PlanSet.Problems(plans);
        return problems.Count == 0
            ? new ConfiguredPlans(
                new PlanSet(plans),
                PlanSettings.Section,
                onlyWayIn,
                (plan, term) => string.Equals(plan, settings.Name, StringComparison.Ordinal) ? $"{PlanSettings.Section}:{SettingOf(term)}" : null)
            : throw Unusable(problems.Select(p => p.Problem).Select(p =>
                $"{PlanSettings.Section}:{SettingOf(p.Term)} '{p.Value}' cannot be used: {p.Wanted} (environment: {PlanSettings.Section}__{SettingOf(p.Term)})."));
    }

    /// <summary>The setting that states a plan's term: "keep at least" is KeepAtLeast.</summary>
    private static string SettingOf(string term) =>
        string.Concat(term.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static OptionsValidationException Unusable(IEnumerable<string> failures) => new(PlansSettings.Section, typeof(PlansSettings), failures);
}
