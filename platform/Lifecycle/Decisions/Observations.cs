using System.Collections.Immutable;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>How an action at DigitalOcean stands.</summary>
public enum ActionState
{
    /// <summary>At work.</summary>
    InProgress = 0,

    /// <summary>Done, as the action says.</summary>
    Completed = 1,

    /// <summary>Failed; DigitalOcean does not say why.</summary>
    Errored = 2,

    /// <summary>Not found (404).</summary>
    Missing = 3,
}

/// <summary>A droplet as DigitalOcean shows it.</summary>
/// <param name="DropletId">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record ObservedDroplet(long DropletId, string Name);

/// <summary>A snapshot of a droplet as DigitalOcean shows it.</summary>
/// <param name="ImageId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="DropletId">The droplet it is of; null when DigitalOcean does not say.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="SizeGigabytes">Billable size in GB.</param>
/// <param name="Regions">The regions that hold it.</param>
public sealed record ObservedSnapshot(
    long ImageId, string Name, long? DropletId, DateTimeOffset CreatedAt, decimal SizeGigabytes, ImmutableSortedSet<string> Regions);

/// <summary>An action as DigitalOcean shows it, cut to what a decision needs.</summary>
/// <param name="ActionId">Its id.</param>
/// <param name="State">How it stands.</param>
/// <param name="StartedAt">When it started, UTC.</param>
/// <param name="Region">The region it is for, if it says so.</param>
/// <param name="EndedAt">When it ended, UTC, if it says so.</param>
public sealed record ObservedAction(long ActionId, ActionState State, DateTimeOffset StartedAt, string? Region, DateTimeOffset? EndedAt = null);
