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
public sealed record EventShape
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

    /// <summary>In words.</summary>
    public required string Says { get; init; }
}
