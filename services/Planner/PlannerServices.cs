using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Lifecycle;
using DoSnapshot.Notifying;
using DoSnapshot.Planner.Plans;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Planner;

/// <summary>Adds the planner to a process.</summary>
public static class PlannerServices
{
    /// <summary>Adds the planner and the relay.</summary>
    public static PlatformBuilder AddPlanner(this PlatformBuilder platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var configuration = platform.Application.Configuration;
        platform.Configure(() => Checked(SettingsReader.Read<PlannerOptions>(configuration, PlannerOptions.Section)));
        platform.Configure(() => PlanConfiguration.Read(configuration));
        platform.Services.AddSingleton<PlannerStatus>();
        platform.Services.AddSingleton<PlanKeeper>();
        platform.Services.AddSingleton<UncoveredWatch>();
        platform.Services.AddSingleton<Reconciler>();
        platform.Services.AddSingleton<Decider>();
        platform.Services.AddSingleton<Sweeper>();
        platform.Services.AddSingleton<AlarmWatch>();
        platform.Services.AddSingleton<FleetMetrics>();
        platform.Services.AddSingleton<ClockWatch>(Clock);
        platform.Services.AddSingleton<IBelievedTime>(services => services.GetRequiredService<ClockWatch>());
        platform.Services.AddSingleton<ConditionWatch>();
        platform.Services.AddSingleton<TroubleNote>();
        platform.Services.AddSingleton<Facts>();
        platform.Services.AddSingleton<IRelayListener>(services => services.GetRequiredService<Facts>());
        platform.Services.AddHostedService<PlannerLeader>();
        platform.Services.AddHealthChecks().AddCheck<PlannerStatus>("planner", tags: ["ready"]);
        return platform.AddNotifying().Relay().BindAccount();
    }

    private static ClockWatch Clock(IServiceProvider services)
    {
        var api = services.GetRequiredService<IDigitalOcean>();
        return new ClockWatch(services.GetRequiredService<TimeProvider>(), services.GetRequiredService<LifecycleTimings>(), () => api.Clocks);
    }

    private static PlannerOptions Checked(PlannerOptions options)
    {
        var problems = options.Problems().ToList();
        return problems.Count == 0 ? options : throw new OptionsValidationException(PlannerOptions.Section, typeof(PlannerOptions), problems);
    }
}
