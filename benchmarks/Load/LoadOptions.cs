using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DoSnapshot.Contracts;

namespace DoSnapshot.Load.Benchmarks;

/// <summary>What is to be run.</summary>
internal sealed record LoadOptions
{
    public const string Usage =
        "--droplets N (2000)  --days N (1)  --replicas N of the snapshot worker (3)  --regions \"SLUG …\" to copy to (lon1 fra1)  --keep RULES (0h:3d)"
        + "  --latency MILLISECONDS of a call (150)  --in-flight N snapshots (100)  --consistency live|powered-off (live)";

    /// <summary>Droplets, all of them due at the same moment of every day, half of them in each of two regions.</summary>
    public int Droplets { get; private init; } = 2_000;

    /// <summary>Simulated days.</summary>
    public int Days { get; private init; } = 1;

    /// <summary>Processes of the snapshot worker. Of the others there is one each.</summary>
    public int Replicas { get; private init; } = 3;

    /// <summary>Regions that each snapshot is copied to.</summary>
    public string Regions { get; private init; } = "lon1 fra1";

    /// <summary>Which snapshots are kept.</summary>
    public string Keep { get; private init; } = "0h:3d";

    /// <summary>How long the API takes to answer.</summary>
    public int Latency { get; private init; } = 150;

    /// <summary>Snapshots at work at the same time, as the planner limits them.</summary>
    public int InFlight { get; private init; } = 100;

    /// <summary>Whether droplets are shut down for their snapshots.</summary>
    public SnapshotConsistency Consistency { get; private init; }

    public static bool TryRead(string[] args, [NotNullWhen(true)] out LoadOptions? options, out string problem)
    {
        options = new LoadOptions();
        problem = $"Usage: {Usage}";
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            options = (args[i], isNumber) switch
            {
                ("--droplets", true) => options with { Droplets = number },
                ("--days", true) => options with { Days = number },
                ("--replicas", true) => options with { Replicas = number },
                ("--latency", true) => options with { Latency = number },
                ("--in-flight", true) => options with { InFlight = number },
                ("--consistency", _) when value is "live" or "powered-off" =>
                    options with { Consistency = value is "live" ? SnapshotConsistency.Live : SnapshotConsistency.PoweredOff },
                ("--regions", _) => options with { Regions = value },
                ("--keep", _) => options with { Keep = value },
                _ => null,
            };
            if (options is null)
            {
                problem = $"'{args[i]} {value}' is not understood. {problem}";
                return false;
            }
        }

        return true;
    }
}
