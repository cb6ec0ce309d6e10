using System.Text.RegularExpressions;
using DoSnapshot.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>Each screen on the demo's data: it says what it is there to say, and nothing goes wrong in the browser.</summary>
public sealed partial class ScreenTests(DemoSite site)
{
    public static TheoryData<string> All => [.. Screens.All];

    [Fact]
    public async Task The_overview_says_how_each_droplet_stands()
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, Screens.Overview);
        await visit.PictureAsync(Screens.Overview);
        var page = visit.Page;
        await Expect(Tile(page, "To look at")).ToContainTextAsync("of 6 droplets");
        await Expect(Tile(page, "Without a good snapshot in time")).ToContainTextAsync("all are in time");
        await Expect(Tile(page, "Storage")).ToContainTextAsync(Storage());
        await Expect(Tile(page, "Goes in the next 7 days")).ToContainTextAsync(SomeDayByDay());
        await Expect(page.GetByText("Nothing needs you.")).ToBeVisibleAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(6);
        var row = page.Locator("tbody tr", new() { HasText = Screens.LookedAt });
        await Expect(row.Locator(".state")).ToHaveTextAsync("good");
        await Expect(row.Locator("td[data-label='Plan']")).ToHaveTextAsync("default");
        await Expect(row.Locator("td[data-label='Last good']")).ToContainTextAsync("ago");
        await Expect(row.Locator("td[data-label='Next due']")).ToContainTextAsync("UTC in ");
        await Expect(row.Locator("svg.strip")).ToHaveAttributeAsync("aria-label", Turns());
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_droplet_says_what_it_has_and_why()
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, Screens.Droplet);
        await visit.PictureAsync(Screens.Droplet);
        var page = visit.Page;
        await Expect(page.Locator("h1")).ToHaveTextAsync(Screens.LookedAt);
        await Expect(page.GetByText("A snapshot is taken every day and kept until it is 3 days old")).ToBeVisibleAsync();
        await Expect(page.GetByText("Copied to lon1.")).ToBeVisibleAsync();
        await Expect(page.Locator("svg text.lane")).ToHaveTextAsync(["nyc3", "lon1"]);
        await Expect(page.Locator(".mark.ghost.thinned").First).ToBeVisibleAsync();
        await Expect(page.Locator(".certificate")).ToContainTextAsync("asked for by plan 'default', version 1");
        await Expect(page.Locator(".certificate")).ToContainTextAsync("guard NewestComplete would hold it in any case");

        // Another is chosen in the drawing.
        await page.Locator(".mark.ghost.thinned").First.ClickAsync();
        await Expect(page.Locator(".certificate")).ToContainTextAsync("What became of it");
        await Expect(page.Locator(".certificate")).ToContainTextAsync("version 1 of the plan");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_studio_says_what_the_plan_gives()
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, Screens.Policy);
        await visit.PictureAsync(Screens.Policy);
        var page = visit.Page;
        await Expect(page.Locator(".sentence")).ToContainTextAsync("one every week until 4 weeks, and none after that");
        await Expect(page.Locator(".lint .warning")).ToContainTextAsync("1w:2w gives one every 9 days, not one every week");
        await Expect(page.Locator(".plainly").GetByText("8 of 365 taken")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_calendar_says_what_goes_when_and_why()
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, Screens.Deletions);
        await visit.PictureAsync(Screens.Deletions);
        var page = visit.Page;
        var row = page.Locator("tbody tr").First;
        await Expect(row.Locator("td[data-label='Goes']")).ToContainTextAsync("UTC in ");
        await Expect(row.Locator("td[data-label='Why']")).ToContainTextAsync(RuleOfPlan());

        // A day has as many rows as it says, also when some of it goes meanwhile.
        await page.Locator(".days button").First.ClickAsync();
        var count = page.Locator(".days button[aria-pressed='true'] .count");
        Assert.True(await Eventually.HoldsAsync(
            async () =>
            {
                if (await count.AllInnerTextsAsync() is [var one])
                {
                    return int.Parse(one) == await page.Locator("tbody tr").CountAsync();
                }

                // All of that day is gone: the one that is the first now is looked at.
                await page.Locator(".days button").First.ClickAsync();
                return false;
            },
            cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Activity_says_what_happened_and_each_opens_to_its_life()
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, Screens.Activity);
        await visit.PictureAsync(Screens.Activity);
        var page = visit.Page;
        await page.GetByLabel("Search what happened").FillAsync("deleted");
        var life = page.Locator(".lives > li", new() { HasText = "deleted: image" }).First;
        await Expect(life.Locator(".state")).ToHaveTextAsync("done");
        await life.GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(page.Locator(".lives .steps li").Last).ToContainTextAsync("deleted: image");
        await Expect(page.Locator(".lives .steps")).ToContainTextAsync("to be removed by rule");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_audit_says_whether_every_removal_was_right()
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, Screens.Audit);
        await visit.PictureAsync(Screens.Audit);
        var page = visit.Page;
        await Expect(page.Locator(".verdict")).ToContainTextAsync("Everything holds.");
        await Expect(page.Locator(".verdict")).ToContainTextAsync(Confirmed());
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "As a document" })).ToBeVisibleAsync();

        // A search of the whole log finds what was heard of before anybody looked.
        await page.GetByLabel("Search what happened").FillAsync("version 1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search the whole log" }).ClickAsync();
        await Expect(page.GetByText("Out of the whole log, from its beginning.")).ToBeVisibleAsync();
        await Expect(page.Locator(".steps li").First).ToContainTextAsync("version 1");
        await Expect(page.Locator(".steps li").First).ToContainTextAsync(WhenAndWhere());
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_screen_fits_a_phone(string screen)
    {
        await using var visit = await site.VisitAsync(size: new ViewportSize { Width = 360, Height = 740 });
        await Screens.GoAsync(visit, site, screen);
        var tooWide = await visit.Page.EvaluateAsync<string[]>(
            """
            () => {
              const wide = document.documentElement.clientWidth, scrolls = e => e && (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
              return document.documentElement.scrollWidth <= wide ? [] : [...document.querySelectorAll('body *')]
                .filter(e => e.getBoundingClientRect().right > wide && !scrolls(e.parentElement)).slice(0, 8).map(e => e.cloneNode(false).outerHTML + Math.round(e.getBoundingClientRect().right));
            }
            """);
        Assert.Empty(tooWide);
        if (screen == Screens.Droplet)
        {
            // What goes on to the side begins with the newest.
            Assert.True(await Eventually.HoldsAsync(
                () => visit.Page.Locator("ds-newest").EvaluateAsync<bool>("e => e.scrollWidth > e.clientWidth && e.scrollLeft + e.clientWidth >= e.scrollWidth - 1"),
                cancellationToken: TestContext.Current.CancellationToken));
        }

        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData(Screens.Overview)]
    [InlineData(Screens.Droplet)]
    [InlineData(Screens.Deletions)]
    public async Task A_table_fits_a_small_window(string screen)
    {
        await using var visit = await site.VisitAsync(size: new ViewportSize { Width = 1024, Height = 768 });
        await Screens.GoAsync(visit, site, screen);
        var (wide, room) = (await ReadAsync("scrollWidth"), await ReadAsync("clientWidth"));
        Assert.True(wide <= room, $"{wide} in {room}: {await visit.Page.Locator(".mud-table-container tbody tr").First.EvaluateAsync<string>("r => [...r.cells].map(c => c.dataset.label + ' ' + c.offsetWidth).join(', ')")}");
        if (screen == Screens.Deletions)
        {
            // No date is broken.
            Assert.True(await visit.Page.Locator(".days button span:first-child").EvaluateAllAsync<bool>("all => all.length > 0 && all.every(s => s.getClientRects().length === 1)"));
        }

        Task<int> ReadAsync(string what) => visit.Page.Locator(".mud-table-container").First.EvaluateAsync<int>($"t => t.{what}");
    }

    /// <summary>Whatever this project's tests call clean was looked at by what finds these.</summary>
    [Theory]
    [InlineData("an image of another host", "() => { const i = new Image(); i.src = 'http://localhost:1/x.png'; document.body.append(i); }", "policy: img-src")]
    [InlineData("a style sheet in the page", "() => { const s = document.createElement('style'); s.textContent = 'p { color: red }'; document.head.append(s); }", "policy: style-src")]
    [InlineData("an error in a script", "() => setTimeout(() => { throw new Error('broken'); })", "broken")]
    [InlineData("a file that is not there", "() => fetch('/nowhere.css')", "404")]
    public async Task What_is_wrong_in_a_page_is_found(string what, string script, string complaint)
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/activity");
        Assert.Empty(visit.Complaints);
        await visit.Page.EvaluateAsync(script);
        await visit.UntilAsync(() => visit.Complaints.Any(c => c.Contains(complaint, StringComparison.Ordinal)), what);
    }

    private static ILocator Tile(IPage page, string name) => page.Locator(".tile", new() { HasText = name });

    [GeneratedRegex(@"[\d,.]+ GB\s*\d+ snapshots, \$[\d.]+ a month", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Storage();

    [GeneratedRegex(@"[1-9]\d*\s*[\d,.]+ GB, day by day", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SomeDayByDay();

    [GeneratedRegex(@"ago [a-z]+/", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex WhenAndWhere();

    [GeneratedRegex(@"^The last 30: .*\d+ good", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Turns();

    [GeneratedRegex(@"rule \d\w:\d\w.*\(plan default, version 1\)", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex RuleOfPlan();

    [GeneratedRegex(@"[1-9]\d* decisions, [1-9]\d* confirmed, .* 0 differing", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Confirmed();
}
