using System.Diagnostics;
using DoSnapshot.Simulation.Tests.Core;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Bench;

/// <summary>Any number of worlds, as many at once as there are cores.</summary>
internal static class BenchRun
{
    public static int Run(BenchOptions options)
    {
        var began = Stopwatch.GetTimestamp();
        var tally = new Tally();
        for (var seed = options.From; seed < options.From + (ulong)options.Seeds; seed++)
        {
            var s = seed;
            tally.Add(Sim.OnOwnThread(() =>
            {
                using var world = new World(s, new WorldOptions { Days = options.Days, Droplets = options.Droplets, Trace = options.Verbose ? Console.WriteLine : null });
                world.Run();
                return world.Tally;
            }));
        }

        foreach (var (what, number) in tally.Counts)
        {
            Console.WriteLine($"{number,10} {what}");
        }

        Console.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s");
        return 0;
    }
}
