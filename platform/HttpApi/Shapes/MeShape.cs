namespace DoSnapshot.HttpApi.Shapes;

/// <summary>Who asks.</summary>
public sealed record MeShape
{
    /// <summary>The name that the log keeps, such as api:ann.</summary>
    public required string Name { get; init; }

    /// <summary>viewer or operator.</summary>
    public required string Role { get; init; }
}
