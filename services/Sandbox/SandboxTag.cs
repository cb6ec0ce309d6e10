using System.Text.RegularExpressions;

namespace DoSnapshot.Sandbox;

/// <summary>A tag: made by hand or by being put on something, and kept until it is deleted, though nothing bears it (documented).</summary>
public sealed partial record SandboxTag
{
    /// <summary>Its name, spelt as it was when it was first seen (documented).</summary>
    public required string Name { get; init; }

    /// <summary>Path of what was given it last.</summary>
    public string? LastTagged { get; init; }

    /// <summary>Path of the droplet that was given it last.</summary>
    public string? LastDroplet { get; init; }

    /// <summary>Path of the image that was given it last.</summary>
    public string? LastImage { get; init; }

    /// <summary>Path of the volume that was given it last.</summary>
    public string? LastVolume { get; init; }

    /// <summary>Path of the snapshot of a volume that was given it last.</summary>
    public string? LastVolumeSnapshot { get; init; }

    /// <summary>Letters, digits, colons, dashes and underscores, 255 at most (documented).</summary>
    internal static bool IsName(string? name) => name is { Length: <= 255 } && Allowed().IsMatch(name);

    /// <summary>Why these cannot be somebody's tags, if they cannot.</summary>
    internal static SandboxError? Mistake(IEnumerable<string>? tags) =>
        tags?.Where(tag => !IsName(tag)).ToList() is [var wrong, ..] ? SandboxError.Unprocessable($"'{wrong}' is no name for a tag.") : null;

    [GeneratedRegex(@"^[a-zA-Z0-9_\-:]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Allowed();
}
