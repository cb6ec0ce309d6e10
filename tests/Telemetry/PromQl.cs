using System.Text.RegularExpressions;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>What a query names: measures, and labels of them. As much of the language as rules and dashboard use.</summary>
internal sealed partial class PromQl
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "sum", "min", "max", "avg", "count", "topk", "increase", "rate", "max_over_time", "absent", "vector", "label_values",
        "or", "and", "unless", "offset", "bool", "by", "without", "on", "ignoring", "group_left", "group_right",
    };

    public PromQl(string query)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var selected = new List<(string Measure, string Label)>();
        var grouped = new HashSet<string>(StringComparer.Ordinal);
        // label_values(MEASURE, LABEL) is the dashboard's own.
        if (LabelValues().Match(query) is { Success: true } values)
        {
            query = values.Groups["measure"].Value;
            selected.Add((Selector().Match(query).Groups["measure"].Value, values.Groups["label"].Value));
        }

        var rest = Grouping().Replace(query, match =>
        {
            grouped.UnionWith(match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            return " ";
        });
        foreach (Match match in Selector().Matches(rest))
        {
            var name = match.Groups["measure"].Value;
            if (Words.Contains(name))
            {
                continue;
            }

            names.Add(name);
            selected.AddRange(Matcher().Matches(match.Groups["matchers"].Value).Select(m => (name, m.Groups["label"].Value)));
        }

        (Names, Selected, Grouped) = (names, selected, grouped);
    }

    public IReadOnlySet<string> Names { get; }

    public IReadOnlyList<(string Measure, string Label)> Selected { get; }

    public IReadOnlySet<string> Grouped { get; }

    /// <summary>What it names and there is not, in words.</summary>
    public IEnumerable<string> Unknown(IReadOnlyDictionary<string, IReadOnlySet<string>> known)
    {
        foreach (var name in Names.Where(n => !known.ContainsKey(n)))
        {
            yield return $"there is no measure {name}";
        }

        foreach (var (measure, label) in Selected.Where(s => known.TryGetValue(s.Measure, out var labels) && !Has(labels, s.Label)))
        {
            yield return $"{measure} has no label {label}";
        }

        foreach (var label in Grouped.Where(l => !Names.Any(n => known.TryGetValue(n, out var labels) && Has(labels, l))))
        {
            yield return $"no measure of it has the label {label}";
        }
    }

    private static bool Has(IReadOnlySet<string> labels, string label) => labels.Contains(label) || Scrape.AddedLabels.Contains(label);

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"(?<![\w\[.""])(?<measure>[a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{(?<matchers>(""[^""]*""|[^}""])*)\})?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<label>[a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*""[^""]*""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Matcher();

    [GeneratedRegex(@"^label_values\((?<measure>.*),\s*(?<label>\w+)\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex LabelValues();
}
