namespace DoSnapshot.Cli.Arguments;

/// <summary>
/// Reads arguments as Python's argparse does, so that every call of do-snapshot.py means here what it meant there: <c>-s 1d</c>,
/// <c>-s1d</c>, <c>"-s 1d"</c> as one argument, <c>--snapshot=1d</c>, <c>--snap 1d</c>, <c>-vs1d</c>.
/// </summary>
internal static class ArgumentReader
{
    private const string EndOfOptions = "--";

    /// <summary>Every option in the order given. Reading ends at <c>--help</c> or <c>--version</c>, whatever follows.</summary>
    /// <exception cref="UsageException">An argument is no option, is ambiguous, or lacks or has a value against its nature.</exception>
    public static IReadOnlyList<GivenOption> Read(IReadOnlyList<string> arguments)
    {
        // Classified first, as argparse does it: what is ambiguous is an error even behind --help.
        var words = Classify(arguments);
        var given = new List<GivenOption>();
        var unknown = new List<string>();
        for (var index = 0; index < words.Count; index++)
        {
            if (words[index] is not { Option: { } option } word)
            {
                unknown.Add(words[index].Text);
                continue;
            }

            var rest = word.Value;
            while (!option.TakesValue && rest is not null)
            {
                // Letters that take no value may stand together, and the last of them may take one: -vs1d.
                if (word.Text.StartsWith(EndOfOptions, StringComparison.Ordinal) || rest.Length == 0 || ByLetter(rest[0]) is not { } next)
                {
                    throw new UsageException($"{option.Display}: takes no value, and '{rest}' is one");
                }

                given.Add(new GivenOption(option, null));
                if (IsLast(option))
                {
                    return given;
                }

                (option, rest) = (next, rest.Length == 1 ? null : rest[1..]);
            }

            given.Add(new GivenOption(option, option.TakesValue ? rest ?? Following(words, ref index, option) : null));
            if (IsLast(option))
            {
                return given;
            }
        }

        return unknown.Count == 0 ? given : throw new UsageException($"unrecognized arguments: {string.Join(' ', unknown)}");
    }

    private static bool IsLast(OptionSpec option) => option == CommandOptions.Help || option == CommandOptions.Version;

    private static string Following(List<Word> words, ref int index, OptionSpec option) =>
        index + 1 < words.Count && words[index + 1].MayBeValue
            ? words[++index].Text
            : throw new UsageException($"{option.Display}: a value is wanted");

    private static List<Word> Classify(IReadOnlyList<string> arguments)
    {
        var words = new List<Word>(arguments.Count);
        for (var index = 0; index < arguments.Count; index++)
        {
            if (string.Equals(arguments[index], EndOfOptions, StringComparison.Ordinal))
            {
                // The command has no arguments but options, so nothing may follow.
                words.AddRange(arguments.Skip(index + 1).Select(text => new Word(text, null, null, MayBeValue: false)));
                break;
            }

            words.Add(Classify(arguments[index]));
        }

        return words;
    }

    private static Word Classify(string text)
    {
        if (text.Length < 2 || text[0] != '-')
        {
            return new Word(text, null, null, MayBeValue: true);
        }

        return (text[1] == '-' ? Long(text) : Short(text))
            // What only looks like an option: a negative number, or a text with a blank in it.
            ?? new Word(text, null, null, MayBeValue: IsNegativeNumber(text) || text.Contains(' ', StringComparison.Ordinal));
    }

    private static Word? Long(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = equals < 0 ? (text[2..], null) : (text[2..equals], text[(equals + 1)..]);
        var exact = CommandOptions.All.FirstOrDefault(o => string.Equals(o.Name, name, StringComparison.Ordinal));
        var meant = exact is not null
            ? [exact]
            : CommandOptions.All.Where(o => o.Abbreviable && o.Name.StartsWith(name, StringComparison.Ordinal)).ToArray();
        return meant switch
        {
            [] => null,
            [var one] => new Word(text, one, value, MayBeValue: false),
            _ => throw new UsageException($"ambiguous option: --{name} could match {string.Join(", ", meant.Select(o => $"--{o.Name}"))}"),
        };
    }

    private static Word? Short(string text)
    {
        if (ByLetter(text[1]) is not { } option)
        {
            return null;
        }

        // -s=1d means 1d; what else follows the letter is the value as it stands, its blanks too.
        var rest = text.Length == 2 ? null : text[2] == '=' ? text[3..] : text[2..];
        return new Word(text, option, rest, MayBeValue: false);
    }

    private static OptionSpec? ByLetter(char letter) => CommandOptions.All.FirstOrDefault(o => o.Letter == letter);

    private static bool IsNegativeNumber(string text) =>
        text[^1] != '.' && text.Count(c => c == '.') <= 1 && text.Skip(1).All(c => char.IsAsciiDigit(c) || c == '.');

    /// <summary>An argument, and which option it is.</summary>
    /// <param name="Text">As it was given.</param>
    /// <param name="Option">The option; null when it is none.</param>
    /// <param name="Value">What follows the option in the same argument; null when nothing does.</param>
    /// <param name="MayBeValue">Whether it can be the value of an option before it.</param>
    private sealed record Word(string Text, OptionSpec? Option, string? Value, bool MayBeValue);
}
