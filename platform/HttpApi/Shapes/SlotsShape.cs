namespace DoSnapshot.HttpApi.Shapes;

/// <summary>What came of the last turns of the schedules of several droplets.</summary>
public sealed record SlotsShape
{
    /// <summary>So many droplets may be asked for at once: a page of a list, and more.</summary>
    public const int MostDroplets = 100;

    /// <summary>The moment of the answer.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>In the order in which they were asked for, each once.</summary>
    public required DropletSlotsShape[] Droplets { get; init; }
}

/// <summary>What came of the last turns of a droplet's schedule.</summary>
public sealed record DropletSlotsShape
{
    /// <summary>Its id at DigitalOcean.</summary>
    public required long DropletId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Oldest first; empty without a plan.</summary>
    public required SlotShape[] Slots { get; init; }
}
