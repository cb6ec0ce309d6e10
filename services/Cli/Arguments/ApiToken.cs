using System.Text.RegularExpressions;

namespace DoSnapshot.Cli.Arguments;

/// <summary>The API token and what there is to say about it. Its text never shows the token.</summary>
/// <param name="Value">The token.</param>
/// <param name="Warnings">One sentence each.</param>
internal sealed partial record ApiToken(string Value, IReadOnlyList<string> Warnings)
{
    /// <summary>Holds the token where the option is not given.</summary>
    public const string Variable = "DO_TOKEN";

    /// <summary>The option, setting or variable that it was given by.</summary>
    public string GivenBy { get; init; } = CommandOptions.Token.Display;

    /// <summary>Takes the token from the option, which may be the path of a file with it, or else from the environment, where the same goes.</summary>
    /// <exception cref="UsageException">There is none, or the file cannot be read.</exception>
    public static ApiToken Read(string? option, Func<string, string?> environment)
    {
        if (!string.IsNullOrEmpty(option))
        {
            return Read(option, CommandOptions.Token.Display, environment);
        }

        // What looks like no path is the token itself there, whatever lies in the folder that one happens to be in.
        return environment(Variable)?.Trim() is { Length: > 0 } value
            ? IsPath(value) ? Read(value, Variable, environment) : Of(value) with { GivenBy = Variable }
            : throw new UsageException($"an API token is wanted: by {CommandOptions.Token.Display} or by the environment variable {Variable}");
    }

    /// <summary>A token that is at hand.</summary>
    public static ApiToken Of(string value) => new(value.Trim(), Oddities(value.Trim()));

    /// <inheritdoc/>
    public override string ToString() => "token set";

    /// <summary>Takes the token from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="named">The option or the setting that names it.</param>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static ApiToken ReadFile(string path, string named)
    {
        var file = TokenFile.Read(path, named);
        return new ApiToken(file.Value, file.Warning is { } warning ? [warning, .. Oddities(file.Value)] : Oddities(file.Value)) { GivenBy = named };
    }

    private static ApiToken Read(string given, string by, Func<string, string?> environment)
    {
        var path = ExpandHome(given, environment);
        if (File.Exists(path))
        {
            return ReadFile(path, by);
        }

        if (Directory.Exists(path))
        {
            throw UsageException.For(by, given, "it is a directory");
        }

        // No token looks like a path, and only what does is shown.
        return IsPath(path)
            ? throw UsageException.For(by, given, "there is no such file")
            : Of(given) with { GivenBy = by };
    }

    private static bool IsPath(string text) => text[0] is '/' or '.' or '~';

    private static string ExpandHome(string path, Func<string, string?> environment)
    {
        if (!string.Equals(path, "~", StringComparison.Ordinal) && !path.StartsWith("~/", StringComparison.Ordinal))
        {
            return path;
        }

        // A container's user may have no home at all; then the path stays as it is.
        var home = environment("HOME") is { Length: > 0 } set ? set : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? path : home + path[1..];
    }

    private static string[] Oddities(string token) => token switch
    {
        _ when Current().IsMatch(token) => [],
        _ when Legacy().IsMatch(token) =>
            ["the token has the form of before 2022 (hexadecimal digits alone); a new one can have a narrower scope"],
        _ => ["the token looks invalid: dop_v1_ and 64 hexadecimal digits are usual"],
    };

    [GeneratedRegex(@"^do[op]_v1_[0-9a-f]{64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Current();

    [GeneratedRegex(@"^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Legacy();
}
