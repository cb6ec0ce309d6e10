namespace DoSnapshot.Cli.Arguments;

/// <summary>An option of the command.</summary>
/// <param name="Letter">Its short form; null where it has none.</param>
/// <param name="Name">Its long form, without the dashes.</param>
/// <param name="TakesValue">Whether a value follows.</param>
/// <param name="Abbreviable">
/// Whether an unambiguous beginning of the name will do. Only of do-snapshot.py's own options: what was unambiguous there must stay so.
/// </param>
internal sealed record OptionSpec(char? Letter, string Name, bool TakesValue, bool Abbreviable = true)
{
    /// <summary>As messages name it, such as <c>-s/--snapshot</c>.</summary>
    public string Display => Letter is { } letter ? $"-{letter}/--{Name}" : $"--{Name}";
}

/// <summary>An option as it was given.</summary>
/// <param name="Option">Which.</param>
/// <param name="Value">Its value as it stands there, white space included; null for an option that takes none.</param>
internal sealed record GivenOption(OptionSpec Option, string? Value);
