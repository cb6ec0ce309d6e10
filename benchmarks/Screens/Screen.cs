namespace DoSnapshot.Screens.Benchmarks;

/// <summary>A screen, and how one sees that what it is there to show is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Link">A link to it on the page before, as a selector.</param>
/// <param name="Shows">What is to be seen, as a selector.</param>
internal sealed record Screen(string Name, string Path, string Link, string Shows)
{
    /// <summary>While one of these is there, a part of the page still waits for its answer.</summary>
    public const string Waiting = ".strip[aria-busy]";

    /// <summary>The one that is opened first.</summary>
    public static readonly Screen Overview = new("Overview", "/", "header nav a[href='/']", ".tile a[href='/deletions']");

    /// <summary>Those that are gone to from the overview.</summary>
    public static readonly IReadOnlyList<Screen> Further =
    [
        new("a droplet", "/droplets/", "tbody a[href^='/droplets/']", ".certificate dt"),
        new("Activity", "/activity", "header nav a[href='/activity']", ".lives > li"),
        new("Deletions", "/deletions", "header nav a[href='/deletions']", ".days button"),
        new("Policy", "/policy", "header nav a[href='/policy']", ".plainly dt"),
        new("Audit", "/audit", "header nav a[href='/audit']", "#replay"),
    ];
}
