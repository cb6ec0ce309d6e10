using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>Times where the browser is, in Lisbon: an hour ahead of UTC from 29 March 2026 on.</summary>
public sealed partial class LocalTimeTests(DemoSite site)
{
    [Fact]
    public async Task What_is_drawn_and_counted_goes_by_the_clock_that_is_chosen_as_all_times_do()
    {
        await using var visit = await site.VisitAsync();
        var page = visit.Page;
        await Screens.GoAsync(visit, site, Screens.Droplet);
        await Expect(page.Locator(".mark").First).ToHaveAttributeAsync("aria-label", InUtc());
        await page.GetByLabel("Times", new() { Exact = true }).SelectOptionAsync("local");
        await Expect(page.Locator(".mark").First).ToHaveAttributeAsync("aria-label", InWinter());
        await Expect(page.Locator("svg.strip title").First).ToHaveTextAsync(TurnInWinter());

        // It is remembered, and the days of the calendar are by it.
        await Screens.GoAsync(visit, site, Screens.Deletions);
        await Expect(page.GetByText("Days are those of local time.")).ToBeVisibleAsync();
        await Expect(page.Locator("tbody tr").First.Locator("td[data-label='Goes']")).ToContainTextAsync("+00:00");
        await page.GetByLabel("Times", new() { Exact = true }).SelectOptionAsync("utc");
        await Expect(page.GetByText("Days are those of UTC.")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    /// <summary>The offsets that the browser tells are those that its own times have, at each moment of a year.</summary>
    [Fact]
    public async Task The_browser_tells_its_zone_to_the_minute()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/activity");
        var wrong = await visit.Page.EvaluateAsync<string[]>(
            """
            () => {
              const { offsets } = window.doSnapshotTimes(), wrong = [], year = Date.UTC(2026, 0, 1);
              for (let at = year; at < year + 365 * 86400000; at += 60000) {
                const told = offsets.findLast(o => o[0] <= at)[1];
                if (told !== -new Date(at).getTimezoneOffset()) {
                  wrong.push(new Date(at).toISOString() + ' ' + told);
                }
              }
              return wrong.slice(0, 5).concat(offsets.length < 20 ? ['too few'] : []);
            }
            """);
        Assert.Empty(wrong);
        Assert.Empty(visit.Complaints);
    }

    [GeneratedRegex(@" UTC$", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex InUtc();

    [GeneratedRegex(@"\d \+00:00$", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex InWinter();

    [GeneratedRegex(@"^2026-\d\d-\d\d \d\d:\d\d:\d\d \+00:00: ", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex TurnInWinter();
}
