namespace DoSnapshot.HttpApi.Shapes;

/// <summary>How the droplets and their snapshots stood at a moment.</summary>
public sealed record PastStatusShape
{
    /// <summary>The moment.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Sums over all droplets.</summary>
    public required CountsShape Counts { get; init; }

    /// <summary>Each brake that was on, in words.</summary>
    public required string[] Brakes { get; init; }

    /// <summary>Each brake that was released and until when, in words: what it held went.</summary>
    public string[] Releases { get; init; } = [];

    /// <summary>Worst first.</summary>
    public required DropletShape[] Droplets { get; init; }
}
