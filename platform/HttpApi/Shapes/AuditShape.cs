namespace DoSnapshot.HttpApi.Shapes;

/// <summary>Every removal judged again.</summary>
public sealed record AuditShape
{
    /// <summary>Whether everything holds.</summary>
    public required bool Holds { get; init; }

    /// <summary>The moment of the answer.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>From when on it was judged.</summary>
    public required DateTimeOffset? From { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset? To { get; init; }

    /// <summary>Which droplets; null for all.</summary>
    public required long[]? Droplets { get; init; }

    /// <summary>The last event's moment.</summary>
    public required DateTimeOffset? LastEventAt { get; init; }

    /// <summary>The last event's number.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Sums.</summary>
    public required AuditCountsShape Counts { get; init; }

    /// <summary>What does not hold, or is odd.</summary>
    public required FindingShape[] Findings { get; init; }

    /// <summary>Findings that are left out.</summary>
    public required long FindingsCut { get; init; }

    /// <summary>Removals that have not ended.</summary>
    public required OpenExpiryShape[] OpenExpiries { get; init; }

    /// <summary>Removals by hand.</summary>
    public required ManualRemovalShape[] ManualRemovals { get; init; }
}

/// <summary>Sums of an audit.</summary>
public sealed record AuditCountsShape
{
    /// <summary>Events replayed.</summary>
    public required long Events { get; init; }

    /// <summary>Streams.</summary>
    public required long Streams { get; init; }

    /// <summary>Decisions to remove a snapshot.</summary>
    public required long Decisions { get; init; }

    /// <summary>Decided again.</summary>
    public required long Replayed { get; init; }

    /// <summary>Confirmed.</summary>
    public required long Confirmed { get; init; }

    /// <summary>Explained by a command by hand.</summary>
    public required long ExplainedByManualCommand { get; init; }

    /// <summary>Differing.</summary>
    public required long Differing { get; init; }

    /// <summary>Not decided again.</summary>
    public required long NotReplayed { get; init; }

    /// <summary>Deletions.</summary>
    public required long Deletions { get; init; }

    /// <summary>Deletions confirmed.</summary>
    public required long DeletionsConfirmed { get; init; }

    /// <summary>Deleted.</summary>
    public required long Pruned { get; init; }

    /// <summary>Withdrawn.</summary>
    public required long Withdrawn { get; init; }

    /// <summary>Refused.</summary>
    public required long Refused { get; init; }

    /// <summary>Gone without us.</summary>
    public required long Lost { get; init; }

    /// <summary>Not ended.</summary>
    public required long Open { get; init; }

    /// <summary>Errors.</summary>
    public required long Errors { get; init; }

    /// <summary>Warnings.</summary>
    public required long Warnings { get; init; }
}

/// <summary>What does not hold, or is odd.</summary>
public sealed record FindingShape
{
    /// <summary>error or warning.</summary>
    public required string Severity { get; init; }

    /// <summary>Its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>In words.</summary>
    public required string What { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset? At { get; init; }

    /// <summary>The event's number.</summary>
    public required long Sequence { get; init; }

    /// <summary>Its stream.</summary>
    public required string? Stream { get; init; }

    /// <summary>Its id.</summary>
    public required Guid? EventId { get; init; }

    /// <summary>The snapshot.</summary>
    public required Guid? SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string? SnapshotName { get; init; }

    /// <summary>The droplet.</summary>
    public required long? DropletId { get; init; }

    /// <summary>Its name.</summary>
    public required string? DropletName { get; init; }

    /// <summary>The plan.</summary>
    public required string? Plan { get; init; }

    /// <summary>Its version.</summary>
    public required int? PlanVersion { get; init; }

    /// <summary>What the log says.</summary>
    public required string? Recorded { get; init; }

    /// <summary>What is decided now.</summary>
    public required string? Replayed { get; init; }
}

/// <summary>A removal that has not ended.</summary>
public sealed record OpenExpiryShape
{
    /// <summary>The snapshot.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string SnapshotName { get; init; }

    /// <summary>The droplet.</summary>
    public required long DropletId { get; init; }

    /// <summary>Its name.</summary>
    public required string? DropletName { get; init; }

    /// <summary>The plan.</summary>
    public required string? Plan { get; init; }

    /// <summary>The rule.</summary>
    public required string? Rule { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>How long ago.</summary>
    public required long AgeSeconds { get; init; }

    /// <summary>What went wrong last.</summary>
    public required string? Trouble { get; init; }
}

/// <summary>A removal by hand.</summary>
public sealed record ManualRemovalShape
{
    /// <summary>The snapshot.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>Its name.</summary>
    public required string SnapshotName { get; init; }

    /// <summary>The droplet.</summary>
    public required long DropletId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>By whom.</summary>
    public required string? Actor { get; init; }

    /// <summary>Why.</summary>
    public required string? Reason { get; init; }
}
