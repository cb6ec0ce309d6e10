using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>The API goes away and comes back.</summary>
public sealed partial class LostApiTests(DemoSite site)
{
    /// <summary>Nothing that is shown takes the mouse or a key.</summary>
    private const string Inert = "() => [...document.querySelectorAll('.shell, .mud-dialog-container')].every(e => e.inert) && document.querySelector('.shell') !== null && document.activeElement === document.body";

    /// <summary>What the connection tells of itself.</summary>
    private const string Becomes = "state => document.getElementById('components-reconnect-modal').dispatchEvent(new CustomEvent('components-reconnect-state-changed', { detail: { state } }))";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_that_is_open_says_so_and_goes_on_by_itself()
    {
        await using var lost = await LostApi.StartAsync(site, Ct);
        await using var visit = await site.VisitAsync(lost.Address);
        var page = visit.Page;
        await Screens.GoAsync(visit, site, Screens.Overview);
        await visit.MarkAsync();

        await lost.GoAwayAsync(Ct);
        var banner = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "does not answer:" });
        await Expect(banner).ToContainTextAsync("What is shown is as of");
        await Expect(banner).ToContainTextAsync("it goes on by itself when the API answers");
        await Expect(banner).ToContainTextAsync("The API at http://");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(6);
        var heardLast = await page.Locator("ds-now").GetAttributeAsync("at");

        await lost.ComeBackAsync(Ct);
        await Expect(banner).ToHaveCountAsync(0);
        await Expect(page.Locator("ds-now")).Not.ToHaveAttributeAsync("at", heardLast!);
        Assert.True(await visit.IsMarkedAsync(), "the page was loaded anew");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_page_that_is_opened_meanwhile_says_so_and_is_there_as_soon_as_it_can()
    {
        await using var lost = await LostApi.StartAsync(site, Ct);
        await lost.GoAwayAsync(Ct);
        await using var visit = await site.VisitAsync(lost.Address);
        await visit.Page.GotoAsync("/deletions");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API cannot be reached");

        await lost.ComeBackAsync(Ct);
        await Expect(visit.Page).ToHaveURLAsync(DeletionsPage());
        await Expect(visit.Page.Locator(".days button").First).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_page_of_a_dashboard_that_was_started_anew_is_loaded_anew()
    {
        await using var lost = await LostApi.StartAsync(site, Ct);
        await using var visit = await site.VisitAsync(lost.Address);
        var page = visit.Page;
        await Screens.GoAsync(visit, site, Screens.Droplet);
        await visit.Button("Snapshot now").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await visit.MarkAsync();

        await lost.StartAnewAsync(
            async () =>
            {
                // Above the question, whose buttons do not look as if they did anything.
                await Expect(page.GetByText("The connection to the dashboard is lost.")).ToBeVisibleAsync();
                await visit.StillAsync();
                await visit.PictureAsync("lost");
                Assert.True(await page.Locator("#components-reconnect-modal").EvaluateAsync<bool>(
                    "bar => { const r = bar.getBoundingClientRect(); return bar.contains(document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)); }"));
                Assert.True(await page.EvaluateAsync<bool>(Inert));
                Assert.Equal("none", await page.GetByRole(AriaRole.Dialog).EvaluateAsync<string>("d => getComputedStyle(d).pointerEvents"));
            },
            Ct);

        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Locator(".certificate h3")).ToBeVisibleAsync();
        Assert.False(await visit.IsMarkedAsync(), "the page is the old one");
    }

    [Fact]
    public async Task A_lost_connection_takes_no_key_and_its_place_is_as_before_when_it_is_there_again()
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, Screens.Overview);
        var page = visit.Page;
        var search = page.Locator("[data-search] input").First;
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keys")).ToHaveCountAsync(1);
        await search.FocusAsync();
        // What a key does there, it does by this button.
        await page.EvaluateAsync("() => { window.pressed = 0; document.querySelector('[data-keys]').addEventListener('click', () => window.pressed++); }");
        await page.EvaluateAsync(Becomes, "show");
        Assert.True(await page.EvaluateAsync<bool>(Inert));
        var before = page.Url;
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("web");
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal((before, ""), (page.Url, await search.InputValueAsync()));
        Assert.Equal(0, await page.EvaluateAsync<int>("() => window.pressed"));

        await page.EvaluateAsync(Becomes, "hide");
        Assert.Equal(0, await page.Locator("[inert]").CountAsync());
        await Expect(search).ToBeFocusedAsync();
        Assert.Empty(visit.Complaints);
    }

    [GeneratedRegex("/deletions$", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex DeletionsPage();
}
