using DoSnapshot.Cli.Arguments;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.PrunerWorker;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Cli.Pass;

/// <summary>
/// What a pass works with. The log is where its decisions stand while it runs: one in memory makes a pass that keeps nothing, and the same
/// workers as the services' act on it.
/// </summary>
internal sealed class PassContext
{
    /// <summary>
    /// Waits of an hour and more between attempts: a second attempt is the next run's, unless DigitalOcean asks for a short wait.
    /// </summary>
    private static readonly LifecycleTimings TimingsOfOneRun = new() { RetryFirst = TimeSpan.FromHours(1) };

    /// <summary>The next run finds in the log what to try again: the waits are longer than this one's patience, and shorter than from run to run.</summary>
    private static readonly LifecycleTimings TimingsOfALog = new() { RetryFirst = TimeSpan.FromMinutes(5), AbsenceGrace = TimeSpan.FromSeconds(30) };

    /// <summary>A pass over these ports.</summary>
    public PassContext(PassOptions options, IEventLog log, IDigitalOcean api, TimeProvider clock, ILogger logger)
    {
        KeepsLog = options.Log is not null;
        Timings = KeepsLog ? TimingsOfALog : TimingsOfOneRun;
        Options = options;
        Log = log;
        Past = log;
        Api = api;
        Clock = clock;
        Logger = logger;
        Taker = new SnapshotTaker(log, api, clock, Timings, NullLogger<SnapshotTaker>.Instance);
        Maker = new TransferMaker(log, api, clock, Timings, NullLogger<TransferMaker>.Instance);
        Pruner = new SnapshotPruner(log, api, clock, Timings, NullLogger<SnapshotPruner>.Instance);
    }

    /// <summary>What is to be done.</summary>
    public PassOptions Options { get; }

    /// <summary>The plan.</summary>
    public Plan Plan => Options.Plan;

    /// <summary>Where decisions stand while the pass runs.</summary>
    public IEventLog Log { get; }

    /// <summary>What happened before the pass: the log itself, but in a dry run, whose log is a copy without a past.</summary>
    public IEventLog Past { get; init; }

    /// <summary>The account.</summary>
    public IDigitalOcean Api { get; }

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Told of everything.</summary>
    public ILogger Logger { get; }

    /// <summary>Whether the log outlives the pass.</summary>
    public bool KeepsLog { get; }

    /// <summary>How long to wait for what.</summary>
    public LifecycleTimings Timings { get; }

    /// <summary>Begins snapshots.</summary>
    public SnapshotTaker Taker { get; }

    /// <summary>Begins transfers.</summary>
    public TransferMaker Maker { get; }

    /// <summary>Deletes.</summary>
    public SnapshotPruner Pruner { get; }

    /// <summary>Waits for this pass's turn among those that keep no log either; null where it needs none.</summary>
    public Func<CancellationToken, Task<PassTurn>>? TakeTurn { get; init; }

    /// <summary>What may expire: that which was counted when the plan was checked as a whole.</summary>
    public Clearance Clearance { get; set; } = Clearance.All;

    /// <summary>What was done.</summary>
    public PassTally Tally { get; } = new();
}
