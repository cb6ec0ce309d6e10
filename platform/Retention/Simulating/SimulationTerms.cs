namespace DoSnapshot.Retention.Simulating;

/// <summary>What is simulated: runs of the tool at <see cref="Start"/> and every <see cref="Interval"/> after it.</summary>
public sealed record SimulationTerms
{
    /// <summary>The time between snapshots; with zero one is due at every run.</summary>
    public required Period Every { get; init; }

    /// <summary>The rules by which snapshots are deleted.</summary>
    public required RetentionPolicy Policy { get; init; }

    /// <summary>The first run. Turned to UTC and cut to whole seconds.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The time between runs, more than zero.</summary>
    public required Period Interval { get; init; }

    /// <summary>How long the tool runs. The moment at which this ends is no run any more, so that zero means none.</summary>
    public required Period Duration { get; init; }

    /// <summary>How it is told when a snapshot is due.</summary>
    public SimulationTiming Timing { get; init; } = SimulationTiming.Elapsed;

    /// <summary>One of the occurrences of anchored timing; null takes <see cref="Start"/>.</summary>
    public DateTimeOffset? Anchor { get; init; }

    /// <summary>
    /// How long after its run a snapshot is created and can be seen; not negative, <see cref="Period.Longest"/> at most, cut to whole
    /// seconds.
    /// </summary>
    public TimeSpan Lag { get; init; }

    /// <summary>The number of runs.</summary>
    internal long Runs => (Duration.Duration.Ticks + Interval.Duration.Ticks - 1) / Interval.Duration.Ticks;

    /// <summary>Why the terms cannot be simulated; null when they can.</summary>
    internal string? Fault => this switch
    {
        { Interval.Duration.Ticks: 0 } => "The interval between runs is zero.",
        { Timing: SimulationTiming.Anchored, Every.Duration.Ticks: 0 } => "An anchored schedule needs an interval above zero.",
        { Lag.Ticks: < 0 } => "The lag is negative.",
        _ when Lag > Period.Longest => "The lag is too long.",
        _ when DateTimeOffset.MaxValue - Start < Duration.Duration + Lag => "The runs go past the end of the calendar.",
        _ => null,
    };
}
