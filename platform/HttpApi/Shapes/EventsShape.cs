namespace DoSnapshot.HttpApi.Shapes;

/// <summary>What happened in the log after one of its places.</summary>
public sealed record EventsShape
{
    /// <summary>Up to this place it was looked: what comes next is after it.</summary>
    public required long Last { get; init; }

    /// <summary>Whether that is the end of the log.</summary>
    public required bool IsAll { get; init; }

    /// <summary>The events, in the order of the log.</summary>
    public required LogEventShape[] Events { get; init; }
}

/// <summary>Something that happened, and what it is about.</summary>
public sealed record LogEventShape
{
    /// <summary>Its number in the log.</summary>
    public required long Sequence { get; init; }

    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The stream it is in.</summary>
    public required string Stream { get; init; }

    /// <summary>Its number there.</summary>
    public required long Version { get; init; }

    /// <summary>Its type.</summary>
    public required string Type { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset? At { get; init; }

    /// <summary>The droplet that it is about; null where it is about none.</summary>
    public required long? DropletId { get; init; }

    /// <summary>The snapshot that it is about; null where it is about none.</summary>
    public required Guid? SnapshotId { get; init; }

    /// <summary>In words.</summary>
    public required string Says { get; init; }
}
