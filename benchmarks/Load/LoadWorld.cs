using DoSnapshot.Cli.Demo;
using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Planner;
using DoSnapshot.Planner.Plans;
using DoSnapshot.PrunerWorker;
using DoSnapshot.Sandbox;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Load.Benchmarks;

/// <summary>
/// The planner and the workers of several processes, each with its own client and all with one budget, on a clock that jumps. Everything happens
/// on the one thread that moves the clock, so that two runs differ in nothing but what their random numbers decide.
/// </summary>
internal sealed class LoadWorld
{
    private static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(20);

    private readonly JumpClock _clock;
    private readonly RelayedLog _log;
    private readonly SandboxAccount _account;
    private readonly LifecycleTimings _timings = new();
    private readonly Decider _decider;
    private bool _isRelaying;
    private long _relayed;

    public LoadWorld(JumpClock clock, IEventLog log, SandboxAccount account, LoadOptions options, CallMeter calls)
    {
        _clock = clock;
        _account = account;
        _log = new RelayedLog(log) { Appended = RelaySoon };
        Calls = calls;
        Budget = new MemoryBudget(clock);
        Snapshots = new WorkQueue<SnapshotRequested>(clock);
        Transfers = new WorkQueue<TransferRequested>(clock);
        Expiries = new WorkQueue<SnapshotExpired>(clock);
        _decider = StartPlanner(options);
        for (var i = 0; i < options.Replicas; i++)
        {
            var taker = new SnapshotTaker(_log, Client(), clock, _timings, NullLogger<SnapshotTaker>.Instance);
            Consume(Snapshots, concurrency: 8, command => taker.HandleAsync(command, fromLog: true, CancellationToken.None));
        }

        var maker = new TransferMaker(_log, Client(), clock, _timings, NullLogger<TransferMaker>.Instance);
        Consume(Transfers, concurrency: 8, command => maker.HandleAsync(command, fromLog: true, CancellationToken.None));
        var pruner = new SnapshotPruner(_log, Client(), clock, _timings, NullLogger<SnapshotPruner>.Instance);
        Consume(Expiries, concurrency: 4, command => pruner.HandleAsync(command, fromLog: true, CancellationToken.None));
        Follow(new SnapshotFollower(_log, Client(), clock, _timings));
        Follow(new TransferFollower(_log, Client(), clock, _timings));
    }

    public CallMeter Calls { get; }

    public MemoryBudget Budget { get; }

    public WorkQueue<SnapshotRequested> Snapshots { get; }

    public WorkQueue<TransferRequested> Transfers { get; }

    public WorkQueue<SnapshotExpired> Expiries { get; }

    /// <summary>Rounds that failed, which the next one made good.</summary>
    public SortedDictionary<string, int> FailedRounds { get; } = new(StringComparer.Ordinal);

    /// <summary>How many events of each kind there were, and when the last one was.</summary>
    public Dictionary<Type, (int Count, DateTimeOffset Last)> Events { get; } = [];

    private DigitalOceanClient Client() => new(
        new HttpClient(Calls.Around(new SandboxHandler(_account))), new DigitalOceanOptions { Token = "a-token" }, _clock, logger: null, Budget);

    private Decider StartPlanner(LoadOptions options)
    {
        var plan = PlanConfiguration.From(new PlanSettings { Every = "1d", At = "03:00", Spread = "0h", Keep = options.Keep, Regions = options.Regions });
        var api = Client();
        var settings = new PlannerOptions { InFlightLimit = options.InFlight };
        var reconciler = new Reconciler(_log, api, plan, _clock, _timings, NullLogger<Reconciler>.Instance);
        var decider = new Decider(_log, _clock, settings, NullLogger<Decider>.Instance);
        var sweeper = new Sweeper(_log, DirectBus.To(Hand), _clock, NullLogger<Sweeper>.Instance);
        var isReconciled = false;
        Observe(new PlanKeeper(_log, plan, _clock, NullLogger<PlanKeeper>.Instance).ApplyAsync(CancellationToken.None));
        Repeat("comparison", settings.ReconcileEvery, async () =>
        {
            await reconciler.RunAsync(CancellationToken.None).ConfigureAwait(false);
            isReconciled = true;
        });
        Repeat("decision", settings.DecideEvery, async () =>
        {
            if (isReconciled)
            {
                await sweeper.SweepAsync(await decider.DecideAllAsync(CancellationToken.None).ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false);
            }
        });
        return decider;
    }

    private void Follow(IFollower follower) => Repeat(follower.Role, FollowEvery, () => follower.RoundAsync(CancellationToken.None));

    private void Repeat(string name, TimeSpan pause, Func<Task> round) => Observe(RepeatAsync(name, pause, round));

    private async Task RepeatAsync(string name, TimeSpan pause, Func<Task> round)
    {
        while (true)
        {
            try
            {
                await round().ConfigureAwait(false);
            }
            catch (Exception e) when (e is DigitalOceanException or AggregateException)
            {
                FailedRounds[name] = FailedRounds.GetValueOrDefault(name) + 1;
            }

            await Task.Delay(pause, _clock).ConfigureAwait(false);
        }
    }

    private static void Consume<T>(WorkQueue<T> queue, int concurrency, Func<T, Task> handle)
    {
        for (var i = 0; i < concurrency; i++)
        {
            Observe(queue.ConsumeAsync(handle));
        }
    }

    /// <summary>A few milliseconds after something was appended it is at its queue.</summary>
    private void RelaySoon()
    {
        if (!_isRelaying)
        {
            _isRelaying = true;
            Observe(RelayAsync());
        }
    }

    private async Task RelayAsync()
    {
        await Task.Delay(TimeSpan.FromMilliseconds(10), _clock).ConfigureAwait(false);
        _isRelaying = false;
        foreach (var e in await _log.ReadAsync(_relayed, int.MaxValue, CancellationToken.None).ConfigureAwait(false))
        {
            _relayed = e.Sequence;
            Events[e.Data.GetType()] = (Events.GetValueOrDefault(e.Data.GetType()).Count + 1, _clock.GetUtcNow());
            Hand(e.Data);
            if (e.Data is SnapshotCompleted completed)
            {
                await _decider.DecideOneAsync(completed.DropletId, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Hand(object message)
    {
        switch (message)
        {
            case SnapshotRequested command:
                Snapshots.Put(command);
                break;
            case TransferRequested command:
                Transfers.Put(command);
                break;
            case SnapshotExpired command:
                Expiries.Put(command);
                break;
        }
    }

    /// <summary>What nobody awaits ends the run if it fails.</summary>
    private static void Observe(Task task) => _ = task.ContinueWith(
        failed => Environment.FailFast("A part of the platform ended.", failed.Exception),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
