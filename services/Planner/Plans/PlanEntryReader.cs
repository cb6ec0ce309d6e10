using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Planner.Plans;

/// <summary>Reads one plan of the file: which terms there are, and of which kind each is. What they say is checked with all plans together.</summary>
internal sealed class PlanEntryReader
{
    public const string OptOutTag = "optOutTag";
    public const string KeepAtLeast = "guards.keepAtLeast";
    public const string Brake = "guards.brake";

    public const string ForcePowerOff = "forcePowerOff";

    private static readonly string[] Terms =
        ["at", "consistency", "every", ForcePowerOff, "guards", "keep", "name", OptOutTag, "orphans", "prefix", "regions", "spread", "tag", "timing"];

    private readonly Action<YamlNode, string> report;
    private readonly string label;
    private readonly int number;
    private readonly YamlMap map;
    private readonly Dictionary<string, YamlNode> places = new(StringComparer.Ordinal);
    private readonly HashSet<string> unread = new(StringComparer.Ordinal);

    private PlanEntryReader(YamlMap map, int number, string label, Action<YamlNode, string> report)
    {
        this.map = map;
        this.number = number;
        this.label = label;
        this.report = report;
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="node">The entry of the file's list.</param>
    /// <param name="number">Which it is, from 1.</param>
    /// <param name="report">Takes what is wrong, with its place.</param>
    /// <returns>The plan; null for an entry that is none.</returns>
    public static PlanEntry? Read(YamlNode node, int number, Action<YamlNode, string> report)
    {
        if (node is not YamlMap map)
        {
            report(node, $"plan {number} cannot be used: a map with name, tag, prefix, every and others is wanted, not {node.Said}");
            return null;
        }

        var name = map.Entries.Select(e => (e.Key.Value, Text: e.Value as YamlText)).FirstOrDefault(e => e is { Value: "name", Text.IsNull: false }).Text;
        return new PlanEntryReader(map, number, name is null ? $"plan {number}" : $"plan '{name.Value}'", report).Read();
    }

    private PlanEntry Read()
    {
        Take(map, "", Terms, "a plan");
        if (places.Remove("guards", out var guards))
        {
            ReadGuards(guards);
        }

        var every = Text("every", "1d", required: true);
        var stated = new StatedPlan(
            Text("name", $"unnamed-{number}", required: true),
            new PlanTerms(
                Text("tag", "untagged", required: true),
                Text("prefix", "$droplet-$tag-", required: true),
                every,
                Text("at", PlanDefaults.At),
                Text("spread", PlanDefaults.Spread(every)),
                List("keep", "[3d:1d, 1w:1w]"),
                List("regions", "[lon1]"),
                Number(KeepAtLeast, PlanDefaults.KeepAtLeast),
                Choice("timing", PlanTiming.Anchored),
                places.ContainsKey(OptOutTag) ? Text(OptOutTag, "none") : null,
                Choice("orphans", OrphanHandling.Keep),
                Choice(Brake, BrakeSetting.On),
                Choice("consistency", SnapshotConsistency.Live),
                Choice(ForcePowerOff, ForcedPowerOff.Never)));
        return new PlanEntry(map, label, stated, places, unread);
    }

    /// <summary>Notes where each key stands; one that is unknown, or stands there twice, is a mistake.</summary>
    private void Take(YamlMap from, string path, string[] known, string what)
    {
        foreach (var (key, value) in from.Entries)
        {
            if (!known.Contains(key.Value, StringComparer.Ordinal))
            {
                report(key, $"{label}: '{path}{key.Value}' is no term of {what}; there are {string.Join(", ", known)}");
            }
            else if (!places.TryAdd(path + key.Value, value))
            {
                report(key, $"{label}: {path}{key.Value} is stated twice, as {places[path + key.Value].Said} in line {places[path + key.Value].Line} and as {value.Said}");
            }
        }
    }

    private void ReadGuards(YamlNode guards)
    {
        if (guards is YamlMap of)
        {
            Take(of, "guards.", ["brake", "keepAtLeast"], "the guards");
        }
        else
        {
            report(guards, $"{label}: guards cannot be used: a map such as {{keepAtLeast: 2}} is wanted, not {guards.Said}");
        }
    }

    private string Text(string key, string instead, bool required = false)
    {
        if (!places.TryGetValue(key, out var node))
        {
            return required ? Unread(map, key, $"{key} is missing", instead) : instead;
        }

        return node is YamlText { IsNull: false } text ? text.Value : Unusable(node, key, "a text is wanted", instead);
    }

    private string[] List(string key, string example)
    {
        if (!places.TryGetValue(key, out var node))
        {
            return [];
        }

        if (node is not YamlList list)
        {
            return Unusable<string[]>(node, key, $"a list such as {example} is wanted", []);
        }

        foreach (var item in list.Items.Where(item => item is not YamlText { IsNull: false }))
        {
            Unusable(item, key, $"in the list, a text is wanted, such as in {example}", "");
        }

        return unread.Contains(key) ? [] : [.. list.Items.Cast<YamlText>().Select(t => t.Value)];
    }

    private int Number(string key, int instead)
    {
        if (!places.TryGetValue(key, out var node))
        {
            return instead;
        }

        return node is YamlText { Quoted: false } text && int.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : Unusable(node, key, "a whole number is wanted", instead);
    }

    private T Choice<T>(string key, T instead)
        where T : struct, Enum
    {
        if (!places.TryGetValue(key, out var node))
        {
            return instead;
        }

        return node is YamlText text && SettingsReader.TryParseChoice(typeof(T), text.Value, out var choice)
            ? (T)choice
            : Unusable(node, key, $"{SettingsReader.Choices(typeof(T))} is wanted", instead);
    }

    private T Unusable<T>(YamlNode node, string key, string wanted, T instead) => Unread(
        node, key, node is YamlText text ? $"{key} '{text.Value}' cannot be used: {wanted}" : $"{key} cannot be used: {wanted}, not {node.Said}", instead);

    private T Unread<T>(YamlNode node, string key, string what, T instead)
    {
        unread.Add(key);
        report(node, $"{label}: {what}");
        return instead;
    }
}
