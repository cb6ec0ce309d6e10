using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Lifecycle.Plans;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Planner;

/// <summary>Adds the planner to a process.</summary>
public static class PlannerServices
{
    /// <summary>Adds the planner and the relay.</summary>
    /// <exception cref="OptionsValidationException">A setting cannot be used; the message names it and quotes its value.</exception>
    public static PlatformBuilder AddPlanner(this PlatformBuilder platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var configuration = platform.Application.Configuration;
        platform.Services.AddSingleton(Checked(SettingsReader.Read<PlannerOptions>(configuration, PlannerOptions.Section)));
        platform.Services.AddSingleton(Checked(SettingsReader.Read<PlanSettings>(configuration, PlanSettings.Section)));
        platform.Services.AddSingleton<PlannerStatus>();
        platform.Services.AddSingleton<PlanKeeper>();
        platform.Services.AddSingleton<Reconciler>();
        platform.Services.AddSingleton<Decider>();
        platform.Services.AddSingleton<Sweeper>();
        platform.Services.AddSingleton<Facts>();
        platform.Services.AddSingleton<IRelayListener>(services => services.GetRequiredService<Facts>());
        platform.Services.AddHostedService<PlannerLeader>();
        platform.Services.AddHealthChecks().AddCheck<PlannerStatus>("planner", tags: ["ready"]);
        return platform.Relay().BindAccount();
    }

    private static PlannerOptions Checked(PlannerOptions options)
    {
        var problems = options.Problems().ToList();
        return problems.Count == 0 ? options : throw new OptionsValidationException(PlannerOptions.Section, typeof(PlannerOptions), problems);
    }

    private static PlanSettings Checked(PlanSettings settings)
    {
        try
        {
            _ = settings.ToTerms();
            return settings;
        }
        catch (PlanException e)
        {
            var setting = SettingOf(e.Term);
            throw new OptionsValidationException(
                PlanSettings.Section,
                typeof(PlanSettings),
                [$"{PlanSettings.Section}:{setting} '{e.Value}' cannot be used: {e.Wanted} (environment: {PlanSettings.Section}__{setting})."]);
        }
    }

    /// <summary>The setting that states a plan's term: "keep at least" is KeepAtLeast.</summary>
    private static string SettingOf(string term) =>
        string.Concat(term.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
