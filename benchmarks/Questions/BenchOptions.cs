using System.Diagnostics.CodeAnalysis;
using DoSnapshot.Benchmarks;
using DoSnapshot.Simulation.Tests.Worlds;

namespace DoSnapshot.Questions.Benchmarks;

/// <summary>What is to be run.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        "--events N that the log has at least (1000000)  --droplets N of each simulated account (25)  --days N that each is simulated for (up to today, a year at most)"
        + "  --store CONNECTION of an empty database, or of one that an earlier run filled (a server of its own)  --asked N times of each question (200)"
        + "  --command PATH of the do-snapshot to time (the one that is built with this)";

    /// <summary>Events that the log has at least.</summary>
    public int Events { get; private init; } = 1_000_000;

    /// <summary>Droplets of each simulated account.</summary>
    public int Droplets { get; private init; } = 25;

    /// <summary>Days for which each is simulated.</summary>
    public int Days { get; private init; } = Math.Clamp((int)(TimeProvider.System.GetUtcNow() - World.Start).TotalDays, 30, 365);

    /// <summary>Where the log is; null for a server that is started for it.</summary>
    public string? Store { get; private init; }

    /// <summary>How often each question is asked.</summary>
    public int Asked { get; private init; } = 200;

    /// <summary>The command to time; null for the one that is built with this.</summary>
    public string? Command { get; private init; }

    public static bool TryRead(string[] args, [NotNullWhen(true)] out BenchOptions? options, out string problem) => OptionPairs.TryRead(
        args,
        new BenchOptions(),
        Usage,
        (options, name, value, number) => (name, number) switch
        {
            ("--events", { } n) => options with { Events = n },
            ("--droplets", { } n) => options with { Droplets = n },
            ("--days", { } n) => options with { Days = n },
            ("--asked", { } n) => options with { Asked = n },
            ("--store", _) when value.Length > 0 => options with { Store = value },
            ("--command", _) when value.Length > 0 => options with { Command = value },
            _ => null,
        },
        out options,
        out problem);
}
