using DoSnapshot.Contracts;
using DoSnapshot.Hosting;
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
    private readonly Dice _dice;

    public WorkerProcess(World world, Incarnation process, Dice dice)
    {
        _world = world;
        _dice = dice;
        Process = process;
        Wake = new Wake(world.Sim, process);
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

    public Wake Wake { get; }

    public Task HandleAsync(Message message) => _handle(message);

    public void Start()
    {
        if (_follower is not null)
        {
            _world.ElectionOf(_follower.Role).Stand(Process, term => _ = FollowAsync(term));
        }
    }

    private async Task FollowAsync(Term term)
    {
        while (term.Leads)
        {
            if (_world.Log.FindWorkingAsync(CancellationToken.None).Result.Count == 0)
            {
                // Nothing can be seen until somebody begins something, who pokes.
                await Wake.SleepAsync(TimeSpan.FromHours(6));
                continue;
            }

            try
            {
                _world.Tally.Count($"rounds: {_follower!.Role}");
                await _follower.RoundAsync(CancellationToken.None);
            }
#pragma warning disable CA1031 // As its service does: the next round looks again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _world.Trouble(Process, e);
            }

            await Wake.SleepAsync(_world.UntilNextLook(_dice));
        }
    }
}
