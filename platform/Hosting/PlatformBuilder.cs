using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Budget;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Health;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Hosting.Telemetry;
using DoSnapshot.Hosting.Work;
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
/// Puts a process together: the common parts once, and the services that shall run in it. A service each, or all of them.
/// </summary>
public sealed class PlatformBuilder
{
    private readonly List<Action<IBusRegistrationConfigurator>> consumers = [];
    private readonly List<string> mistakes = [];
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
    /// Whether the bus may stay within this process when no broker is named: only where every service runs in it. A worker alone on such a bus would
    /// wait for ever.
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

    /// <summary>Reads settings, and adds them for whoever wants them. What cannot be used is told by <see cref="Build"/>, with every other mistake.</summary>
    /// <returns>The settings; null when they cannot be used.</returns>
    public T? Configure<T>(Func<T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            var settings = read();
            Services.AddSingleton(settings);
            return settings;
        }
        catch (OptionsValidationException e)
        {
            Refuse(e.Failures);
            return null;
        }
    }

    /// <summary>Notes what is wrong with the configuration, for <see cref="Build"/> to tell with every other mistake.</summary>
    public void Refuse(IEnumerable<string> failures) => mistakes.AddRange(failures);

    /// <summary>Adds the common parts. Call it last.</summary>
    /// <exception cref="OptionsValidationException">Settings are missing or cannot be used; there is a message for each, which names it.</exception>
    public void Build()
    {
        var configuration = Application.Configuration;
        var options = Configure(() => PlatformSettings.Read(configuration, KeepsBusInProcess));
        var api = Configure(() => DigitalOceanSettings.Read(configuration));
        Configure(() => TimingSettings.Read(configuration, api ?? new DigitalOceanOptions()));
        if (options is null || api is null || mistakes.Count > 0)
        {
            throw new OptionsValidationException(PlatformOptions.Section, typeof(PlatformOptions), mistakes);
        }

        Services.TryAddSingleton(TimeProvider.System);
        Services.AddSingleton<WorkGauge>();
        Services.AddSingleton<Rounds>();
        AddLog();
        AddDigitalOcean(api);
        Services.AddBus(options, consumers);
        Services.AddSingleton(services => ActivatorUtilities.CreateInstance<AccountGate>(services, new AccountGateOptions(binds)));
        Services.AddHostedService(services => services.GetRequiredService<AccountGate>());
        Services.AddSingleton<ClockGuard>();
        Services.AddHealthChecks()
            .AddCheck<ApiHealthCheck>("api", HealthStatus.Unhealthy, ["ready"])
            .AddCheck<ClockGuard>("clock", HealthStatus.Unhealthy, ["ready"])
            .AddCheck<AccountGate>("account", HealthStatus.Unhealthy, ["ready"]);
        Application.Logging.AddLines();
    }

    private void AddLog()
    {
        var marten = Services.AddLog();
        if (relays)
        {
            marten.AddSubscriptionWithServices<EventRelay>(ServiceLifetime.Singleton);
            Services.AddSingleton<RelayDaemon>();
            Services.AddSingleton<RelayHealth>();
            Services.AddHealthChecks().AddCheck<RelayHealth>("relay", HealthStatus.Unhealthy, ["ready"]);
            Services.AddHostedService<RunningMetrics>();
        }

        Services.AddSingleton<LeaderElection>();
    }

    private void AddDigitalOcean(DigitalOceanOptions api)
    {
        Services.TryAddSingleton<IDigitalOcean>(services => new DigitalOceanClient(
            new HttpClient(DigitalOceanClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan },
            api,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<DigitalOceanClient>>(),
            services.GetRequiredService<IRequestBudget>(),
            observer: services.GetRequiredService<IRequestObserver>()));
        Services.AddSingleton<IRequestObserver, RequestMetrics>();
        Services.TryAddSingleton<IRequestBudget>(services => new SharedRequestBudget(
            NpgsqlDataSource.Create(LogConnection.ForLog(services.GetRequiredService<PlatformOptions>().LogConnectionString)),
            api.Token,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SharedRequestBudget>>()));
    }
}
