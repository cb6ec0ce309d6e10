namespace DoSnapshot.Sandbox;

/// <summary>All that an account is, so that it can go on elsewhere or later. What its settings say is not in it.</summary>
internal sealed record SandboxRecord
{
    /// <summary>The form that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The form it is in.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The numbers given out last, so that none is given twice.</summary>
    public required SandboxLastNumbers Last { get; init; }

    /// <summary>Tokens that were given out, as hashes.</summary>
    public required IReadOnlyList<SandboxToken> Tokens { get; init; }

    public required IReadOnlyList<SandboxDroplet> Droplets { get; init; }

    public required IReadOnlyList<SandboxDestruction> Destroyed { get; init; }

    public required IReadOnlyList<SandboxImage> Images { get; init; }

    public required IReadOnlyList<SandboxDeletion> Deleted { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<SandboxAction> Actions { get; init; }

    /// <summary>What is to happen by itself, in that order.</summary>
    public required IReadOnlyList<SandboxDue> Agenda { get; init; }

    public required IReadOnlyList<SandboxTag> Tags { get; init; }

    public required IReadOnlyList<SandboxVolume> Volumes { get; init; }

    public required IReadOnlyList<SandboxVolumeSnapshot> VolumeSnapshots { get; init; }
}

/// <summary>The numbers given out last.</summary>
internal sealed record SandboxLastNumbers(long Droplet, long Image, long Action, long Volume);
