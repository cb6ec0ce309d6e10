namespace DoSnapshot.Lifecycle.Tests;

/// <summary>
/// Every event as it stands in logs that exist: a line each of GoldenEvents.txt, with its name first. A line there is never edited, since what
/// it says must stay readable.
/// </summary>
internal static class GoldenEvents
{
    public static IReadOnlyDictionary<string, string> Texts { get; } = File
        .ReadAllLines(Path.Combine(AppContext.BaseDirectory, "GoldenEvents.txt"))
        .Select(line => line.Split(' ', 2))
        .ToDictionary(parts => parts[0], parts => parts[1]);
}
