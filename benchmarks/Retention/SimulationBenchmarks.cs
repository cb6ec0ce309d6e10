using BenchmarkDotNet.Attributes;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Retention.Benchmarks;

/// <summary>Ten years (120 months of 30 days) of hourly runs: <c>-s 1h -k 1d:2d -k 1w:1m -k 1m:6m --simulate 1h:120m</c>, without the process.</summary>
[MemoryDiagnoser]
public class SimulationBenchmarks
{
    private static readonly SimulationTerms Terms = new()
    {
        Every = Period.Parse("1h"),
        Policy = RetentionPolicy.Parse(["1d:2d", "1w:1m", "1m:6m"]),
        Start = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero),
        Interval = Period.Parse("1h"),
        Duration = Period.Parse("120m"),
    };

    /// <summary>The whole simulation.</summary>
    [Benchmark]
    public SimulationResult TenYearsOfHourlyRuns() => Simulator.Run(Terms);
}
