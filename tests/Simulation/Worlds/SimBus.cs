using System.Reflection;
using DoSnapshot.Contracts;
using DoSnapshot.Simulation.Tests.Core;
using MassTransit;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>A command on its way to a worker.</summary>
/// <param name="Command">The command.</param>
/// <param name="FromLog">Whether it was relayed, or published by somebody else.</param>
/// <param name="Tries">How often it was handed over so far.</param>
internal sealed record Message(object Command, bool FromLog, int Tries = 0)
{
    public string Role => Command switch
    {
        SnapshotRequested => "snapshot",
        TransferRequested => "transfer",
        SnapshotExpired => "pruner",
        _ => throw new InvalidOperationException($"{Command.GetType().Name} is no command."),
    };

    public static bool IsCommand(object @event) => @event is SnapshotRequested or TransferRequested or SnapshotExpired;
}

/// <summary>The broker, which delivers at least once, when and in what order it likes; what it loses altogether is for the sweep to make up for.</summary>
internal sealed class SimBus(World world, Dice dice)
{
    private const int MostTries = 6;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    public void Publish(Message message)
    {
        world.Sim.CheckThread();
        world.Tally.Count("messages");
        var copies = 1;
        if (!world.IsQuiet && dice.Chance(world.Profile.Lost))
        {
            world.Tally.Count("messages lost");
            copies = 0;
        }
        else if (!world.IsQuiet && dice.Chance(world.Profile.Duplicated))
        {
            world.Tally.Count("messages duplicated");
            copies = dice.Between(2, 3);
        }

        for (var i = 0; i < copies; i++)
        {
            var delay = dice.Time(TimeSpan.FromMilliseconds(1), Soon);
            if (!world.IsQuiet && dice.Chance(i == 0 ? world.Profile.Delayed : 0.5))
            {
                world.Tally.Count("messages delayed");
                delay = dice.Scale(TimeSpan.FromSeconds(3), TimeSpan.FromDays(1));
            }

            world.Sim.After(delay, () => HandOver(message));
        }
    }

    private void HandOver(Message message)
    {
        if (world.Workers(message.Role).Where(w => w.Process.Alive).ToList() is { Count: > 0 } workers)
        {
            _ = HandOverAsync(dice.Pick(workers), message with { Tries = message.Tries + 1 });
        }
        else
        {
            world.Sim.After(TimeSpan.FromMinutes(1), () => HandOver(message));
        }
    }

    private async Task HandOverAsync(WorkerProcess worker, Message message)
    {
        world.Tally.Count("messages handed over");
        var acknowledged = false;
        worker.Process.OnDeath(() =>
        {
            if (!acknowledged)
            {
                world.Tally.Count("messages redelivered after a crash");
                world.Sim.After(dice.Time(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(30)), () => HandOver(message));
            }
        });
        try
        {
            await worker.HandleAsync(message);
        }
#pragma warning disable CA1031 // As the bus does: it tries again, and then puts it among the errors.
        catch (Exception e)
#pragma warning restore CA1031
        {
            world.Trouble(worker.Process, e);
            acknowledged = true;
            if (message.Tries < MostTries)
            {
                world.Sim.After(dice.Time(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20)), () => HandOver(message));
            }
            else
            {
                world.Tally.Count("messages among the errors");
            }

            return;
        }

        if (!world.Hazard.Dies(worker.Process, "before the ack"))
        {
            acknowledged = true;
        }
    }
}

/// <summary>The bus as the sweeper knows it: of a whole bus it uses the one method.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1852", Justification = "The runtime derives from it.")]
internal class PublishOnly : DispatchProxy
{
    private Action<object>? _publish;

    public static IBus Of(Action<object> publish)
    {
        var bus = Create<IBus, PublishOnly>();
        ((PublishOnly)(object)bus)._publish = publish;
        return bus;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod?.Name != nameof(IPublishEndpoint.Publish))
        {
            throw new NotSupportedException(targetMethod?.Name);
        }

        _publish!(args![0]!);
        return Task.CompletedTask;
    }
}
