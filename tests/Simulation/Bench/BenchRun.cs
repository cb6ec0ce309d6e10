using System.Collections.Concurrent;
using System.Diagnostics;
using DoSnapshot.Simulation.Tests.Checking;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Simulation.Tests.Bench;

/// <summary>Any number of worlds, as many at once as there are threads for them.</summary>
internal static class BenchRun
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    public static int Run(BenchOptions options)
    {
        if (options.Speed)
        {
            return SpeedRun.Run(options);
        }

        var began = Stopwatch.GetTimestamp();
        var tally = new Tally();
        var broken = new SortedDictionary<ulong, IReadOnlyList<Violation>>();
        var seeds = new ConcurrentQueue<ulong>(Enumerable.Range(0, options.Seeds).Select(i => options.From + (ulong)i));
        var (gate, done, said) = (new Lock(), 0, began);
        var threads = Enumerable.Range(0, Math.Min(options.Threads, options.Seeds)).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Report(options, tally, broken, Stopwatch.GetElapsedTime(began));
        return broken.Count == 0 ? 0 : 1;

        void Work()
        {
            while (seeds.TryDequeue(out var seed))
            {
                var run = Simulation.Run(seed, new WorldOptions
                {
                    Days = options.Days,
                    Droplets = options.Droplets,
                    Trace = options.Verbose ? Console.WriteLine : null,
                });
                lock (gate)
                {
                    done++;
                    tally.Add(run.Tally);
                    if (run.Violations.Count > 0)
                    {
                        broken[seed] = run.Violations;
                        Console.WriteLine($"seed {seed}: {run.Violations[0]}{(run.Violations.Count > 1 ? $" (and {run.Violations.Count - 1} more)" : "")}");
                    }

                    if (Stopwatch.GetElapsedTime(said) > SayEvery)
                    {
                        said = Stopwatch.GetTimestamp();
                        Console.WriteLine($"{done} of {options.Seeds} seeds, {broken.Count} broken, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
                    }
                }
            }
        }
    }

    private static void Report(BenchOptions options, Tally tally, SortedDictionary<ulong, IReadOnlyList<Violation>> broken, TimeSpan took)
    {
        Console.WriteLine();
        foreach (var (what, number) in tally.Counts)
        {
            Console.WriteLine($"{number,12} {what}");
        }

        Console.WriteLine();
        Console.WriteLine($"{options.Seeds} seeds of {options.Days} days, {broken.Count} broken, {took.TotalSeconds:0.0} s, {took.TotalSeconds * options.Threads / options.Seeds:0.00} s of a core each");
        if (broken.Count > 0)
        {
            var (seed, violations) = broken.First();
            Console.WriteLine($"First broken: seed {seed}");
            foreach (var violation in violations.Take(20))
            {
                Console.WriteLine($"  {violation}");
            }

            Console.WriteLine($"Again: dotnet run -c Release --project tests/Simulation -- --seed {seed} --days {options.Days} --droplets {options.Droplets} --verbose");
        }
    }
}
