using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>What is asked before a command: it is seen as a whole, and once.</summary>
public sealed class QuestionTests(DemoSite site)
{
    [Theory]
    [InlineData(1280, 900)]
    [InlineData(1024, 600)]
    [InlineData(390, 844)]
    public async Task Of_a_long_one_the_warning_what_is_asked_for_and_the_buttons_are_seen(int width, int height)
    {
        await using var visit = await site.VisitAsync(size: new ViewportSize { Width = width, Height = height });
        var page = visit.Page;
        await Screens.GoAsync(visit, site, Screens.Policy);
        await page.GetByLabel("Rules, INTERVAL:AGE each").FillAsync("0d:2d");
        await visit.Button("Save as a new version").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".says")).ToContainTextAsync("At its next decision the planner lets");
        await visit.StillAsync();
        await visit.PictureAsync($"question-{width}");

        foreach (var part in (string[])[".says", ".goes", ".typed input", ".reason input", ".wants", "button.give"])
        {
            await Expect(dialog.Locator(part)).ToBeInViewportAsync(new() { Ratio = 1 });
        }

        // Nothing of it was scrolled away; what is longer than its place scrolls there, and by keys as well.
        var scrolled = await dialog.EvaluateAsync<string[]>("d => [d, ...d.querySelectorAll('*')].filter(e => e.scrollTop > 0).map(e => e.className)");
        Assert.Empty(scrolled);
        Assert.True(await dialog.Locator(".goes").EvaluateAsync<bool>("e => e.scrollHeight > e.clientHeight && e.tabIndex === 0"));
        await Expect(dialog.Locator(".wants")).ToHaveTextAsync("Still wanted: the name 'default', typed, and why.");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_double_click_asks_once()
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, Screens.Droplet);
        await visit.Button("Snapshot now").DblClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByLabel("Why? The log keeps it")).ToBeVisibleAsync();
        // Whatever the second click began has begun once what came after it was answered.
        await dialog.GetByLabel("Why? The log keeps it").FillAsync("x");
        await Expect(dialog.Locator(".wants")).ToHaveTextAsync("");
        await Expect(dialog).ToHaveCountAsync(1);
        Assert.Empty(visit.Complaints);
    }
}
