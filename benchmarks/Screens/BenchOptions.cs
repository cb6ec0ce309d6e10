using System.Diagnostics.CodeAnalysis;
using DoSnapshot.Benchmarks;

namespace DoSnapshot.Screens.Benchmarks;

/// <summary>What is to be measured.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        "--store CONNECTION of an empty database, or of one that an earlier run, or benchmarks/Questions, filled  [--droplets N of an empty one (2000)]  [--seen N times of each screen (20)]"
        + "  [--chromium PATH of the browser (/usr/bin/chromium)]";

    /// <summary>Where the log is.</summary>
    public string Store { get; private init; } = "";

    /// <summary>Droplets of a fleet that is made, of a hundred snapshots each.</summary>
    public int Droplets { get; private init; } = 2_000;

    /// <summary>How often each screen is opened.</summary>
    public int Seen { get; private init; } = 20;

    /// <summary>The browser.</summary>
    public string Chromium { get; private init; } = "/usr/bin/chromium";

    public static bool TryRead(string[] args, [NotNullWhen(true)] out BenchOptions? options, out string problem) => OptionPairs.TryRead(
        args,
        new BenchOptions(),
        Usage,
        (options, name, value, number) => (name, number) switch
        {
            ("--droplets", { } n) => options with { Droplets = n },
            ("--seen", { } n) => options with { Seen = n },
            ("--store", _) when value.Length > 0 => options with { Store = value },
            ("--chromium", _) when value.Length > 0 => options with { Chromium = value },
            _ => null,
        },
        out options,
        out problem) && options.Store.Length > 0;
}
