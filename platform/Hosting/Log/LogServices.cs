using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Telemetry;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting.Log;

/// <summary>The log as a part of a process.</summary>
public static class LogServices
{
    /// <summary>The log for a process that needs neither bus nor DigitalOcean, with the answers that are kept beside it.</summary>
    /// <param name="services">The process's services.</param>
    /// <param name="configuration">Has the section <c>Platform</c>.</param>
    /// <exception cref="OptionsValidationException">The connection string is missing or cannot be read.</exception>
    public static void AddLogAlone(this IServiceCollection services, IConfiguration configuration)
    {
        var options = PlatformSettings.Read(configuration, keepsBusInProcess: true);
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new LogDatabase(LogConnection.ForLog(options.LogConnectionString)));
        services.AddSingleton<KeptAnswers>();
        services.AddLog();
    }

    internal static MartenServiceCollectionExtensions.MartenConfigurationExpression AddLog(this IServiceCollection services)
    {
        services.AddSingleton<StoreReadiness>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreReadiness>());
        // The planner reads the fleet whenever anything has happened, and the API with every question about it.
        services.TryAddSingleton<KnownFleet>();
        services.AddMetrics();
        services.TryAddSingleton<LogMetrics>();
        services.TryAddSingleton<MartenEventLog>();
        services.TryAddSingleton<IEventLog>(provider => new ObservedLog(
            provider.GetRequiredService<MartenEventLog>(), provider.GetRequiredService<LogMetrics>()));
        services.AddHealthChecks().AddCheck<LogHealthCheck>("log", HealthStatus.Unhealthy, ["ready"]);
        return services.AddMarten(provider =>
        {
            var store = new StoreOptions();
            LogStore.Configure(store, provider.GetRequiredService<PlatformOptions>().LogConnectionString, provider.GetRequiredService<TimeProvider>());
            return store;
        });
    }
}
