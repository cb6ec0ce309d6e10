using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Planner.Plans;

/// <summary>One plan of the file: what it says, where, and which of its terms could not be read.</summary>
/// <param name="Node">The plan's place in the file.</param>
/// <param name="Label">How messages name it: <c>plan 'web'</c>, or the number of one without a name.</param>
/// <param name="Stated">The plan; defaults stand in for what could not be read.</param>
/// <param name="Places">The node of each term that is stated, by the term's name in the file.</param>
/// <param name="Unread">The terms that could not be read, which has been said already.</param>
internal sealed record PlanEntry(
    YamlNode Node, string Label, StatedPlan Stated, IReadOnlyDictionary<string, YamlNode> Places, IReadOnlySet<string> Unread)
{
    /// <summary>A term's name in the file: "keep at least" is <c>guards.keepAtLeast</c>.</summary>
    public static string KeyOf(string term) => term switch
    {
        "opt out tag" => PlanEntryReader.OptOutTag,
        "keep at least" => PlanEntryReader.KeepAtLeast,
        "brake" => PlanEntryReader.Brake,
        _ => term,
    };

    /// <summary>The node that a problem is about: the term's, or the one entry of its list, or the whole plan where it is not stated.</summary>
    public YamlNode PlaceOf(string key, int? entry = null) => Places.GetValueOrDefault(key) switch
    {
        YamlList list when entry is { } index && index < list.Items.Count => list.Items[index],
        { } node => node,
        null => Node,
    };
}
