namespace DoSnapshot.Lifecycle.Tests;

/// <summary>
/// Every event as it stands in logs that exist: a line each of GoldenEvents.txt, with its name first, and one more for an event that has learnt to say
/// more since. A line there is never edited, since what it says must stay readable.
/// </summary>
internal static class GoldenEvents
{
    /// <summary>Every line: the event's name and its text.</summary>
    public static IReadOnlyList<(string Name, string Text)> Lines { get; } =
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "GoldenEvents.txt"))
            .Select(line => line.Split(' ', 2))
            .Select(parts => (parts[0], parts[1])),
    ];

    /// <summary>How each event is written today, with something in every member.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } =
        Lines.GroupBy(l => l.Name, l => l.Text).ToDictionary(g => g.Key, g => g.Last());
}
