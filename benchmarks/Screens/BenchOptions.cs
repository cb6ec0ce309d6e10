using System.Diagnostics.CodeAnalysis;
using System.Globalization;

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

    public static bool TryRead(string[] args, [NotNullWhen(true)] out BenchOptions? options, out string problem)
    {
        options = new BenchOptions();
        problem = $"Usage: {Usage}";
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            options = (args[i], isNumber) switch
            {
                ("--droplets", true) => options with { Droplets = number },
                ("--seen", true) => options with { Seen = number },
                ("--store", _) when value.Length > 0 => options with { Store = value },
                ("--chromium", _) when value.Length > 0 => options with { Chromium = value },
                _ => null,
            };
            if (options is null)
            {
                problem = $"'{args[i]} {value}' is not understood. {problem}";
                return false;
            }
        }

        if (options.Store.Length == 0)
        {
            options = null;
        }

        return options is not null;
    }
}
