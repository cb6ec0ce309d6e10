using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>Commands, and what comes of them, by the screen alone.</summary>
public sealed class CommandTests(DemoSite site)
{
    private const string Taken = "build-1";

    [Fact]
    public async Task A_snapshot_is_taken_now_and_followed_until_it_is_complete()
    {
        const string Reason = "before the upgrade";
        await using var visit = await site.VisitAsync();
        var page = visit.Page;
        await visit.GoAsync(site.PathOf(Taken));
        await Expect(page.Locator(".certificate h3")).ToBeVisibleAsync();
        await visit.MarkAsync();

        await visit.Button("Snapshot now").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var give = dialog.GetByRole(AriaRole.Button, new() { Name = "Take it" });
        await Expect(give).ToBeDisabledAsync();
        await dialog.GetByLabel("Why? The log keeps it").FillAsync(Reason);
        await give.ClickAsync();
        await Expect(page.Locator(".notice.well")).ToContainTextAsync(Taken);

        var row = page.Locator("tbody tr", new() { HasText = "by hand" });
        await Expect(row).ToHaveCountAsync(1);
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Locator(".certificate")).ToContainTextAsync(Reason);
        await Expect(row.Locator(".state")).ToHaveTextAsync("good");
        await Expect(page.Locator(".certificate .state")).ToHaveTextAsync("complete");
        Assert.True(await visit.IsMarkedAsync(), "the page was loaded anew");
        Assert.Empty(visit.Complaints);

        // It is there in truth.
        var name = await page.Locator(".certificate h3").InnerTextAsync();
        Assert.Single(site.World.Account.State().Snapshots, s => s.Name == name);
    }

    [Fact]
    public async Task What_is_held_in_the_calendar_is_there_after_its_day()
    {
        await using var visit = await site.VisitAsync();
        var page = visit.Page;
        await Screens.GoAsync(visit, site, Screens.Deletions);
        var rows = page.Locator("tbody tr", new() { HasNotText = "yet to come" });
        var held = await ReadAsync(rows.First);
        var droplet = await rows.First.Locator("td[data-label='Droplet']").InnerTextAsync();
        // Of another droplet, so that the one that is held does not stand for it.
        var goes = await ReadAsync(rows.Filter(new() { HasNotText = $"{droplet}-" }).First);
        Assert.True(IsThere(held.Name) && IsThere(goes.Name));

        var row = rows.Filter(new() { HasText = held.Name }).First;
        await row.GetByRole(AriaRole.Button, new() { Name = "Hold" }).ClickAsync();
        await Expect(row.GetByRole(AriaRole.Button, new() { Name = "Held" })).ToBeDisabledAsync();
        await Expect(page.Locator(".notice.well")).ToContainTextAsync(held.Name);

        await site.Time.PassAsync((held.At > goes.At ? held.At : goes.At).AddHours(3), TestContext.Current.CancellationToken);
        Assert.True(IsThere(held.Name), $"{held.Name} is gone");
        Assert.False(IsThere(goes.Name), $"{goes.Name} is there");

        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator(".certificate h3")).ToHaveTextAsync(held.Name);
        await Expect(page.Locator(".certificate")).ToContainTextAsync("pinned");
        await Expect(visit.Button("Unpin")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    private static async Task<(string Name, DateTimeOffset At)> ReadAsync(ILocator row)
    {
        var at = await row.Locator("td[data-label='Goes'] ds-time").GetAttributeAsync("at");
        return ((await row.Locator("td[data-label='Snapshot']").InnerTextAsync()).Trim(), DateTimeOffset.Parse(at!, CultureInfo.InvariantCulture));
    }

    private bool IsThere(string name) => site.World.Account.State().Snapshots.Any(s => s.Name == name);
}
