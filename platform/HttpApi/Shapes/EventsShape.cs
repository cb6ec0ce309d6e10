namespace DoSnapshot.HttpApi.Shapes;

/// <summary>What happened in the log after one of its places.</summary>
public sealed record EventsShape
{
    /// <summary>
    /// Up to this place it was looked: what comes next is after it. Less than what was asked after where the log is another by now, such as one that was
    /// restored: nothing that was heard before need be in it.
    /// </summary>
    public required long Last { get; init; }

    /// <summary>Whether that is the end of the log.</summary>
    public required bool IsAll { get; init; }

    /// <summary>The events, in the order of the log.</summary>
    public required LogEventShape[] Events { get; init; }
}

/// <summary>Something that happened, and what it is about.</summary>
public sealed record LogEventShape : AnyEventShape
{
    /// <summary>The droplet that it is about; null where it is about none.</summary>
    public required long? DropletId { get; init; }

    /// <summary>The snapshot that it is about; null where it is about none.</summary>
    public required Guid? SnapshotId { get; init; }
}
