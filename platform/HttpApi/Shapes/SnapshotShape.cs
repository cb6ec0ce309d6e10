namespace DoSnapshot.HttpApi.Shapes;

/// <summary>How a snapshot stands.</summary>
public sealed record SnapshotShape
{
    /// <summary>Its id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The droplet it is of.</summary>
    public required long DropletId { get; init; }

    /// <summary>That droplet's name.</summary>
    public required string DropletName { get; init; }

    /// <summary>The plan whose rules apply; null for one by hand.</summary>
    public required string? Plan { get; init; }

    /// <summary>plan or manual.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether it was found and not asked for by us.</summary>
    public required bool Discovered { get; init; }

    /// <summary>When it was asked for, or found.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>requested, attempted, started, complete, expired, pruning, pruned, failed or lost.</summary>
    public required string Phase { get; init; }

    /// <summary>Whether it lives or is on its way.</summary>
    public required bool Live { get; init; }

    /// <summary>Attempts so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>Not tried before.</summary>
    public required DateTimeOffset? RetryAt { get; init; }

    /// <summary>What went wrong last.</summary>
    public required string? Trouble { get; init; }

    /// <summary>DigitalOcean's action that makes it.</summary>
    public required long? ActionId { get; init; }

    /// <summary>DigitalOcean's image.</summary>
    public required long? ImageId { get; init; }

    /// <summary>Its size in GB.</summary>
    public required decimal Gigabytes { get; init; }

    /// <summary>When the image was made.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The regions that hold it.</summary>
    public required string[] Regions { get; init; }

    /// <summary>Its copies, by region.</summary>
    public required TransferShape[] Transfers { get; init; }

    /// <summary>Whether it is pinned.</summary>
    public required bool Pinned { get; init; }

    /// <summary>What holds it at this moment, where a rule lets it go; null where nothing has to, or nothing does.</summary>
    public SnapshotHoldShape? Held { get; init; }

    /// <summary>The guard that was told last to hold its removal, or to have taken it back: whether one holds it still, 'held' says.</summary>
    public required string? HeldBy { get; init; }

    /// <summary>Whether its deletion was refused for good.</summary>
    public required bool LeftAlone { get; init; }

    /// <summary>The decision to remove it, while that stands.</summary>
    public required ExpiryShape? Expiry { get; init; }

    /// <summary>Attempts to delete it.</summary>
    public required int PruneAttempts { get; init; }

    /// <summary>When the last thing happened to it.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>What holds a snapshot at this moment, although a rule lets it go.</summary>
public sealed record SnapshotHoldShape
{
    /// <summary>The guard, such as newest-complete; null where DigitalOcean refused its deletion for good.</summary>
    public required string? Guard { get; init; }

    /// <summary>In words.</summary>
    public required string Detail { get; init; }
}

/// <summary>A copy of it.</summary>
public sealed record TransferShape
{
    /// <summary>To this region.</summary>
    public required string Region { get; init; }

    /// <summary>requested, attempted, started, completed or failed.</summary>
    public required string Phase { get; init; }

    /// <summary>plan or manual.</summary>
    public required string Origin { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When the last thing happened to it.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Attempts so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>Not tried before.</summary>
    public required DateTimeOffset? RetryAt { get; init; }

    /// <summary>DigitalOcean's action.</summary>
    public required long? ActionId { get; init; }

    /// <summary>What went wrong last.</summary>
    public required string? Trouble { get; init; }
}

/// <summary>A decision to remove it.</summary>
public sealed record ExpiryShape
{
    /// <summary>plan or manual.</summary>
    public required string Origin { get; init; }

    /// <summary>The rule.</summary>
    public required string? Rule { get; init; }

    /// <summary>The plan's version.</summary>
    public required int? PlanVersion { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset DecidedAt { get; init; }
}

/// <summary>Why a snapshot exists, is kept or was removed.</summary>
public sealed record ExplanationShape
{
    /// <summary>Its id.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The droplet it is of.</summary>
    public required long DropletId { get; init; }

    /// <summary>As of then.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why it exists.</summary>
    public required string Exists { get; init; }

    /// <summary>Why it is kept or was removed.</summary>
    public required string Verdict { get; init; }

    /// <summary>Whether it is there and stays for now: the rules keep it, none applies, or something holds it.</summary>
    public bool Kept { get; init; }

    /// <summary>When its age brings it under another rule.</summary>
    public required DateTimeOffset? NextChange { get; init; }

    /// <summary>What there is to say besides.</summary>
    public required string[] Remarks { get; init; }
}
