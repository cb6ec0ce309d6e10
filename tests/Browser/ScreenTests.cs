using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>Each screen on the demo's data.</summary>
public sealed class ScreenTests(DemoSite site)
{
    private const string Explore = "probe";

    [Fact]
    public async Task Probe()
    {
        await using var visit = await site.VisitAsync();
        foreach (var path in (string[])["/", "/policy", "/deletions", "/activity", "/audit"])
        {
            await visit.GoAsync(path);
            await Expect(visit.Page.Locator("main")).Not.ToContainTextAsync("Asking");
            await visit.Page.WaitForTimeoutAsync(3000);
            await File.WriteAllTextAsync($"/tmp/pw-{Explore}{path.Replace('/', '_')}.txt", await visit.Page.InnerTextAsync("body") + "\n" + string.Join('\n', visit.Complaints), TestContext.Current.CancellationToken);
            await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = $"/tmp/pw-{Explore}{path.Replace('/', '_')}.png", FullPage = true });
        }

        await visit.GoAsync("/");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "web-1" }).First.ClickAsync();
        await visit.Page.WaitForTimeoutAsync(3000);
        await File.WriteAllTextAsync($"/tmp/pw-{Explore}_droplet.txt", visit.Page.Url + await visit.Page.InnerTextAsync("body") + "\n" + string.Join('\n', visit.Complaints), TestContext.Current.CancellationToken);
        await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = $"/tmp/pw-{Explore}_droplet.png", FullPage = true });
    }
}
