namespace DoSnapshot.HttpApi.Shapes;

/// <summary>What happened, in the order of the log.</summary>
public sealed record HistoryShape
{
    /// <summary>Whether there are earlier ones.</summary>
    public required bool EarlierLeftOut { get; init; }

    /// <summary>The events.</summary>
    public required EventShape[] Events { get; init; }
}

/// <summary>Something that happened.</summary>
public sealed record EventShape : AnyEventShape;

/// <summary>What is told of anything that happened.</summary>
public abstract record AnyEventShape
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

    /// <summary>The name of the snapshot that it is about; null where it is about none.</summary>
    public string? SnapshotName { get; init; }

    /// <summary>The name of the droplet that it is about; null where it is about none.</summary>
    public string? DropletName { get; init; }

    /// <summary>The plan that it names; null where it names none.</summary>
    public string? Plan { get; init; }

    /// <summary>The region of the copy that it is about; null where it is about none.</summary>
    public string? Region { get; init; }

    /// <summary>Whether nothing is tried again by itself; null where nothing failed or was put off.</summary>
    public bool? Final { get; init; }

    /// <summary>When it is tried again; null where it is not.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The guard that holds, took back or refused a removal, such as newest-complete; null where none did.</summary>
    public string? Guard { get; init; }

    /// <summary>Who asked, plan or manual; null where nobody did.</summary>
    public string? Origin { get; init; }

    /// <summary>The person who did it; null where nobody did.</summary>
    public string? Actor { get; init; }

    /// <summary>Why, as it was given: by that person, by DigitalOcean, or by a decision.</summary>
    public string? Reason { get; init; }

    /// <summary>In words, for people.</summary>
    public required string Says { get; init; }
}
