namespace DoSnapshot.HttpApi.Shapes;

/// <summary>What the plans in force say.</summary>
public sealed record PlansShape
{
    /// <summary>The plans, by name.</summary>
    public required PlanShape[] Plans { get; init; }
}

/// <summary>What a plan says.</summary>
public sealed record PlanShape
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version.</summary>
    public required int Version { get; init; }

    /// <summary>Droplets with this tag belong to it.</summary>
    public required string Tag { get; init; }

    /// <summary>The time between snapshots, such as 1d.</summary>
    public required string Every { get; init; }

    /// <summary>The time of day, UTC, such as 03:00.</summary>
    public required string At { get; init; }

    /// <summary>anchored or elapsed.</summary>
    public required string Timing { get; init; }

    /// <summary>Its rules, INTERVAL:AGE each.</summary>
    public required string[] Keep { get; init; }

    /// <summary>The regions that shall hold a copy.</summary>
    public required string[] Regions { get; init; }

    /// <summary>No removal leaves fewer of a droplet.</summary>
    public required int KeepAtLeast { get; init; }

    /// <summary>Whether it is paused.</summary>
    public required bool Paused { get; init; }
}
