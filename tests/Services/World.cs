using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Planner;
using DoSnapshot.Planner.Plans;
using DoSnapshot.PrunerWorker;
using DoSnapshot.Sandbox;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Services.Tests;

/// <summary>
/// Planner and workers on a log in memory and an account to practise on, all on one clock that stands still unless told. Commands reach the
/// workers when <see cref="DeliverAsync"/> says so; <see cref="RunAsync"/> does what the processes do, step by step.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    public const string Home = "nyc3";
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan SnapshotTime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan TransferTime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan ListingLag = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ReconcileEvery = TimeSpan.FromMinutes(15);

    private readonly HttpClient _http;
    private DateTimeOffset _reconciledAt = DateTimeOffset.MinValue;
    private long _delivered;

    public World(PlanSettings? settings = null, IEventLog? log = null, SandboxSeed? seed = null, params StatedPlan[] plans)
    {
        Settings = settings ?? Plan();
        Stated = plans;
        Account = new SandboxAccount(
            Clock,
            new SandboxSettings
            {
                SnapshotDuration = new SandboxDuration(SnapshotTime),
                TransferDuration = new SandboxDuration(TransferTime),
                ListingLag = ListingLag,
                Variation = 0,
            }.WithoutRateLimits(),
            seed);
        Line = new Line(new SandboxHandler(Account));
        _http = new HttpClient(Line) { Timeout = Timeout.InfiniteTimeSpan };
        Api = new DigitalOceanClient(_http, new DigitalOceanOptions { Token = "a-token" }, Clock, NullLogger<DigitalOceanClient>.Instance, Requests);
        Log = log ?? new InMemoryEventLog(Clock);
        Bus = new RecordingBus();
        Reconciler = new Reconciler(Log, Api, Configured, Clock, Timings, NullLogger<Reconciler>.Instance);
        Decider = new Decider(Log, Clock, Options, NullLogger<Decider>.Instance);
        ClockWatch = new ClockWatch(Clock, Timings);
        Alarms = new AlarmWatch(ClockWatch, Timings, NullLogger<AlarmWatch>.Instance);
        Sweeper = new Sweeper(Log, Bus.Bus, Clock, NullLogger<Sweeper>.Instance);
        Taker = new SnapshotTaker(Log, Api, Clock, Timings, NullLogger<SnapshotTaker>.Instance);
        SnapshotFollower = new SnapshotFollower(Log, Api, Clock, Timings);
        PowerFollower = new PowerFollower(Log, Api, Taker, Clock, Timings, NullLogger<PowerFollower>.Instance);
        Maker = new TransferMaker(Log, Api, Clock, Timings, NullLogger<TransferMaker>.Instance);
        TransferFollower = new TransferFollower(Log, Api, Clock, Timings);
        Pruner = new SnapshotPruner(Log, Api, Clock, Timings, NullLogger<SnapshotPruner>.Instance);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public FakeTimeProvider Clock { get; } = new(Start);

    public DateTimeOffset Now => Clock.GetUtcNow();

    public LifecycleTimings Timings { get; } = new();

    /// <summary>What is believed of the clock, which nobody holds against DigitalOcean's unless a test does.</summary>
    public ClockWatch ClockWatch { get; }

    public PlannerOptions Options { get; } = new();

    /// <summary>The one plan, where there are not several.</summary>
    public PlanSettings Settings { get; }

    /// <summary>Several plans, as a file states them; none where there is the one.</summary>
    public StatedPlan[] Stated { get; set; }

    public SandboxAccount Account { get; }

    public Line Line { get; }

    public IDigitalOcean Api { get; }

    public OpenBudget Requests { get; } = new();

    public IEventLog Log { get; }

    public RecordingBus Bus { get; }

    public ConfiguredPlans Configured => Stated.Length == 0
        ? PlanConfiguration.From(Settings)
        : new ConfiguredPlans(new PlanSet(Stated), "plans.yaml", onlyWayIn: false, (plan, term) => $"plans.yaml: {plan}: {term}");

    /// <summary>The keeper of a process that was started with what is configured now.</summary>
    public PlanKeeper Keeper => new(Log, Configured, Clock, NullLogger<PlanKeeper>.Instance);

    public Reconciler Reconciler { get; }

    public Decider Decider { get; }

    public AlarmWatch Alarms { get; }

    public Sweeper Sweeper { get; }

    public SnapshotTaker Taker { get; }

    public SnapshotFollower SnapshotFollower { get; }

    public PowerFollower PowerFollower { get; }

    public TransferMaker Maker { get; }

    public TransferFollower TransferFollower { get; }

    public SnapshotPruner Pruner { get; }

    /// <summary>What went wrong in a follower's round, as its service would have logged it.</summary>
    public List<Exception> FailedRounds { get; } = [];

    public static PlanSettings Plan(string every = "1d", string keep = "", string regions = "") =>
        new() { Every = every, At = "03:00", Spread = "0h", Keep = keep, Regions = regions };

    /// <summary>One of several plans; its tag is its name.</summary>
    public static StatedPlan Stating(string name, string every = "1d", string[]? keep = null, string[]? regions = null) => new(
        name, new PlanTerms(name, $"$droplet-{name}-", every, "03:00", "0h", keep ?? [], regions ?? [], 1, PlanTiming.Anchored));

    public long AddDroplet(string name = "web-1", params string[] tags) =>
        Account.AddDroplet(new NewDroplet { Name = name, Region = Home, Tags = tags.Length == 0 ? ["autosnapshot"] : tags }).OrThrow().Id;

    public long Plant(long dropletId, string name, DateTimeOffset createdAt, long? id = null, params string[] regions) =>
        Account.PlantSnapshot(new NewSnapshot
        {
            Name = name,
            DropletId = dropletId,
            CreatedAt = createdAt,
            Id = id,
            Regions = regions.Length == 0 ? [Home] : regions,
        }).OrThrow().Id;

    /// <summary>A snapshot as the plan names it.</summary>
    public long PlantOld(long dropletId, string droplet, DateTimeOffset createdAt, params string[] regions) =>
        Plant(dropletId, $"{droplet}-autosnapshot-{createdAt:yyyyMMdd'T'HHmmss'Z'}", createdAt, null, regions);

    /// <summary>What a planner does when it begins to lead.</summary>
    public async Task LeadAsync()
    {
        await Keeper.ApplyAsync(Ct);
        await ReconcileAsync();
    }

    public async Task ReconcileAsync()
    {
        await Reconciler.RunAsync(Ct);
        _reconciledAt = Now;
    }

    public async Task<DropletLedger> LedgerAsync(long dropletId) => (await Log.LoadLedgersAsync([dropletId], Ct))[0];

    public async Task<Snapshot> OnlyAsync(long dropletId) => Assert.Single((await LedgerAsync(dropletId)).Snapshots);

    public async Task<IReadOnlyList<object>> EventsAsync() => [.. (await Log.ReadAsync(0, int.MaxValue, Ct)).Select(e => e.Data)];

    public async Task<IReadOnlyList<Type>> LifeAsync(Guid snapshotId) =>
        [.. (await Log.ReadStreamAsync(Streams.OfSnapshot(snapshotId), Ct)).Select(e => e.Data.GetType())];

    /// <summary>The calls of this kind that reached DigitalOcean.</summary>
    public IReadOnlyList<SandboxCall> Calls(string method, string? path = null) =>
        [.. Account.Journal.All().Where(c => c.Method == method && (path is null || c.Path.Contains(path, StringComparison.Ordinal)))];

    /// <summary>Hands every command that the log has got since the last time to its worker, until there are no more.</summary>
    public async Task DeliverAsync()
    {
        while (await Log.ReadAsync(_delivered, 100, Ct) is { Count: > 0 } page)
        {
            foreach (var e in page)
            {
                _delivered = e.Sequence;
                await HandAsync(e.Data);
            }
        }

        while (Bus.Published.TryDequeue(out var again))
        {
            await HandAsync(again.Message);
        }
    }

    /// <summary>Hands one command of the log to its worker.</summary>
    public Task HandAsync(object command) => command switch
    {
        SnapshotRequested c => Taker.HandleAsync(c, fromLog: true, Ct),
        TransferRequested c => Maker.HandleAsync(c, fromLog: true, Ct),
        SnapshotExpired c => Pruner.HandleAsync(c, fromLog: true, Ct),
        _ => Task.CompletedTask,
    };

    /// <summary>One round of everybody.</summary>
    public async Task RoundAsync()
    {
        if (Now - _reconciledAt >= ReconcileEvery)
        {
            await ReconcileAsync();
        }

        await FollowAsync();
        var fleet = await Decider.DecideAllAsync(Ct);
        Alarms.Look(fleet);
        await Sweeper.SweepAsync(fleet, Ct);
        await DeliverAsync();
    }

    public async Task FollowAsync()
    {
        foreach (var follower in new Hosting.IFollower[] { SnapshotFollower, PowerFollower, TransferFollower })
        {
            try
            {
                await follower.RoundAsync(Ct);
            }
            catch (Exception e) when (e is DigitalOceanException or AggregateException)
            {
                FailedRounds.Add(e);
            }
        }
    }

    /// <summary>Lets an hour pass with followers at work, and nobody else.</summary>
    public async Task RunFollowersAsync()
    {
        for (var i = 0; i < 60; i++)
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            await FollowAsync();
        }
    }

    /// <summary>Lets time pass with everybody at work.</summary>
    public async Task RunAsync(TimeSpan duration, TimeSpan? step = null)
    {
        var end = Now + duration;
        await RoundAsync();
        while (Now < end)
        {
            Clock.Advance(step ?? TimeSpan.FromMinutes(1));
            await RoundAsync();
        }
    }

    /// <summary>An operator's word that what the brake holds may go: of one droplet, or of the plan.</summary>
    public async Task ReleaseAsync(long? dropletId = null, string plan = "default")
    {
        var fleet = await Log.LoadLedgersAsync(null, Ct);
        var brake = Assert.Single(Braking.InForce(fleet, Now), b => b.Plan == plan && b.DropletId == dropletId);
        Assert.Single(dropletId is { } id
            ? await Log.DecideAsync(id, ledger => Releasing.Droplet(ledger, brake, "ann", "looked", Now), Ct)
            : await Log.DecideFleetAsync(facts => Releasing.Plan(facts, brake, "ann", "looked", Now), Ct));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Bus.DisposeAsync();
    }
}
