using DoSnapshot.Contracts;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.PrunerWorker;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>One life of a worker: the worker's own code, built anew, over the log and the API as this process reaches them.</summary>
internal sealed class WorkerProcess
{
    private readonly World _world;
    private readonly Func<Message, Task> _handle;
    private readonly IFollower? _follower;
    private readonly IFollower? _power;
    private readonly Dice _dice;
    private readonly Wake _work;
    private readonly Wake _owed;

    public WorkerProcess(World world, Incarnation process, Dice dice)
    {
        _world = world;
        _dice = dice;
        Process = process;
        _work = new Wake(world.Sim, process);
        _owed = new Wake(world.Sim, process);
        var log = world.LogFor(process);
        var api = world.ApiFor(process);
        var timings = world.Timings;
        var clock = process.Clock;
        var random = new DiceRandom(dice.For("order"));
        switch (process.Role)
        {
            case "snapshot":
                var taker = new SnapshotTaker(log, api, clock, timings, NullLogger<SnapshotTaker>.Instance);
                _handle = m => taker.HandleAsync((SnapshotRequested)m.Command, m.FromLog, CancellationToken.None);
                _follower = new SnapshotFollower(log, api, clock, timings, random);
                _power = new PowerFollower(log, api, taker, clock, timings, NullLogger<PowerFollower>.Instance, random);
                break;
            case "transfer":
                var maker = new TransferMaker(log, api, clock, timings, NullLogger<TransferMaker>.Instance);
                _handle = m => maker.HandleAsync((TransferRequested)m.Command, m.FromLog, CancellationToken.None);
                _follower = new TransferFollower(log, api, clock, timings, random);
                break;
            default:
                var pruner = new SnapshotPruner(log, api, clock, timings, NullLogger<SnapshotPruner>.Instance);
                _handle = m => pruner.HandleAsync((SnapshotExpired)m.Command, m.FromLog, CancellationToken.None);
                break;
        }
    }

    public Incarnation Process { get; }

    public Task HandleAsync(Message message) => _handle(message);

    /// <summary>Somebody has begun something that is to be followed.</summary>
    public void WakeForWork() => _work.PokeOnce(TimeSpan.FromSeconds(30));

    /// <summary>Something has happened to a droplet that is owed power.</summary>
    public void WakeForPower() => _owed.PokeOnce(_dice.Time(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2)));

    public void Start()
    {
        Stand(_follower, _work, () => _world.Log.FindWorkingAsync(CancellationToken.None).Result.Count > 0, () => _world.UntilNextLook(_dice, IsAllAtWork()));
        Stand(
            _power,
            _owed,
            () => _world.Log.FindOwedPowerAsync(CancellationToken.None).Result.Count > 0,
            () => IsEachBeingTaken() ? _world.UntilNextLook(_dice, allAtWork: false) : _dice.Time(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(4)));
    }

    /// <summary>Whether nothing waits to be looked for whose outcome is unknown.</summary>
    private bool IsAllAtWork() => _world.Log.FindWorkingAsync(CancellationToken.None).Result.All(s =>
        s.Phase is not SnapshotPhase.Attempted && s.Transfers.Values.All(t => t.Phase is not TransferPhase.Attempted));

    /// <summary>Whether each droplet that is owed power is off for a snapshot that DigitalOcean is at: nothing is to be done before that ends.</summary>
    private bool IsEachBeingTaken() => _world.Log.LoadLedgersAsync(_world.Log.FindOwedPowerAsync(CancellationToken.None).Result, CancellationToken.None).Result
        .All(l => l.Droplet?.Power is { } debt && l.Find(debt.SnapshotId) is { Phase: SnapshotPhase.Started });

    private void Stand(IFollower? follower, Wake wake, Func<bool> hasWork, Func<TimeSpan> pause)
    {
        if (follower is not null)
        {
            _world.ElectionOf(follower.Role).Stand(Process, term => _ = FollowAsync(follower, term, wake, hasWork, pause));
        }
    }

    private async Task FollowAsync(IFollower follower, Term term, Wake wake, Func<bool> hasWork, Func<TimeSpan> pause)
    {
        while (term.Leads)
        {
            if (!hasWork())
            {
                // Nothing can be seen until somebody begins something, who pokes.
                await wake.SleepAsync(TimeSpan.FromHours(6));
                continue;
            }

            try
            {
                _world.Tally.Count($"rounds: {follower.Role}");
                await follower.RoundAsync(CancellationToken.None);
            }
#pragma warning disable CA1031 // As its service does: the next round looks again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _world.Trouble(Process, e);
            }

            await wake.SleepAsync(pause());
        }
    }
}
