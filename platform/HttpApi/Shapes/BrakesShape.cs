namespace DoSnapshot.HttpApi.Shapes;

/// <summary>The brakes.</summary>
public sealed record BrakesShape
{
    /// <summary>The moment of the answer.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Those that are on.</summary>
    public required BrakeShape[] On { get; init; }

    /// <summary>Those that are released.</summary>
    public required ReleaseShape[] Released { get; init; }
}

/// <summary>A brake that is on.</summary>
public sealed record BrakeShape
{
    /// <summary>The plan.</summary>
    public required string Plan { get; init; }

    /// <summary>The one droplet of it; null for the whole plan.</summary>
    public required long? DropletId { get; init; }

    /// <summary>Its name.</summary>
    public required string? DropletName { get; init; }

    /// <summary>The plan's version that is braked.</summary>
    public required int PlanVersion { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why.</summary>
    public required string Detail { get; init; }

    /// <summary>What would go without it at this moment.</summary>
    public required HeldShape[] Held { get; init; }
}

/// <summary>A snapshot that a brake holds.</summary>
public sealed record HeldShape
{
    /// <summary>Its id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The droplet it is of.</summary>
    public required long DropletId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its size in GB.</summary>
    public required decimal Gigabytes { get; init; }
}

/// <summary>A release that still lasts.</summary>
public sealed record ReleaseShape
{
    /// <summary>The plan.</summary>
    public required string Plan { get; init; }

    /// <summary>The one droplet of it; null for the whole plan.</summary>
    public required long? DropletId { get; init; }

    /// <summary>Its name.</summary>
    public required string? DropletName { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>By whom.</summary>
    public required string? By { get; init; }

    /// <summary>Why.</summary>
    public required string? Reason { get; init; }
}
