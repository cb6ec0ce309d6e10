using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Showing;

/// <summary>What came of the turns of a schedule, in words.</summary>
internal static class SlotWords
{
    /// <summary>What a state means.</summary>
    public static string Of(string state) => state switch
    {
        "good" => "made in time",
        "late" => "made late",
        "thinned" => "made, and let go by the policy since",
        "removed" => "made, and removed by a person",
        "lost" => "made, and deleted by somebody else",
        "running" => "being made",
        "due" => "due now",
        "failed" => "given up",
        "missed" => "none was made",
        "paused" => "paused: none was wanted",
        "unplanned" => "in no plan: none was wanted",
        _ => state,
    };

    /// <summary>The marks that there are, those of one look together, with what they mean.</summary>
    public static readonly IReadOnlyList<(string State, string Words)> Legend =
    [
        ("good", "in time"),
        ("late", "late"),
        ("thinned", "let go by the policy"),
        ("removed", "removed by a person"),
        ("missed", "none made, given up or lost"),
        ("running", "due or being made"),
        ("paused", "paused"),
        ("unplanned", "in no plan"),
    ];

    /// <summary>All of them in a sentence, for who does not see them.</summary>
    public static string Summary(IReadOnlyCollection<SlotShape> slots) => slots.Count == 0
        ? "No schedule"
        : $"The last {slots.Count}: {string.Join(", ", slots.GroupBy(s => s.State, StringComparer.Ordinal).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {g.Key}"))}";
}
