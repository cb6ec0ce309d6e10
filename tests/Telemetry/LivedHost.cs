using System.Diagnostics;
using System.Diagnostics.Metrics;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Planner;
using DoSnapshot.PrunerWorker;
using DoSnapshot.Sandbox;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.Tests.Support;
using DoSnapshot.TransferWorker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>
/// All services in one real process on PostgreSQL, with a sandbox over HTTP and a collector, logging everything: a snapshot is asked for, made, copied,
/// and pruned once another has taken its place. What was told meanwhile is kept; the process is over.
/// </summary>
public sealed class LivedHost(PostgresFixture postgres) : IAsyncLifetime
{
    internal const string Token = "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Region = "lon1";

    private readonly List<Activity> _steps = [];
    private readonly MeterListener _listener = new();
    private Collector? _collector;

    internal static Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal)
    {
        ["Plan:Keep"] = "0h:0h",
        ["Plan:Regions"] = Region,
        ["Plan:Spread"] = "0h",
        ["Plan:At"] = "00:00",
        ["Platform:FollowEvery"] = "00:00:00.200",
        ["Planner:DecideEvery"] = "00:00:00.500",
        ["Planner:ReconcileEvery"] = "00:00:01",
        ["Logging:LogLevel:Default"] = "Trace",
        ["Logging:LogLevel:MassTransit"] = "Trace",
        ["Logging:LogLevel:Marten"] = "Trace",
        ["Logging:LogLevel:JasperFx"] = "Trace",
        ["Logging:LogLevel:Npgsql"] = "Trace",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "Trace",
        ["Logging:Console:LogLevel:Default"] = "None",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
    };

    /// <summary>The instruments of ours that were made.</summary>
    internal List<Instrument> Instruments { get; private set; } = [];

    /// <summary>The exported steps of all traces.</summary>
    internal IEnumerable<Activity> Steps => _steps.Where(s => s.Recorded);

    internal Collector Collector => _collector!;

    internal Scrape Scrape { get; private set; } = new("");

    internal long Droplet { get; private set; }

    internal Snapshot Pruned { get; private set; } = null!;

    /// <summary>The requests to the sandbox that told which trace they are of.</summary>
    internal int TracedRequests { get; private set; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("DoSnapshot", StringComparison.Ordinal))
            {
                Instruments.Add(instrument);
            }
        };
        _listener.Start();
        _collector = await Collector.StartAsync(Ct);
        var account = new SandboxAccount(TimeProvider.System, Pace.WithoutRateLimits());
        Droplet = account.AddDroplet(new NewDroplet { Name = "web-1", Region = "nyc3", Tags = ["autosnapshot"] }).OrThrow().Id;
        await using var sandbox = await ServeAsync(account);
        await using var app = PlatformHost.Build(
            [
                .. Settings.Select(s => $"--{s.Key}={s.Value}"),
                $"--Platform:LogConnectionString={await postgres.CreateDatabaseAsync(Ct)}",
                $"--DigitalOcean:ApiUrl={sandbox.Urls.First()}",
                $"--DigitalOcean:Token={Token}",
                $"--OTEL_EXPORTER_OTLP_ENDPOINT={_collector.Address}",
                "--urls=http://127.0.0.1:0",
            ],
            new PlatformProcess(0, platform =>
            {
                platform.Services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddInMemoryExporter(_steps));
                platform.AddPlanner().AddSnapshotWorker().AddTransferWorker().AddPrunerWorker();
            })
            { KeepsBusInProcess = true });
        await app.StartAsync(Ct);
        await app.Services.GetRequiredService<StoreReadiness>().WhenReady.WaitAsync(Ct);
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        await LiveAsync(account, app.Services.GetRequiredService<IEventLog>());
        await ReadAsync(new Uri(app.Urls.First()));
        Instruments = [.. Instruments.Where(i => ReferenceEquals(i.Meter.Scope, meters))];
        await app.StopAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await (_collector?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static SandboxSettings Pace => new()
    {
        SnapshotDuration = new SandboxDuration(TimeSpan.FromSeconds(1)),
        TransferDuration = new SandboxDuration(TimeSpan.FromSeconds(1)),
        ListingLag = TimeSpan.FromSeconds(0.5),
        Variation = 0,
        Token = Token,
    };

    private async Task<WebApplication> ServeAsync(SandboxAccount account)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSandbox(account);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            TracedRequests += context.Request.Headers.ContainsKey("traceparent") ? 1 : 0;
            return next(context);
        });
        app.MapSandbox();
        await app.StartAsync(Ct);
        return app;
    }

    private async Task LiveAsync(SandboxAccount account, IEventLog log)
    {
        await UntilAsync("the snapshot is complete, copied and held", log, s => s is { IsComplete: true, HeldBy: Guard.NewestComplete } && s.Regions.Contains(Region));
        var now = TimeProvider.System.GetUtcNow();
        account.PlantSnapshot(new NewSnapshot
        {
            Name = $"web-1-autosnapshot-{now:yyyyMMdd'T'HHmmss'Z'}",
            DropletId = Droplet,
            CreatedAt = now,
            Regions = ["nyc3"],
        }).OrThrow();
        Pruned = await UntilAsync("it is pruned", log, s => s is { Phase: SnapshotPhase.Pruned });
    }

    private async Task<Snapshot> UntilAsync(string what, IEventLog log, Func<Snapshot, bool> holds)
    {
        Snapshot? found = null;
        var happened = await Eventually.HoldsAsync(
            async () => (found = (await log.LoadLedgersAsync([Droplet], Ct))[0].Snapshots.FirstOrDefault(s => s.Scheduled && holds(s))) is not null,
            TimeSpan.FromSeconds(90),
            Ct);
        Assert.True(happened, $"did not happen: {what}: {string.Join("; ", (await log.LoadLedgersAsync([Droplet], Ct))[0].Snapshots)}");
        return found!;
    }

    /// <summary>Reads the measures when the planner has looked at what came of it, and everything was exported.</summary>
    private async Task ReadAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        var settled = await Eventually.HoldsAsync(
            async () =>
            {
                Scrape = new Scrape(await client.GetStringAsync("/metrics", Ct));
                return Scrape.Of("dosnapshot_snapshots_complete").Sum(s => s.Value) == 1
                    && Scrape.Of("dosnapshot_snapshots_leaving").Sum(s => s.Value) == 0
                    && Scrape.Of("dosnapshot_transfers_awaiting").Sum(s => s.Value) == 0
                    && Scrape.Of("dosnapshot_api_budget_left").Any()
                    && Scrape.Of("dosnapshot_relay_lag_seconds").Any()
                    && Scrape.Of("dosnapshot_health").Count(s => s.Value == 1) > 5
                    && ((string[])["traces", "metrics", "logs"]).All(s => _collector!.Count(s) > 0);
            },
            TimeSpan.FromSeconds(60),
            Ct);
        Assert.True(settled, Scrape.Text);
    }
}
