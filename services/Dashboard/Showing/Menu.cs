namespace DoSnapshot.Dashboard.Showing;

/// <summary>A page that the menu leads to.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Key">After <c>g</c>, leads to it.</param>
internal sealed record MenuPage(string Path, string Name, string Key);

/// <summary>The pages.</summary>
internal static class Menu
{
    /// <summary>In the order of the menu.</summary>
    public static readonly IReadOnlyList<MenuPage> All =
    [
        new("/", "Overview", "o"),
        new("/activity", "Activity", "a"),
        new("/deletions", "Deletions", "d"),
        new("/policy", "Policy", "p"),
        new("/audit", "Audit", "u"),
    ];
}
