namespace DoSnapshot.Cli.Retention;

/// <summary>What is judged and how, as the user wrote it; <see cref="RetentionCommand"/> reads and checks it.</summary>
internal sealed record RetentionOptions
{
    /// <summary><c>--snapshots</c>: a JSON file, or <c>-</c> for the standard input; null where they are listed otherwise.</summary>
    public string? Snapshots { get; init; }

    /// <summary><c>-k</c>: the rules.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary><c>-s</c>: the time between snapshots; needed for anchored timing.</summary>
    public string? Every { get; init; }

    /// <summary><c>--at</c>: the moment to judge at; null is now.</summary>
    public string? At { get; init; }

    /// <summary><c>--timing</c>: <c>elapsed</c> or <c>anchored</c>; null is elapsed.</summary>
    public string? Timing { get; init; }

    /// <summary>
    /// <c>--at-time-of-day</c>: the time of day (UTC) that anchors anchored timing; null takes, for each droplet, what its snapshots
    /// suggest.
    /// </summary>
    public string? AtTimeOfDay { get; init; }

    /// <summary><c>--price</c>: dollars for a gigabyte and month.</summary>
    public string Price { get; init; } = "0.06";

    /// <summary>The least number of snapshots of a droplet that a removal must leave.</summary>
    public int KeepAtLeast { get; init; } = 1;

    /// <summary><c>--json</c>: for programs, in place of the table.</summary>
    public bool Json { get; init; }
}
