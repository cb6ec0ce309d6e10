using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DoSnapshot.Planner.Plans;

/// <summary>A text is no YAML, or has something in it that has no business in a configuration.</summary>
internal sealed class YamlProblemException : Exception
{
    public YamlProblemException(string message, long line, long column, Exception? inner = null)
        : base(message, inner)
    {
        Line = line;
        Column = column;
    }

    public long Line { get; }

    public long Column { get; }
}

/// <summary>
/// Reads a YAML text into nodes with their places. The library's own object reader would stop at the first mistake, and not say where the others are.
/// </summary>
internal sealed class YamlLoader
{
    private const int DeepestNesting = 20;

    private readonly Parser parser;
    private readonly Dictionary<string, YamlNode> anchors = new(StringComparer.Ordinal);

    private YamlLoader(string text)
    {
        parser = new Parser(new StringReader(text));
    }

    /// <summary>The text's only document; null when there is none.</summary>
    /// <exception cref="YamlProblemException">It cannot be read; there is no telling what would follow.</exception>
    public static YamlNode? Load(string text)
    {
        // The library takes it for the end, and what follows for nothing.
        if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var zero)
        {
            var before = text[..zero];
            throw new YamlProblemException("a character of code zero", before.Count(c => c == '\n') + 1, zero - before.LastIndexOf('\n'));
        }

        var loader = new YamlLoader(text);
        try
        {
            return loader.Load();
        }
        catch (YamlException e)
        {
            // Of a tab where there should be blanks, the library names the place before it.
            var (line, column) = (e.Message.Contains(" tab ", StringComparison.Ordinal) ? IndentingTab(text) : null) ?? (e.Start.Line, e.Start.Column);
            throw new YamlProblemException($"this is no YAML: {Sentence(e.Message)}", line, column, e);
        }
        catch (InvalidOperationException e)
        {
            // What the library throws where the end of a list or a map in brackets is missing; it knows no place then.
            var at = loader.parser.Current?.Start ?? Mark.Empty;
            throw new YamlProblemException("this is no YAML: a list or map in brackets begins at or after this place and does not end", at.Line, at.Column, e);
        }
    }

    /// <summary>The first tab among the blanks that a line begins with.</summary>
    private static (long Line, long Column)? IndentingTab(string text) => text.Split('\n').Index()
        .Select(l => (Line: l.Index + 1L, Column: l.Item[..^l.Item.TrimStart().Length].IndexOf('\t', StringComparison.Ordinal) + 1L))
        .Where(at => at.Column > 0)
        .Select(at => ((long, long)?)at)
        .FirstOrDefault();

    private static string Sentence(string message) =>
        message.Length > 0 ? char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.') : "it cannot be read";

    private YamlNode? Load()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        parser.Consume<DocumentStart>();
        var root = Node(0);
        parser.Consume<DocumentEnd>();
        return parser.Accept<StreamEnd>(out var more)
            ? root
            : throw new YamlProblemException("one document is wanted, and another begins", parser.Current?.Start.Line ?? 0, parser.Current?.Start.Column ?? 0);
    }

    private YamlNode Node(int depth)
    {
        var next = parser.Consume<ParsingEvent>();
        var (line, column) = (next.Start.Line, next.Start.Column);
        if (depth > DeepestNesting)
        {
            throw new YamlProblemException("nested too deeply", line, column);
        }

        if (next is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
        {
            throw new YamlProblemException($"types are not stated here, and '{tag}' is one", line, column);
        }

        YamlNode node = next switch
        {
            AnchorAlias alias => anchors.GetValueOrDefault(alias.Value.Value)
                ?? throw new YamlProblemException($"nothing before is called '{alias.Value.Value}'", line, column),
            Scalar scalar => new YamlText(scalar.Value, scalar.Style is not ScalarStyle.Plain, line, column),
            SequenceStart => new YamlList(Items(depth), line, column),
            MappingStart => new YamlMap(Entries(depth), line, column),
            _ => throw new YamlProblemException("a value is wanted", line, column),
        };
        if (next is NodeEvent { Anchor: { IsEmpty: false } anchor })
        {
            anchors[anchor.Value] = node;
        }

        return node;
    }

    private List<YamlNode> Items(int depth)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }

        return items;
    }

    private List<(YamlText Key, YamlNode Value)> Entries(int depth)
    {
        var entries = new List<(YamlText, YamlNode)>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            entries.Add((
                key as YamlText ?? throw new YamlProblemException("a key must be a single word", key.Line, key.Column),
                Node(depth + 1)));
        }

        return entries;
    }
}
