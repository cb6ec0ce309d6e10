using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>What may go wrong between two steps of a process.</summary>
internal sealed class Hazard(World world, Dice dice)
{
    private Profile Profile => world.Profile;

    /// <summary>A step takes a moment, in which others take theirs; most take none.</summary>
    public Task StepAsync(Incarnation process, CancellationToken ct = default)
    {
        if (!process.Alive)
        {
            return Incarnation.NeverAsync<bool>();
        }

        if (world.IsQuiet || !dice.Chance(0.25))
        {
            return Task.CompletedTask;
        }

        // Now and then a process is not scheduled for long: past the moment until which it may send, say.
        var isLong = dice.Chance(0.004);
        if (isLong)
        {
            world.Tally.Count("process paused for long");
        }

        return process.WaitAsync(isLong
            ? dice.Scale(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(15))
            : dice.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(400)), ct);
    }

    /// <summary>Whether the process dies here, and lets it.</summary>
    public bool Dies(Incarnation process, string point)
    {
        if (!process.Alive || world.IsQuiet || !dice.Chance(Profile.Crashes))
        {
            return false;
        }

        Kill(process, point);
        return true;
    }

    public void Kill(Incarnation process, string point)
    {
        world.Tally.Count($"crash: {process.Role} {point}");
        world.Note($"{process.Name} dies {point}");
        process.Die();
    }

    public bool LogFails(Incarnation process)
    {
        if (world.IsQuiet || !dice.Chance(Profile.LogFaults))
        {
            return false;
        }

        world.Tally.Count("fault: log");
        world.Note($"{process.Name}: the log fails");
        return true;
    }
}
