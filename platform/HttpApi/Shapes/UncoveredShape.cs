namespace DoSnapshot.HttpApi.Shapes;

/// <summary>The droplets that no plan covers: those that were in one, and those with tags that no plan goes by.</summary>
public sealed record UncoveredShape
{
    /// <summary>The moment of the answer.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Those that were in a plan, the one that left last first; then those that never were.</summary>
    public required UncoveredDropletShape[] Droplets { get; init; }

    /// <summary>How many more there are.</summary>
    public required int LeftOut { get; init; }

    /// <summary>
    /// Whether those that were never in a plan are known: a planner leads, which looks for them every hour. Where none does, none of them is told of or counted, however many there are.
    /// </summary>
    public bool OthersKnown { get; init; } = true;
}

/// <summary>A droplet that no plan covers.</summary>
public sealed record UncoveredDropletShape
{
    /// <summary>Its id at DigitalOcean.</summary>
    public required long DropletId { get; init; }

    /// <summary>Its name, as last seen.</summary>
    public required string Name { get; init; }

    /// <summary>The plan that it was in; null where it was in none, or that is not in the log.</summary>
    public required string? Plan { get; init; }

    /// <summary>The tag that this plan goes by, or went by last; null where that is not in the log.</summary>
    public required string? Tag { get; init; }

    /// <summary>When it left; null where that is not in the log.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>Why it is in no plan.</summary>
    public required string Why { get; init; }

    /// <summary>How many complete snapshots it has.</summary>
    public required int Snapshots { get; init; }

    /// <summary>Whether it was destroyed; its snapshots are there as before.</summary>
    public bool Gone { get; init; }
}
