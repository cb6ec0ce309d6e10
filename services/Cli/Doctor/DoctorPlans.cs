using DoSnapshot.Cli.Arguments;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Cli.Doctor;

/// <summary>Where the plans to be examined come from: a file, the options of a pass, the planner's settings, or else the log.</summary>
internal static class DoctorPlans
{
    private const string File = $"{PlansSettings.Section}:{nameof(PlansSettings.File)}";

    /// <summary>The plans that options or settings state.</summary>
    /// <exception cref="UsageException">An option cannot be understood.</exception>
    public static Setting<ConfiguredPlans> Read(DoctorOptions options, IConfiguration configuration)
    {
        if (options.Plans is { } path)
        {
            if (options.StatesPlan)
            {
                throw new UsageException("--plans and the options -t, -p, -s, -r and -k exclude each other: the file states every plan");
            }

            var read = Setting<ConfiguredPlans>.Of("--plans", () => PlanConfiguration.Read(
                new ConfigurationBuilder().AddInMemoryCollection([new(File, path)]).Build()));
            return read with { Problems = [.. read.Problems.Select(p => p.Replace(File, "--plans", StringComparison.Ordinal))] };
        }

        if (options.StatesPlan)
        {
            var stated = OfOptions(options);
            return Setting<ConfiguredPlans>.Of("the options", () => stated);
        }

        return configuration[File]?.Trim() is { Length: > 0 } || configuration.GetSection(PlanSettings.Section).GetChildren().Any()
            ? Setting<ConfiguredPlans>.Of("the settings", () => PlanConfiguration.Read(configuration))
            : Setting<ConfiguredPlans>.None;
    }

    /// <summary>The plans in force in a log; null where there are none.</summary>
    public static ConfiguredPlans? OfLog(FleetFacts fleet) => fleet.InForce.Any()
        ? new ConfiguredPlans(new PlanSet(fleet.InForce.Select(p => new StatedPlan(p.Name, p.Terms!))), "the log", onlyWayIn: false, (_, _) => null)
        : null;

    private static ConfiguredPlans OfOptions(DoctorOptions options)
    {
        var terms = new PlanTerms(
            options.Tag ?? CommandOptions.DefaultTag,
            options.Prefix ?? CommandOptions.DefaultPrefix,
            options.Every ?? throw new UsageException($"{CommandOptions.Snapshot.Display} is required where -t, -p, -r or -k is given: they state a plan"),
            "03:00",
            "0h",
            [.. options.Keep],
            [.. options.Regions],
            KeepAtLeast: 1,
            PlanTiming.Elapsed,
            Brake: BrakeSetting.Off);
        PassOptionsReader.ReadPlan(terms);
        return new ConfiguredPlans(new PlanSet([new StatedPlan(PassOptionsReader.PlanName, terms)]), "the options", onlyWayIn: false, PlaceOf);
    }

    private static string? PlaceOf(string plan, string term) => term switch
    {
        "regions" => CommandOptions.Region.Display,
        "keep" => CommandOptions.Keep.Display,
        _ => null,
    };
}
