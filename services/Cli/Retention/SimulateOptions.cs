using DoSnapshot.Cli.Arguments;

namespace DoSnapshot.Cli.Retention;

/// <summary>What is simulated, as the user wrote it; <see cref="SimulateCommand"/> reads and checks it.</summary>
internal sealed record SimulateOptions
{
    /// <summary><c>-s</c>: the time between snapshots.</summary>
    public required string? Every { get; init; }

    /// <summary><c>-k</c>: the rules.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary><c>--simulate</c>: <c>INTERVAL:DURATION</c>.</summary>
    public required string? Simulate { get; init; }

    /// <summary><c>-t</c>: replaces <c>$tag</c> in the prefix.</summary>
    public string Tag { get; init; } = CommandOptions.DefaultTag;

    /// <summary><c>-p</c>: the start of names, with <c>$droplet</c> and <c>$tag</c> to replace.</summary>
    public string Prefix { get; init; } = CommandOptions.DefaultPrefix;

    /// <summary><c>--timing</c>: <c>elapsed</c> or <c>anchored</c>; null is elapsed.</summary>
    public string? Timing { get; init; }

    /// <summary><c>--at</c>: the time of day (UTC) that anchors anchored timing; null anchors it at the first run.</summary>
    public string? At { get; init; }

    /// <summary><c>--from</c>: the first run; null is now.</summary>
    public string? From { get; init; }

    /// <summary><c>--lag</c>: how long after its run a snapshot is created; null is at once.</summary>
    public string? Lag { get; init; }

    /// <summary><c>--chart</c>: draw when snapshots exist.</summary>
    public bool Chart { get; init; }

    /// <summary>How many columns there are to draw in; asked only for a chart.</summary>
    public Func<int> ChartWidth { get; init; } = () => SimulationChart.MostWidth;

    /// <summary><c>--json</c>: everything, for programs, in place of the table.</summary>
    public bool Json { get; init; }

    /// <summary><c>-v</c>: log each snapshot that is taken or deleted.</summary>
    public bool Verbose { get; init; }
}
