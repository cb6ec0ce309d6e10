namespace DoSnapshot.Operating;

/// <summary>
/// Text from elsewhere as a terminal may be given it: on one line, without characters that command the terminal or turn the direction of what
/// stands beside them.
/// </summary>
internal static class ShownText
{
    /// <summary>The text with a space for every line end and a question mark for every such character.</summary>
    public static string Of(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Any(Commands) ? string.Concat(line.Select(one => Commands(one) ? '?' : one)) : line;
    }

    /// <summary>Whether it is one line without such a character: what people write is refused otherwise, as it is shown in other places than terminals, too.</summary>
    public static bool IsPlain(string text) => !text.Any(Commands);

    // Unicode's marks of direction are listed in its annex 9.
    private static bool Commands(char one) => char.IsControl(one)
        || one is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
