using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Budget;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Hosting.Work;
using Marten;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DoSnapshot.Hosting;

/// <summary>
/// Puts a process together: the common parts once, and the services that shall run in it. In production one service each; in the demo all.
/// </summary>
public sealed class PlatformBuilder
{
    private readonly List<Action<IBusRegistrationConfigurator>> consumers = [];
    private bool relays;
    private bool binds;

    /// <summary>Builds onto this application.</summary>
    public PlatformBuilder(IHostApplicationBuilder application)
    {
        Application = application;
    }

    /// <summary>The application that is built.</summary>
    public IHostApplicationBuilder Application { get; }

    /// <summary>
    /// Whether the bus may stay within this process when no broker is named: only where every service runs in it, as in the demo. A worker alone
    /// on such a bus would wait for ever.
    /// </summary>
    public bool KeepsBusInProcess { get; init; }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services => Application.Services;

    /// <summary>Adds a consumer with its own queue.</summary>
    public PlatformBuilder Consume<TConsumer, TDefinition>()
        where TConsumer : class, IConsumer
        where TDefinition : class, IConsumerDefinition<TConsumer>
    {
        consumers.Add(bus => bus.AddConsumer<TConsumer, TDefinition>());
        return this;
    }

    /// <summary>Adds a follower, which runs while this process leads its role.</summary>
    public PlatformBuilder Follow<TFollower>()
        where TFollower : class, IFollower
    {
        Services.AddSingleton<TFollower>();
        Services.AddSingleton<IFollower>(services => services.GetRequiredService<TFollower>());
        Services.AddHostedService<FollowerService<TFollower>>();
        return this;
    }

    /// <summary>Makes this process one that binds a log to its token's account, when nobody has yet.</summary>
    public PlatformBuilder BindAccount()
    {
        binds = true;
        return this;
    }

    /// <summary>Makes this process able to relay the log to the bus.</summary>
    public PlatformBuilder Relay()
    {
        relays = true;
        return this;
    }

    /// <summary>Adds the common parts. Call it last.</summary>
    /// <exception cref="OptionsValidationException">A setting is missing or cannot be used; the message names it.</exception>
    public void Build()
    {
        var configuration = Application.Configuration;
        var options = SettingsReader.Read<PlatformOptions>(
            configuration, PlatformOptions.Section, nameof(PlatformOptions.LogConnectionString), nameof(PlatformOptions.BusUri));
        Check(new PlatformOptionsCheck(KeepsBusInProcess).Validate(null, options));
        var api = DigitalOceanSettings.Read(configuration);
        var timings = TimingSettings.Read(configuration, api);

        Services.TryAddSingleton(TimeProvider.System);
        Services.AddSingleton(options);
        Services.AddSingleton(timings);
        Services.AddSingleton<WorkGauge>();
        Services.AddSingleton<Rounds>();
        AddLog(options);
        AddDigitalOcean(api);
        Services.AddBus(options, consumers);
        Services.AddSingleton(services => ActivatorUtilities.CreateInstance<AccountGate>(services, new AccountGateOptions(binds)));
        Services.AddHostedService(services => services.GetRequiredService<AccountGate>());
        Services.AddHealthChecks()
            .AddCheck<LogHealthCheck>("log", HealthStatus.Unhealthy, ["ready"])
            .AddCheck<ApiHealthCheck>("api", HealthStatus.Unhealthy, ["ready"])
            .AddCheck<AccountGate>("account", HealthStatus.Unhealthy, ["ready"]);
        Application.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
    }

    private void AddLog(PlatformOptions options)
    {
        var marten = Services.AddMarten(services =>
        {
            var store = new StoreOptions();
            LogStore.Configure(store, options.LogConnectionString, services.GetRequiredService<TimeProvider>());
            return store;
        });
        if (relays)
        {
            marten.AddSubscriptionWithServices<EventRelay>(ServiceLifetime.Singleton);
            Services.AddSingleton<RelayDaemon>();
        }

        Services.AddSingleton<StoreReadiness>();
        Services.AddHostedService(services => services.GetRequiredService<StoreReadiness>());
        Services.TryAddSingleton<IEventLog, MartenEventLog>();
        Services.AddSingleton<LeaderElection>();
    }

    private void AddDigitalOcean(DigitalOceanOptions api)
    {
        Services.AddSingleton(api);
        Services.TryAddSingleton<IDigitalOcean>(services => new DigitalOceanClient(
            new HttpClient(DigitalOceanClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan },
            api,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<DigitalOceanClient>>(),
            services.GetRequiredService<IRequestBudget>()));
        Services.TryAddSingleton<IRequestBudget>(services => new SharedRequestBudget(
            NpgsqlDataSource.Create(LogConnection.ForLog(services.GetRequiredService<PlatformOptions>().LogConnectionString)),
            api.Token,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SharedRequestBudget>>()));
    }

    private static void Check(ValidateOptionsResult result)
    {
        if (result.Failed)
        {
            throw new OptionsValidationException(PlatformOptions.Section, typeof(PlatformOptions), result.Failures);
        }
    }
}
