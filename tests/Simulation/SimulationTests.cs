using System.Collections.Concurrent;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests;

/// <summary>A hundred worlds in which whatever can go wrong does, and in which every invariant holds.</summary>
public sealed class SimulationTests
{
    private const int Seeds = 100;
    private const int Days = 12;

    [Fact]
    public void In_a_hundred_worlds_every_invariant_holds()
    {
        var broken = new ConcurrentBag<string>();
        Parallel.For(1, Seeds + 1, seed =>
        {
            var run = Simulation.Run((ulong)seed, new WorldOptions { Days = Days });
            if (run.Violations.Count > 0)
            {
                broken.Add($"dotnet run -c Release --project tests/Simulation -- --seed {seed} --days {Days} --verbose\n{string.Join('\n', run.Violations.Take(5))}");
            }
        });
        Assert.Empty(broken.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(77)]
    public void The_same_seed_gives_the_same_log_byte_for_byte(ulong seed)
    {
        var options = new WorldOptions { Days = Days, Digests = true };
        var (first, second) = (Simulation.Run(seed, options), Simulation.Run(seed, options));
        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(first.Tally.Counts, second.Tally.Counts);
        Assert.NotEqual(first.Digest, Simulation.Run(seed + 1, options).Digest);
    }

    [Fact]
    public void Much_goes_wrong_in_them()
    {
        var tally = new Tally();
        for (var seed = 1UL; seed <= 10; seed++)
        {
            tally.Add(Simulation.Run(seed, new WorldOptions { Days = Days }).Tally);
        }

        // What never happens is not tried out.
        string[] wanted =
        [
            "deleted", "deposed: planner", "messages delayed", "messages duplicated", "messages lost", "messages published again",
            "messages redelivered after a crash", "outages", "snapshots begun", "transfers begun", "fault: late", "fault: stale",
            "fault: cut after its effect", "fault: cut before it arrives", "fault: answered by half", "fault: answered 429", "fault: log",
        ];
        Assert.All(wanted, what => Assert.True(tally.Counts.GetValueOrDefault(what) > 0, what));
        Assert.True(tally.Counts.Count(c => c.Key.StartsWith("crash: ", StringComparison.Ordinal)) > 25);
    }
}
