using Microsoft.Playwright;

namespace DoSnapshot.Browser.Tests;

/// <summary>The browser of this machine.</summary>
internal static class Chromium
{
    private const string Setting = "DOSNAPSHOT_CHROMIUM";

    private static readonly string[] Places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium",
        "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    /// <summary>Starts it, without a window.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static Task<IBrowser> StartAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Find(Environment.GetEnvironmentVariable(Setting), Places),
        // As root it has no sandbox; what it shows is the tests' own.
        Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
    });

    /// <summary>Where it is.</summary>
    /// <param name="named">What <c>DOSNAPSHOT_CHROMIUM</c> says; null for nothing.</param>
    /// <param name="places">Where it is looked for otherwise.</param>
    internal static string Find(string? named, IReadOnlyCollection<string> places)
    {
        if (named is { Length: > 0 })
        {
            return File.Exists(named) ? named : throw new InvalidOperationException($"{Setting} names '{named}', and there is no such program.");
        }

        return places.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"The tests of the dashboard's pages need Chromium, and there is none. On Debian and Ubuntu: apt-get install chromium. Elsewhere install Chromium or Chrome, and have {Setting} name its program.");
    }
}
