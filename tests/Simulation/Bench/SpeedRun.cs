using System.Diagnostics;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Bench;

/// <summary>
/// How long a world takes, one after the other on one thread and warmed up: the time of a core, which says the same on a machine that is busy, and the
/// time that passed.
/// </summary>
internal static class SpeedRun
{
    private const int WarmUp = 24;

    public static int Run(BenchOptions options)
    {
        var rough = new WorldOptions { Days = options.Days, Droplets = options.Droplets };
        for (var seed = 0; seed < WarmUp; seed++)
        {
            Simulation.Run(options.From + (ulong)(options.Seeds + seed), rough);
        }

        Measure(options, "with faults", rough);
        Measure(options, "without faults", rough with { Profile = dice => Profile.Calm(dice, options.Days, options.Droplets) });
        return 0;
    }

    private static void Measure(BenchOptions options, string what, WorldOptions world)
    {
        var (cores, passed) = (new List<double>(), new List<double>());
        long steps = 0, broken = 0;
        var (allocated, collected, paused) = (GC.GetTotalAllocatedBytes(), GC.CollectionCount(0), GC.GetTotalPauseDuration());
        for (var i = 0; i < options.Seeds; i++)
        {
            var (core, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            var run = Simulation.Run(options.From + (ulong)i, world);
            passed.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            cores.Add((Environment.CpuUsage.TotalTime - core).TotalSeconds);
            steps += run.Tally.Counts["steps"];
            broken += run.Violations.Count > 0 ? 1 : 0;
        }

        Console.WriteLine(
            $"{options.Days} days, {options.Droplets} droplets, {what}: {Median(cores):0.000} s of a core, {Median(passed):0.000} s passed "
            + $"(median of {options.Seeds} seeds; {cores.Min():0.000} to {cores.Max():0.000} s; {steps / options.Seeds} steps, "
            + $"{(GC.GetTotalAllocatedBytes() - allocated) / options.Seeds / 1_000_000} MB allocated, {(double)(GC.CollectionCount(0) - collected) / options.Seeds:0.0} collections, "
            + $"{(GC.GetTotalPauseDuration() - paused).TotalSeconds / options.Seeds:0.000} s of them; {broken} broken)");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
