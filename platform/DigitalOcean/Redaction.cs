using System.Text.RegularExpressions;

namespace DoSnapshot.DigitalOcean;

/// <summary>
/// Takes tokens out of text that is to be shown or logged. Tokens are 64 hexadecimal digits, since 2022 behind <c>dop_v1_</c> (personal),
/// <c>doo_v1_</c> (OAuth) or <c>dor_v1_</c> (refresh): the prefixes are documented, the digits observed.
/// </summary>
public static partial class Redaction
{
    private const string Mark = "…";

    /// <summary>A secret shorter than this is not looked for: it would be found inside ordinary words.</summary>
    private const int ShortestSecret = 8;

    private const RegexOptions Rules =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    /// <summary>
    /// The text with every token replaced by <c>…</c>, a documented prefix left in front of it, and whatever follows <c>Bearer</c> or
    /// <c>Basic</c> in an Authorization header as well.
    /// </summary>
    /// <param name="text">Any text; null gives an empty one.</param>
    /// <param name="secret">A token in use, which is masked whatever its shape if it has at least 8 characters.</param>
    public static string Mask(string? text, string? secret = null)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var masked = Prefixed().Replace(text, "${kept}" + Mark);
        if (secret is { Length: >= ShortestSecret })
            masked = masked.Replace(secret, Mark, StringComparison.OrdinalIgnoreCase);
        masked = Bare().Replace(masked, Mark);
        masked = Header().Replace(masked, "${kept}" + Mark);
        return Bearer().Replace(masked, "${kept}" + Mark);
    }

    // Whatever follows a prefix is masked, so that neither a token cut short nor one that grows in a later format stays readable.
    [GeneratedRegex("(?<kept>do[a-z]_v1_)[0-9a-z_-]+", Rules)]
    private static partial Regex Prefixed();

    [GeneratedRegex("[0-9a-f]{64,}", Rules)]
    private static partial Regex Bare();

    [GeneratedRegex("""(?<kept>authorization["']?\s*[:=]\s*["']?(bearer|basic)\s+)[^\s"',;]+""", Rules)]
    private static partial Regex Header();

    // Without the header's name the word is also plain English ("bearer of news"), so only what is long enough for a token is masked.
    [GeneratedRegex("""(?<kept>\bbearer\s+)[0-9a-z._~+/=-]{20,}""", Rules)]
    private static partial Regex Bearer();
}
