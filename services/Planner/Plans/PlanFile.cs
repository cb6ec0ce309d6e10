using System.Text;
using DoSnapshot.Lifecycle.Plans;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Planner.Plans;

/// <summary>
/// Reads the file that states every plan, strictly and as a whole: a key that is unknown or stands there twice, a term that is missing or cannot be read,
/// and plans that get into each other's way are all told at once, each with its line and column, and nothing of the file is used.
/// </summary>
internal sealed class PlanFile
{
    /// <summary>More than any list of plans needs: what is larger is another file.</summary>
    private const int MostBytes = 1024 * 1024;

    private const string Plans = "plans";

    private const string Setting = $"{PlansSettings.Section}:{nameof(PlansSettings.File)}";

    private readonly string path;
    private readonly List<(long Line, long Column, string Text)> problems = [];

    private PlanFile(string path)
    {
        this.path = path;
    }

    /// <summary>The plans of a file.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="onlyWayIn">Whether it is the only way to change a plan.</param>
    /// <exception cref="OptionsValidationException">The file cannot be used; there is a message for each mistake.</exception>
    public static ConfiguredPlans Read(string path, bool onlyWayIn) => new PlanFile(path).Read(onlyWayIn);

    private ConfiguredPlans Read(bool onlyWayIn)
    {
        var text = ReadText();
        var entries = Load(text);
        if (problems.Count > 0)
        {
            throw Unusable(problems.Order().Select(p => $"{Place(p.Line, p.Column)}: {p.Text}."));
        }

        return new ConfiguredPlans(
            new PlanSet(entries.Select(e => e.Stated)),
            path,
            onlyWayIn,
            (plan, term) => entries.FirstOrDefault(e => string.Equals(e.Stated.Name, plan, StringComparison.Ordinal)) is { } entry
                && entry.PlaceOf(PlanEntry.KeyOf(term)) is { } node
                    ? $"{Place(node.Line, node.Column)}: plan '{plan}': {PlanEntry.KeyOf(term)}"
                    : null);
    }

    private List<PlanEntry> Load(string text)
    {
        try
        {
            var entries = Entries(YamlLoader.Load(text));
            Check(entries);
            return entries;
        }
        catch (YamlProblemException e)
        {
            problems.Add((e.Line, e.Column, e.Message));
            return [];
        }
    }

    /// <summary>The list of plans: the only thing that the file has.</summary>
    private List<PlanEntry> Entries(YamlNode? root)
    {
        if (root is not YamlMap map)
        {
            problems.Add((root?.Line ?? 1, root?.Column ?? 1, $"'{Plans}:' with a list of plans is wanted, not {root?.Said ?? "an empty file"}"));
            return [];
        }

        foreach (var (key, _) in map.Entries.Where(e => !IsPlans(e.Key)))
        {
            Report(key, $"'{key.Value}' is nothing that the file has; there is {Plans}");
        }

        var lists = map.Entries.Where(e => IsPlans(e.Key)).ToList();
        foreach (var (key, _) in lists.Skip(1))
        {
            Report(key, $"{Plans} is stated twice, first in line {lists[0].Key.Line}");
        }

        if (lists is [])
        {
            Report(map, $"{Plans} is missing");
        }
        else if (lists[0].Value is not YamlList { Items.Count: > 0 })
        {
            // A file that was emptied by mistake would else let every droplet go.
            Report(lists[0].Value, $"{Plans} cannot be used: a list with at least one plan is wanted");
        }

        return
        [
            .. lists.Select(l => l.Value).OfType<YamlList>()
                .SelectMany(list => list.Items.Select((item, index) => PlanEntryReader.Read(item, index + 1, Report)))
                .OfType<PlanEntry>(),
        ];
    }

    private static bool IsPlans(YamlText key) => string.Equals(key.Value, Plans, StringComparison.Ordinal);

    private void Check(List<PlanEntry> entries)
    {
        foreach (var found in PlanSet.Problems([.. entries.Select(e => e.Stated)]))
        {
            var entry = entries[found.Plan];
            var key = PlanEntry.KeyOf(found.Problem.Term);
            // A default that stands in for what could not be read is no mistake of the file's.
            if (!StandsIn(entry, key) && (found.Other is not { } other || !StandsIn(entries[other], key)))
            {
                var first = found.Other is { } earlier ? $" (line {entries[earlier].PlaceOf(key).Line})" : "";
                Report(entry.PlaceOf(key, found.Problem.Entry), $"{entry.Label}: {key} '{found.Problem.Value}' cannot be used: {found.Problem.Wanted}{first}");
            }
        }
    }

    /// <summary>Whether a term, or the tag that may be part of it, is not what the file says.</summary>
    private static bool StandsIn(PlanEntry entry, string key) => entry.Unread.Contains(key) || (key is "prefix" && entry.Unread.Contains("tag"));

    private void Report(YamlNode node, string text) => problems.Add((node.Line, node.Column, text));

    private string Place(long line, long column) => $"{Setting} '{path}', line {line}, column {column}";

    private string ReadText()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[MostBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MostBytes)
            {
                throw new IOException($"it is larger than {MostBytes / 1024 / 1024} MB");
            }

            using var reader = new StreamReader(new MemoryStream(bytes, 0, length), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var why = e is DecoderFallbackException ? "it is no text in UTF-8" : Directory.Exists(path) ? "it is a directory" : e.Message.TrimEnd('.');
            throw Unusable([$"{Setting} '{path}' cannot be read: {why} (environment: {PlansSettings.Section}__{nameof(PlansSettings.File)})."]);
        }
    }

    private static OptionsValidationException Unusable(IEnumerable<string> failures) => new(PlansSettings.Section, typeof(PlansSettings), failures);
}
