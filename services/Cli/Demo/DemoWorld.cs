using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Hosting.Work;
using DoSnapshot.LocalServers;
using DoSnapshot.Planner;
using DoSnapshot.PrunerWorker;
using DoSnapshot.Sandbox;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;

namespace DoSnapshot.Cli.Demo;

/// <summary>Everything in one process: PostgreSQL of its own, a practice account, the planner and the three workers, on a clock that jumps.</summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    private readonly EmbeddedPostgres _postgres;
    private readonly WebApplication _app;

    private DemoWorld(EmbeddedPostgres postgres, WebApplication app, JumpClock clock, SandboxAccount account)
    {
        _postgres = postgres;
        _app = app;
        Clock = clock;
        Account = account;
        Gauge = app.Services.GetRequiredService<WorkGauge>();
        Log = app.Services.GetRequiredService<IEventLog>();
    }

    public JumpClock Clock { get; }

    public SandboxAccount Account { get; }

    public WorkGauge Gauge { get; }

    public IEventLog Log { get; }

    public string PostgresVersion => _postgres.Version.ToString();

    public string ConnectionString => _postgres.ConnectionString;

    public string SandboxAddress => _app.Urls.First();

    public static async Task<DemoWorld> StartAsync(DateTimeOffset start, bool verbose, CancellationToken ct)
    {
        var postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions(), ct);
        try
        {
            var clock = new JumpClock(start);
            var account = new SandboxAccount(clock, new SandboxSettings(), SandboxSeeds.Demo(start));
            var app = Build(postgres.ConnectionString, clock, account, verbose, ct);
            var world = new DemoWorld(postgres, app, clock, account);
            await app.StartAsync(ct);
            await world.WhenAllLeadAsync(ct);
            return world;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>The clock may move only when everybody who lives by it is there.</summary>
    private async Task WhenAllLeadAsync(CancellationToken ct)
    {
        var election = _app.Services.GetRequiredService<LeaderElection>();
        var planner = _app.Services.GetRequiredService<PlannerStatus>();
        var roles = _app.Services.GetServices<IFollower>().Select(f => f.Role).ToList();
        while (!planner.IsReconciled || !roles.All(election.Leads))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        }
    }

    private static WebApplication Build(string connectionString, JumpClock clock, SandboxAccount account, bool verbose, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(DemoPlan.Settings(connectionString));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var least = verbose ? LogLevel.Information : LogLevel.Error;
        // Ctrl+C ends everything at once; what was in the middle of something has nothing to tell.
        builder.Logging.AddFilter(level => level >= least && !ct.IsCancellationRequested);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSandbox(account);
        builder.Services.AddSingleton<IDigitalOcean>(services => new DigitalOceanClient(
            new HttpClient(new SandboxHandler(account)) { Timeout = Timeout.InfiniteTimeSpan },
            services.GetRequiredService<DigitalOceanOptions>(),
            clock));
        builder.Services.AddSingleton<MartenEventLog>();
        builder.Services.AddSingleton<IEventLog>(services => new GaugedLog(
            services.GetRequiredService<MartenEventLog>(), services.GetRequiredService<WorkGauge>()));

        var platform = new PlatformBuilder(builder) { KeepsBusInProcess = true };
        platform.AddPlanner().AddSnapshotWorker().AddTransferWorker().AddPrunerWorker();
        // After the planner's own listener: a fact counts as work before its event no longer does.
        builder.Services.AddSingleton<IRelayListener, RelayedEvents>();
        platform.Build();

        var app = builder.Build();
        app.MapSandbox();
        return app;
    }
}
