namespace DoSnapshot.HttpApi.Shapes;

/// <summary>A plan that a droplet is in no more, or that was removed, and whose rules go on for the snapshots that it left there.</summary>
public sealed record LeftPlanShape
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the plan is paused, so that its rules let nothing go.</summary>
    public required bool Paused { get; init; }
}
