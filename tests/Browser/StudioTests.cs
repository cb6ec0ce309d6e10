using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>A policy as it is typed.</summary>
public sealed partial class StudioTests(DemoSite site)
{
    [Fact]
    public async Task What_is_typed_is_told_at_once()
    {
        await using var visit = await site.VisitAsync();
        var page = visit.Page;
        await Screens.GoAsync(visit, site, Screens.Policy);
        await page.GetByLabel("A snapshot every").FillAsync("12h");
        await page.GetByLabel("Rules, INTERVAL:AGE each").FillAsync("2w:1w\n1w:1m");
        await Expect(page.Locator(".sentence")).ToContainTextAsync("every 12 hours");
        await Expect(page.Locator(".lint .warning", new() { HasText = "no rule ends it" })).ToBeVisibleAsync();
        await Expect(page.Locator("code", new() { HasText = "--simulate" })).ToHaveTextAsync("do-snapshot -s 12h -k 2w:1w -k 1w:1m --simulate 12h:365d");
        await Expect(page.Locator(".plainly")).ToContainTextAsync("of 730 taken");
        await visit.Button("after a month").ClickAsync();
        await Expect(page.Locator(".plainly")).ToContainTextAsync("of 60 taken");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task What_cannot_be_read_is_said()
    {
        await using var visit = await site.VisitAsync();
        var page = visit.Page;
        await Screens.GoAsync(visit, site, Screens.Policy);
        await page.GetByLabel("Rules, INTERVAL:AGE each").FillAsync("weekly");
        await Expect(page.Locator(".lint .error")).ToContainTextAsync("weekly");
        await Expect(page.GetByText("The policy cannot be read yet.")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task It_is_held_against_the_log_and_against_what_there_is()
    {
        await using var visit = await site.VisitAsync();
        var page = visit.Page;
        await Screens.GoAsync(visit, site, Screens.Policy);
        await page.GetByLabel("Rules, INTERVAL:AGE each").FillAsync("0d:2d");

        await page.GetByRole(AriaRole.Tab, new() { Name = "On my real history" }).ClickAsync();
        await visit.Button("Replay the log under it").ClickAsync();
        await Expect(page.Locator(".compare tbody th")).ToHaveTextAsync(["Snapshots", "Size", "A month", "So far"]);
        await Expect(page.GetByText(Otherwise())).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Tab, new() { Name = "What goes", Exact = true }).ClickAsync();
        await visit.Button("Hold it against what there is").ClickAsync();
        await Expect(page.Locator(".goes li").First).ToContainTextAsync("goes at once by 0d:2d");
        Assert.Empty(visit.Complaints);
    }

    [GeneratedRegex(@"^[1-9]\d* snapshots would be otherwise than today", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Otherwise();
}
