using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Planner.Plans;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>
/// A simulated world: DigitalOcean, the log, the bus, two planners and some replicas of each worker, and all that may happen to them. The planner's
/// and the workers' code is the product's own.
/// </summary>
internal sealed partial class World : IDisposable
{
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(4);

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Dice _dice;
    private readonly SimBus _bus;
    private readonly Dictionary<string, Election> _elections = new(StringComparer.Ordinal);
    private readonly List<WorkerProcess> _workers = [];
    private readonly List<PlannerProcess> _planners = [];
    private readonly List<HttpClient> _clients = [];
    private readonly List<Happening> _history = [];
    private readonly IRequestBudget _budget;
    private (PlannerProcess Planner, Term Term)? _leader;
    private long _relayed;
    private bool _isRelayDue;
    private long _decisions;
    private readonly HashSet<long> _pokes = [];

    public World(ulong seed, WorldOptions options)
    {
        Options = options;
        _dice = new Dice(seed);
        Profile = options.Profile?.Invoke(_dice.For("profile")) ?? Profile.Draw(_dice.For("profile"), options.Days, options.Droplets);
        Sim = new Sim(Start);
        QuietFrom = Start.AddDays(Profile.Days) - Profile.Quiet;
        Log = new InMemoryEventLog(new SimClock(Sim, TimeSpan.Zero), _dice.For("ids").Guid);
        Hazard = new Hazard(this, _dice.For("hazard"));
        Plans = new PlanBook(_dice.For("plans"), options.Account == 0 ? "plan" : $"plan{options.Account}");
        Cloud = new Cloud(this, _dice.For("cloud"), CloudSettings.Of(Profile, _dice.For("settings")));
        _bus = new SimBus(this, _dice.For("bus"));
        _budget = options.Mutant?.Budget(new SimBudget(Sim)) ?? new SimBudget(Sim);
        Acts = new Acts(this, _dice.For("acts"));
    }

    public WorldOptions Options { get; }

    public Profile Profile { get; }

    public Sim Sim { get; }

    public InMemoryEventLog Log { get; }

    public Hazard Hazard { get; }

    public Cloud Cloud { get; }

    public PlanBook Plans { get; }

    public Acts Acts { get; }

    public Tally Tally { get; } = new();

    public LifecycleTimings Timings { get; } = new();

    public DateTimeOffset QuietFrom { get; }

    public bool IsQuiet => Sim.Now >= QuietFrom;

    public bool InOutage { get; set; }

    public IReadOnlyList<Happening> History => _history;

    /// <summary>The plans as the configuration states them at this moment, for a planner that starts now.</summary>
    public ConfiguredPlans Configured => Plans.Configured;

    public void Run()
    {
        Acts.Begin();
        for (var i = 1; i <= 2; i++)
        {
            StartPlanner(i, 1);
        }

        foreach (var role in (string[])["snapshot", "transfer", "pruner"])
        {
            for (var i = 1; i <= Profile.Replicas; i++)
            {
                StartWorker(role, i, 1);
            }
        }

        Sim.RunUntil(Start.AddDays(Profile.Days));
        for (var wait = TimeSpan.FromHours(12); !IsAtRest() && wait > TimeSpan.Zero; wait -= TimeSpan.FromMinutes(30))
        {
            Sim.RunUntil(Sim.Now + TimeSpan.FromMinutes(30));
        }

        Tally.Count("steps", Sim.Steps);
        Tally.Count("events", _history.OfType<Happening.Appended>().Count());
    }

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
    }

    public IEventLog LogFor(Incarnation process) => new ProcessLog(this, process, Options.Mutant?.Log(process.Role, _dice.For("mutant")));

    public IDigitalOcean ApiFor(Incarnation process)
    {
        var dice = _dice.For(process.Name);
        var http = new HttpClient(new Wire(this, process, dice.For("wire"))) { Timeout = Timeout.InfiniteTimeSpan };
        _clients.Add(http);
        var client = new DigitalOceanClient(
            http, new DigitalOceanOptions { Token = "simulated" }, process.Clock, null, _budget, new DiceRandom(dice.For("waits")));
        return Options.Mutant?.Api(process.Role, client, this, process.Clock) ?? client;
    }

    public IEnumerable<WorkerProcess> Workers(string role) => _workers.Where(w => w.Process.Role == role);

    public Election ElectionOf(string role)
    {
        if (!_elections.TryGetValue(role, out var election))
        {
            _elections[role] = election = new Election(this, role, _dice.For(role));
        }

        return election;
    }

    /// <summary>A follower looks again when something may have happened, and after a quarter of an hour at the latest; after an hour where all is at work.</summary>
    public TimeSpan UntilNextLook(Dice dice, bool allAtWork)
    {
        var next = (Cloud.Account.NextChange() ?? DateTimeOffset.MaxValue) - Sim.Now;
        var most = TimeSpan.FromMinutes(allAtWork ? 60 : 15);
        return TimeSpan.FromSeconds(20) + (next < most ? next : most) + dice.Time(TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }

    public void Happened(Happening happening)
    {
        _history.Add(happening);
        Options.Trace?.Invoke(happening.ToString()!);
    }

    public void Note(string what)
    {
        if (Options.Trace is { } trace)
        {
            trace(new Happening.Act(Sim.Now, what).ToString());
        }
    }

    /// <summary>What a process would have written into its log output.</summary>
    public void Trouble(Incarnation process, Exception e)
    {
        Tally.Count($"trouble: {e.GetType().Name}");
        Note($"{process.Name}: {e.Message}");
        Options.OnTrouble?.Invoke(e);
    }

    /// <summary>Takes note of what was appended, and of what is only said to be; wakes whoever waits for it.</summary>
    public IReadOnlyList<LoggedEvent> Appended(IReadOnlyList<LoggedEvent> events, IReadOnlyList<NewEvent> forgotten, string by)
    {
        Sim.CheckThread();
        _decisions++;
        List<LoggedEvent> acknowledged = [.. events, .. forgotten.Select((e, i) => new LoggedEvent(Guid.Empty, 1_000_000_000 + i, e.Stream, 0, e.Data))];
        foreach (var e in acknowledged)
        {
            Happened(new Happening.Appended(Sim.Now, e, _decisions, by));
            Tally.Count($"event: {e.Data.GetType().Name}");
            WakeFor(e.Data);
        }

        if (events.Count > 0)
        {
            Acts.Notice(acknowledged);
            if (acknowledged.Exists(e => !IsProgress(e.Data)))
            {
                _leader?.Planner.Wake.PokeOnce(_dice.Time(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(15)));
            }

            RelaySoon();
        }

        return acknowledged;
    }

    /// <summary>What a person tells the log by way of a command.</summary>
    public void Tell(Func<Task<IReadOnlyList<LoggedEvent>>> decide) => Appended(decide().GetAwaiter().GetResult(), [], "operator");

    public void Republish(object command)
    {
        Tally.Count("messages published again");
        if (Options.Mutant?.Republishes != false)
        {
            _bus.Publish(new Message(command, FromLog: true));
        }
    }

    public void PublishFromOutside(SnapshotRequested request) => _bus.Publish(new Message(request, FromLog: false));

    public void LeadsNow(PlannerProcess planner, Term term)
    {
        Note($"{planner.Process.Name} leads");
        _leader = (planner, term);
        // What was relayed and not noted is relayed once more.
        _relayed = Math.Max(0, _relayed - (IsQuiet ? 0 : _dice.Below(6)));
        RelaySoon();
    }

    /// <summary>Has the planner look about this time; where it does so within the next minutes anyway, that will do.</summary>
    public void PokePlannerAbout(DateTimeOffset at)
    {
        if (_pokes.Add(at.UtcTicks / Together.Ticks))
        {
            PokePlanner(at + _dice.Time(TimeSpan.Zero, Together));
        }
    }

    public void PokePlanner(DateTimeOffset at)
    {
        foreach (var planner in _planners.Where(p => p.Process.Alive))
        {
            planner.Wake.Poke(at);
        }
    }

    public void CompareSoon() => _planners.ForEach(p => p.Compare.Poke(Sim.Now + TimeSpan.FromMinutes(1)));

    /// <summary>The leading planner's clock goes wrong; gives how to set it right.</summary>
    public Action? JumpClock(TimeSpan jump)
    {
        if (_leader is not { Term.Leads: true } leader)
        {
            return null;
        }

        var clock = leader.Planner.Process.Clock;
        Note($"the clock of {leader.Planner.Process.Name} jumps by {jump}");
        clock.Offset += jump;
        return () => clock.Offset -= jump;
    }

    /// <summary>The clock of one worker, and of the follower in it, goes wrong in another way than before, within what is allowed.</summary>
    public void JumpWorkerClock(Dice dice)
    {
        if (_workers.Where(w => w.Process.Alive).Select(w => w.Process).ToList() is { Count: > 0 } alive)
        {
            var process = dice.Pick(alive);
            process.Clock.Offset = dice.Time(-Profile.Skew, Profile.Skew);
            Note($"the clock of {process.Name} jumps, and is ahead by {process.Clock.Offset}");
        }
    }

    private void WakeFor(object @event)
    {
        switch (@event)
        {
            case SnapshotAttempted or SnapshotStarted or TransferAttempted or TransferStarted:
                _workers.ForEach(w => w.WakeForWork());
                break;
            case PowerOnOwed or DropletShutDown or PowerOnAttempted or PowerOffForced:
                _workers.ForEach(w => w.WakeForPower());
                break;
            case SnapshotDeferred { RetryAt: var at }:
                PokePlannerAbout(at.AddSeconds(30));
                break;
            case SnapshotFailed { RetryAt: { } at }:
                PokePlannerAbout(at.AddSeconds(30));
                break;
            case TransferDeferred { RetryAt: var at }:
                PokePlannerAbout(at.AddSeconds(30));
                break;
            case TransferFailed { RetryAt: { } at }:
                PokePlannerAbout(at.AddSeconds(30));
                break;
            case PruneDeferred { RetryAt: var at }:
                PokePlannerAbout(at.AddSeconds(30));
                break;
            default:
                break;
        }
    }

    /// <summary>Whether nothing is on its way: the end is checked between two occurrences, and not in the middle of one.</summary>
    private bool IsAtRest() => Log.FindOwedPowerAsync(CancellationToken.None).Result.Count == 0 && !Log.LoadLedgersAsync(null, CancellationToken.None).Result.SelectMany(l => l.Snapshots).Any(s =>
        s is { Live: true } and ({ Phase: not SnapshotPhase.Complete } or { Transferring: true })
        || s.Transfers.Values.Any(t => t.Phase is TransferPhase.Requested && t.RequestedAt > Sim.Now.AddHours(-3)));

    /// <summary>Of what is under way, after which the planner has nothing to decide. What gets lost of it, the next round finds.</summary>
    private static bool IsProgress(object @event) => @event is SnapshotAttempted or SnapshotStarted or SnapshotDeferred or TransferAttempted or TransferStarted
        or TransferDeferred or PruneAttempted or PruneDeferred or PowerOnOwed or PowerOnAttempted or PowerOffForced or DropletShutDown or DropletPoweredOff or DropletPoweredOn;
}
