using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>The six screens, and how one sees that everything of a screen is there.</summary>
internal static class Screens
{
    public const string Overview = "overview";
    public const string Droplet = "droplet";
    public const string Policy = "policy";
    public const string Deletions = "deletions";
    public const string Activity = "activity";
    public const string Audit = "audit";

    /// <summary>Of the droplet that tests look at, and do nothing to.</summary>
    public const string LookedAt = "web-1";

    public static IReadOnlyList<string> All { get; } = [Overview, Droplet, Policy, Deletions, Activity, Audit];

    /// <summary>Goes there and waits until nothing is asked for any more.</summary>
    public static async Task GoAsync(Visit visit, DemoSite site, string screen)
    {
        var page = visit.Page;
        await visit.GoAsync(screen switch
        {
            Overview => "/",
            Droplet => site.PathOf(LookedAt),
            _ => $"/{screen}",
        });
        if (screen == Audit)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Run it" }).ClickAsync();
        }

        await Expect(page.Locator(screen switch
        {
            Overview => ".tile a[href='/deletions']",
            Droplet => ".certificate dt:text('Why it is kept')",
            Policy => ".plainly dt:text('Restore points')",
            Deletions => ".days button >> nth=0",
            Activity => ".lives > li >> nth=0",
            _ => ".verdict",
        })).ToBeVisibleAsync();
        if (screen is Overview or Droplet)
        {
            await Expect(page.Locator(".strip[aria-busy]")).ToHaveCountAsync(0);
        }
    }
}
