using System.Diagnostics.CodeAnalysis;
using DoSnapshot.Benchmarks;
using DoSnapshot.Contracts;

namespace DoSnapshot.Load.Benchmarks;

/// <summary>What is to be run.</summary>
internal sealed record LoadOptions
{
    public const string Usage =
        "[processes]  --droplets N (2000)  --days N (1)  --replicas N of the snapshot worker, or with processes of each worker (3)  --regions \"SLUG …\" to copy to (lon1 fra1)  --keep RULES (0h:3d)"
        + "  --latency MILLISECONDS of a call (150)  --in-flight N snapshots (100)  --consistency live|powered-off (live)"
        + "  --hour-limit N requests, of which a twentieth in a minute (5000)"
        + "\nOnly with processes: --factor N times life while work waits, at most (100), --idle-factor N while none does (500), --collector server|workstation (the programs' own)";

    /// <summary>Droplets, all of them due at the same moment of every day, half of them in each of two regions.</summary>
    public int Droplets { get; private init; } = 2_000;

    /// <summary>Simulated days.</summary>
    public int Days { get; private init; } = 1;

    /// <summary>Whether the services are processes of their own, on PostgreSQL and RabbitMQ.</summary>
    public bool AsProcesses { get; private init; }

    /// <summary>Processes of the snapshot worker, of the others there is one each; where the services are processes, of each worker.</summary>
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

    /// <summary>How many times faster than life the processes' clock goes while there is work, where the machine bears it.</summary>
    public int Factor { get; private init; } = 100;

    /// <summary>How many times faster it goes while there is none.</summary>
    public int IdleFactor { get; private init; } = 500;

    /// <summary>Requests that the token may make in an hour; a twentieth of them in a minute.</summary>
    public int HourLimit { get; private init; } = 5_000;

    /// <summary>Which garbage collector the processes have; null for the one of the released programs.</summary>
    public string? Collector { get; private init; }

    public static bool TryRead(string[] args, [NotNullWhen(true)] out LoadOptions? options, out string problem)
    {
        var asProcesses = args is ["processes", ..];
        return OptionPairs.TryRead(
            asProcesses ? args[1..] : args,
            new LoadOptions { AsProcesses = asProcesses },
            Usage,
            (options, name, value, number) => (name, number) switch
            {
                ("--droplets", { } n) => options with { Droplets = n },
                ("--days", { } n) => options with { Days = n },
                ("--replicas", { } n) => options with { Replicas = n },
                ("--latency", { } n) => options with { Latency = n },
                ("--in-flight", { } n) => options with { InFlight = n },
                ("--consistency", _) when value is "live" or "powered-off" =>
                    options with { Consistency = value is "live" ? SnapshotConsistency.Live : SnapshotConsistency.PoweredOff },
                ("--factor", { } n) when asProcesses => options with { Factor = n },
                ("--idle-factor", { } n) when asProcesses => options with { IdleFactor = n },
                ("--hour-limit", { } n) => options with { HourLimit = n },
                ("--collector", _) when asProcesses && value is "server" or "workstation" => options with { Collector = value },
                ("--regions", _) => options with { Regions = value },
                ("--keep", _) => options with { Keep = value },
                _ => null,
            },
            out options,
            out problem);
    }
}
