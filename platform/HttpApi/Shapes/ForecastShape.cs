namespace DoSnapshot.HttpApi.Shapes;

/// <summary>What goes next, if everything goes on as it is.</summary>
public sealed record ForecastShape
{
    /// <summary>The moment of the answer.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The end of the forecast.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The brakes that are on or will come on, in words.</summary>
    public required string[] Brakes { get; init; }

    /// <summary>Every snapshot that there is, unless those that stay are not wanted, and every one to come that goes before the end.</summary>
    public required ForecastSnapshotShape[] Snapshots { get; init; }

    /// <summary>So many more are to come and go before the end, later than all of these: the days count them.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Day by day; of a single snapshot none.</summary>
    public required ForecastDayShape[] Days { get; init; }
}

/// <summary>A snapshot, and what will become of it.</summary>
public sealed record ForecastSnapshotShape
{
    /// <summary>Its id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name, or the one that it will have.</summary>
    public required string Name { get; init; }

    /// <summary>Its droplet.</summary>
    public required long DropletId { get; init; }

    /// <summary>The droplet's name.</summary>
    public required string DropletName { get; init; }

    /// <summary>Its plan.</summary>
    public required string? Plan { get; init; }

    /// <summary>When it was made, or will be.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its size in GB.</summary>
    public required decimal SizeGigabytes { get; init; }

    /// <summary>Whether it is not made yet.</summary>
    public required bool ToCome { get; init; }

    /// <summary>When and why it goes; null where it stays.</summary>
    public required DepartureShape? Goes { get; init; }

    /// <summary>What holds it where the rules let it go; null where nothing has to.</summary>
    public required HoldShape? Held { get; init; }
}

/// <summary>When and why a snapshot goes.</summary>
public sealed record DepartureShape
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>By which rule; null for one that a person asked for.</summary>
    public required string? Rule { get; init; }

    /// <summary>Of which version of the plan.</summary>
    public required int? PlanVersion { get; init; }

    /// <summary>What is kept in its place.</summary>
    public required InFavourOfShape? InFavourOf { get; init; }

    /// <summary>In words.</summary>
    public required string Why { get; init; }
}

/// <summary>What is kept in the place of another.</summary>
public sealed record InFavourOfShape
{
    /// <summary>Its id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name, or the one that it will have.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made, or will be.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it is not made yet.</summary>
    public required bool ToCome { get; init; }

    /// <summary>How far apart the two are, in seconds.</summary>
    public required long DistanceSeconds { get; init; }
}

/// <summary>What holds a snapshot that the rules let go.</summary>
public sealed record HoldShape
{
    /// <summary>From when on.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The guard, such as newest-complete; null where its deletion was refused for good.</summary>
    public required string? Guard { get; init; }

    /// <summary>In words.</summary>
    public required string Detail { get; init; }
}

/// <summary>A day of the forecast.</summary>
public sealed record ForecastDayShape
{
    /// <summary>The day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Snapshots at its end.</summary>
    public required int Snapshots { get; init; }

    /// <summary>GB at its end.</summary>
    public required decimal Gigabytes { get; init; }

    /// <summary>Dollars that it costs.</summary>
    public required decimal Cost { get; init; }
}
