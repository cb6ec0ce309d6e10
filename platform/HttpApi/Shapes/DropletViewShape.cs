namespace DoSnapshot.HttpApi.Shapes;

/// <summary>A droplet with its plan, the last turns of its schedule, and its snapshots: those that are gone, too.</summary>
public sealed record DropletViewShape
{
    /// <summary>The moment of the answer.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its id at DigitalOcean.</summary>
    public required long DropletId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it, or its plan, is paused.</summary>
    public required bool Paused { get; init; }

    /// <summary>The pauses that hold it now: its own, its plan's, be that removed a moment ago; empty where it is not paused. That of a plan that it left, 'leftPlans' says.</summary>
    public PauseShape[] Pauses { get; init; } = [];

    /// <summary>Whether snapshots that went long ago are left out.</summary>
    public required bool EarlierLeftOut { get; init; }

    /// <summary>Its plan; null where it has none.</summary>
    public required PlanShape? Plan { get; init; }

    /// <summary>The plans that it is in no more, or that were removed, and whose rules go on for its snapshots; none where they stay as they are.</summary>
    public LeftPlanShape[] LeftPlans { get; init; } = [];

    /// <summary>The last turns of its schedule, oldest first; empty without a plan.</summary>
    public required SlotShape[] Slots { get; init; }

    /// <summary>Its snapshots, oldest first.</summary>
    public required SnapshotShape[] Snapshots { get; init; }
}

/// <summary>A pause that was not ended yet.</summary>
public sealed record PauseShape
{
    /// <summary>The plan that is paused; null where it is the droplet itself.</summary>
    public required string? Plan { get; init; }

    /// <summary>Who paused it.</summary>
    public required string Actor { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>One turn of a droplet's schedule.</summary>
public sealed record SlotShape
{
    /// <summary>When it was due.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When the next was.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>good, late, thinned, removed, lost, running, due, failed, missed, paused or unplanned.</summary>
    public required string State { get; init; }

    /// <summary>The snapshot that answers it; null where there is none.</summary>
    public required Guid? SnapshotId { get; init; }
}
