using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Planner;
using DoSnapshot.Planner.Plans;
using DoSnapshot.Simulation.Tests.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>
/// One life of a planner. Its parts are the planner's own; what ties them together does as the planner's leader does, with longer pauses: a round is
/// due when the log has moved or a moment has come, and else only now and then.
/// </summary>
internal sealed class PlannerProcess
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);

    private readonly World _world;
    private readonly Dice _dice;
    private readonly PlanKeeper _keeper;
    private readonly Reconciler _reconciler;
    private readonly Decider _decider;
    private readonly Sweeper _sweeper;
    private readonly ClockWatch _clock;
    private readonly Queue<long> _facts = new();
    private bool _mayDecide;
    private bool _isDecidingOnFacts;

    public PlannerProcess(World world, Incarnation process, Dice dice)
    {
        _world = world;
        _dice = dice;
        Process = process;
        Wake = new Wake(world.Sim, process);
        Compare = new Wake(world.Sim, process);
        var log = world.LogFor(process);
        var configured = world.Configured;
        var options = new PlannerOptions { InFlightLimit = 100 };
        _keeper = new PlanKeeper(log, configured, process.Clock, NullLogger<PlanKeeper>.Instance);
        _reconciler = new Reconciler(
            log, world.ApiFor(process), configured, process.Clock, world.Timings, NullLogger<Reconciler>.Instance, new DiceRandom(dice.For("order")));
        _clock = new ClockWatch(process.Clock, world.Timings);
        _decider = new Decider(log, process.Clock, options, NullLogger<Decider>.Instance);
        _sweeper = new Sweeper(log, PublishOnly.Of(world.Republish), process.Clock, NullLogger<Sweeper>.Instance);
    }

    public Incarnation Process { get; }

    /// <summary>Wakes the loop that decides.</summary>
    public Wake Wake { get; }

    /// <summary>Wakes the loop that compares.</summary>
    public Wake Compare { get; }

    public void Start() => _world.ElectionOf("planner").Stand(Process, term => _ = LeadAsync(term));

    /// <summary>The relay has passed an event on.</summary>
    public void Relayed(LoggedEvent @event)
    {
        if (@event.Data is SnapshotCompleted or SnapshotFailed or SnapshotDiscovered or SnapshotLost or SnapshotUnpinned or RetryRequested
                or TransferCompleted or TransferFailed or SnapshotPruned or PruneRefused or DropletResumed or OverlapResolved
            && EventTypes.DropletOf(@event.Data) is { } droplet)
        {
            _facts.Enqueue(droplet);
            if (!_isDecidingOnFacts)
            {
                _ = DecideOnFactsAsync();
            }
        }
    }

    private async Task LeadAsync(Term term)
    {
        while (term.Leads)
        {
            try
            {
                await _keeper.ApplyAsync(CancellationToken.None);
                break;
            }
            catch (TimeoutException e)
            {
                _world.Trouble(Process, e);
                await Process.WaitAsync(FirstRetry);
            }
        }

        _mayDecide = false;
        _sweeper.BeginLead(busForgets: _dice.Chance(0.3));
        _world.LeadsNow(this, term);
        _ = ReconcileAsync(term);
        await DecideAsync(term);
    }

    private async Task ReconcileAsync(Term term)
    {
        var retry = FirstRetry;
        while (term.Leads)
        {
            _world.Tally.Count("rounds: reconcile");
            TimeSpan pause;
            try
            {
                await CompareAsync();
                Wake.PokeOnce(TimeSpan.FromSeconds(1));
                (pause, retry) = (_world.Profile.ReconcileEvery, FirstRetry);
            }
#pragma warning disable CA1031 // As the leader does.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _world.Trouble(Process, e);
                _mayDecide = e is AggregateException || (_mayDecide && e is not (ClockSkewException or AccountMismatchException));
                Wake.PokeOnce(TimeSpan.FromSeconds(1));
                pause = retry;
                retry = retry * 2 < _world.Profile.ReconcileEvery ? retry * 2 : _world.Profile.ReconcileEvery;
            }

            await Compare.SleepAsync(pause);
        }
    }

    private async Task CompareAsync()
    {
        var reading = _clock.Read();
        try
        {
            await _reconciler.RunAsync(CancellationToken.None);
            await AgreeAsync(reading);
            _mayDecide = true;
        }
        catch (AggregateException)
        {
            await AgreeAsync(reading);
            throw;
        }
    }

    private async Task AgreeAsync(ClockReading reading) => _clock.Agreed(reading, await _decider.NewestAsync(CancellationToken.None));

    /// <summary>A clock that is in doubt is compared before anything is decided by it.</summary>
    private async Task DoubtAsync()
    {
        if (_mayDecide && _clock.Doubt(await _decider.NewestAsync(CancellationToken.None)) is not null)
        {
            _world.Tally.Count("clock in doubt");
            _mayDecide = false;
            await CompareAsync();
        }
    }

    private async Task DecideAsync(Term term)
    {
        while (term.Leads)
        {
            var pause = _dice.Time(TimeSpan.FromHours(1), TimeSpan.FromHours(3));
            if (_mayDecide)
            {
                try
                {
                    await DoubtAsync();
                    _world.Tally.Count("rounds: decide");
                    var fleet = await _decider.DecideAllAsync(CancellationToken.None);
                    await _sweeper.SweepAsync(fleet, CancellationToken.None);
                    if (fleet.SelectMany(Sweeping.Waiting).Any())
                    {
                        pause = _dice.Time(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(25));
                    }
                }
#pragma warning disable CA1031 // As the leader does: the next round decides again.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    _world.Trouble(Process, e);
                    _mayDecide |= e is AggregateException;
                    Wake.Poke(_world.Sim.Now + TimeSpan.FromMinutes(1));
                }
            }

            await Wake.SleepAsync(pause);
        }
    }

    private async Task DecideOnFactsAsync()
    {
        _isDecidingOnFacts = true;
        while (_facts.TryDequeue(out var droplet))
        {
            try
            {
                if (_mayDecide)
                {
                    await _decider.DecideOneAsync(droplet, CancellationToken.None);
                }
            }
#pragma warning disable CA1031 // As the leader does: what is missed is found at the next round.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _world.Trouble(Process, e);
            }
        }

        _isDecidingOnFacts = false;
    }
}
