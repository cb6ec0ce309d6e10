namespace DoSnapshot.HttpApi.Shapes;

/// <summary>What another policy would have made of the history.</summary>
public sealed record WhatIfShape
{
    /// <summary>The moment of the answer.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Whether nothing differs.</summary>
    public required bool Same { get; init; }

    /// <summary>As it is.</summary>
    public required TotalShape Truth { get; init; }

    /// <summary>As it would be.</summary>
    public required TotalShape Other { get; init; }

    /// <summary>Snapshots that there never were.</summary>
    public required int Invented { get; init; }

    /// <summary>Those that would never have been made.</summary>
    public required int NeverMade { get; init; }

    /// <summary>Those that are gone either way, alike.</summary>
    public required int PastSame { get; init; }

    /// <summary>Those that are left out.</summary>
    public required int PastCut { get; init; }

    /// <summary>Those that exist in either.</summary>
    public required OtherSnapshotShape[] Today { get; init; }

    /// <summary>Those that exist in neither.</summary>
    public required OtherSnapshotShape[] Past { get; init; }

    /// <summary>Day by day.</summary>
    public required DayShape[] Days { get; init; }
}

/// <summary>Sums.</summary>
public sealed record TotalShape
{
    /// <summary>Snapshots.</summary>
    public required int Snapshots { get; init; }

    /// <summary>Their size in GB.</summary>
    public required decimal Gigabytes { get; init; }

    /// <summary>Dollars a month.</summary>
    public required decimal CostPerMonth { get; init; }

    /// <summary>Dollars so far.</summary>
    public required decimal CostSoFar { get; init; }
}

/// <summary>A snapshot as it is and as it would be.</summary>
public sealed record OtherSnapshotShape
{
    /// <summary>Its id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>DigitalOcean's image.</summary>
    public required long? ImageId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The droplet it is of.</summary>
    public required long DropletId { get; init; }

    /// <summary>That droplet's name.</summary>
    public required string? DropletName { get; init; }

    /// <summary>The plan.</summary>
    public required string? Plan { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its size in GB.</summary>
    public required decimal Gigabytes { get; init; }

    /// <summary>Whether there never was one.</summary>
    public required bool Invented { get; init; }

    /// <summary>Whether the two differ.</summary>
    public required bool Differs { get; init; }

    /// <summary>As it is.</summary>
    public required FateShape Truth { get; init; }

    /// <summary>As it would be.</summary>
    public required FateShape Other { get; init; }
}

/// <summary>What became of it.</summary>
public sealed record FateShape
{
    /// <summary>What.</summary>
    public required string Kind { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset? At { get; init; }

    /// <summary>By which rule.</summary>
    public required string? Rule { get; init; }
}

/// <summary>A day.</summary>
public sealed record DayShape
{
    /// <summary>The day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Snapshots as it is.</summary>
    public required int TruthSnapshots { get; init; }

    /// <summary>As it would be.</summary>
    public required int OtherSnapshots { get; init; }

    /// <summary>GB as it is.</summary>
    public required decimal TruthGigabytes { get; init; }

    /// <summary>As it would be.</summary>
    public required decimal OtherGigabytes { get; init; }

    /// <summary>Dollars as it is.</summary>
    public required decimal TruthCost { get; init; }

    /// <summary>As it would be.</summary>
    public required decimal OtherCost { get; init; }
}
