namespace DoSnapshot.Cli.Retention;

/// <summary>Which policy is examined, as the user wrote it; <see cref="LintCommand"/> reads and checks it.</summary>
internal sealed record LintOptions
{
    /// <summary><c>-s</c>: the time between snapshots.</summary>
    public required string? Every { get; init; }

    /// <summary><c>-k</c>: the rules.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary><c>--json</c>: for programs.</summary>
    public bool Json { get; init; }
}
