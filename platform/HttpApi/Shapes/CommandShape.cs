namespace DoSnapshot.HttpApi.Shapes;

/// <summary>That all of a command is in the log.</summary>
public sealed record CommandAcceptedShape
{
    /// <summary>What was accepted.</summary>
    public required AcceptedShape[] Accepted { get; init; }
}

/// <summary>What was accepted.</summary>
public sealed record AcceptedShape
{
    /// <summary>Its id, or its name, to follow it by.</summary>
    public required string Id { get; init; }

    /// <summary>What it is.</summary>
    public required string What { get; init; }

    /// <summary>In words, what was done.</summary>
    public required string Says { get; init; }

    /// <summary>Where its history is.</summary>
    public required string History { get; init; }
}
