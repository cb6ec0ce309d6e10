namespace DoSnapshot.Sandbox;

/// <summary>The whole account at one moment, with what the API does not show.</summary>
public sealed record SandboxState
{
    /// <summary>The moment.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whose account it is.</summary>
    public required SandboxOwner Owner { get; init; }

    /// <summary>The droplets, by number.</summary>
    public required IReadOnlyList<SandboxDroplet> Droplets { get; init; }

    /// <summary>Droplets that are no more.</summary>
    public required IReadOnlyList<SandboxDestruction> Destroyed { get; init; }

    /// <summary>The images, by number, those in progress and those not listed yet included.</summary>
    public required IReadOnlyList<SandboxImage> Snapshots { get; init; }

    /// <summary>All actions, newest first.</summary>
    public required IReadOnlyList<SandboxAction> Actions { get; init; }

    /// <summary>Snapshots that are no more, in the order in which they went.</summary>
    public required IReadOnlyList<SandboxDeletion> Deleted { get; init; }

    /// <summary>The tags, by name.</summary>
    public required IReadOnlyList<SandboxTag> Tags { get; init; }

    /// <summary>The volumes.</summary>
    public required IReadOnlyList<SandboxVolume> Volumes { get; init; }

    /// <summary>The snapshots of volumes.</summary>
    public required IReadOnlyList<SandboxVolumeSnapshot> VolumeSnapshots { get; init; }
}

/// <summary>A snapshot that was deleted.</summary>
/// <param name="Snapshot">As it was.</param>
/// <param name="At">When, by the account's clock.</param>
/// <param name="By">The call that did it.</param>
public sealed record SandboxDeletion(SandboxImage Snapshot, DateTimeOffset At, string By);

/// <summary>A droplet that was destroyed.</summary>
/// <param name="Droplet">As it was.</param>
/// <param name="At">When, by the account's clock.</param>
public sealed record SandboxDestruction(SandboxDroplet Droplet, DateTimeOffset At);
