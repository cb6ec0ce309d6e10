using DoSnapshot.Hosting;
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
        platform.Services.AddSingleton(Checked(configuration.GetSection(PlannerOptions.Section).Get<PlannerOptions>() ?? new PlannerOptions()));
        platform.Services.AddSingleton(Checked(configuration.GetSection(PlanSettings.Section).Get<PlanSettings>() ?? new PlanSettings()));
        platform.Services.AddSingleton<PlannerStatus>();
        platform.Services.AddSingleton<PlanKeeper>();
        platform.Services.AddSingleton<Reconciler>();
        platform.Services.AddSingleton<Decider>();
        platform.Services.AddSingleton<Sweeper>();
        platform.Services.AddSingleton<Facts>();
        platform.Services.AddSingleton<IRelayListener>(services => services.GetRequiredService<Facts>());
        platform.Services.AddHostedService<PlannerLeader>();
        platform.Services.AddHealthChecks().AddCheck<PlannerStatus>("planner", tags: ["ready"]);
        return platform.Relay();
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
            throw new OptionsValidationException(PlanSettings.Section, typeof(PlanSettings), [e.Message]);
        }
    }
}
