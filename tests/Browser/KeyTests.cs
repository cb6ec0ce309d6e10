using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>The pages by the keyboard alone.</summary>
public sealed class KeyTests(DemoSite site)
{
    [Theory]
    [InlineData("/policy", "o", "Overview")]
    [InlineData("/", "a", "Activity")]
    [InlineData("/", "d", "What goes, day by day")]
    [InlineData("/", "p", "Policy studio")]
    [InlineData("/", "u", "Audit")]
    public async Task A_letter_after_g_goes_to_a_page(string from, string letter, string heading)
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync(from);
        await visit.MarkAsync();
        await visit.Page.Keyboard.PressAsync("g");
        await visit.Page.Keyboard.PressAsync(letter);
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync(heading);
        // What comes is read aloud from its beginning.
        await Expect(visit.Page.Locator("h1")).ToBeFocusedAsync();
        Assert.True(await visit.IsMarkedAsync(), "the page was loaded anew");
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData(Screens.Overview)]
    [InlineData(Screens.Droplet)]
    [InlineData(Screens.Deletions)]
    [InlineData(Screens.Activity)]
    [InlineData(Screens.Audit)]
    public async Task A_slash_goes_to_the_search(string screen)
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, screen);
        await visit.Page.Keyboard.PressAsync("/");
        var search = visit.Page.Locator("[data-search] input").First;
        await Expect(search).ToBeFocusedAsync();

        // There it is a letter as any other, and so is g.
        await visit.Page.Keyboard.TypeAsync("/ga?");
        await Expect(search).ToHaveValueAsync("/ga?");
        await Expect(visit.Page.Locator("#keys")).ToHaveCountAsync(0);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_question_mark_shows_the_keys_and_puts_them_away()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/");
        await visit.Page.Keyboard.PressAsync("?");
        await Expect(visit.Page.Locator("#keys dd")).ToHaveTextAsync(
            ["Overview", "Activity", "Deletions", "Policy", "Audit", "search", "these keys", "closes a question without answering it"]);
        await visit.Page.Keyboard.PressAsync("?");
        await Expect(visit.Page.Locator("#keys")).ToHaveCountAsync(0);
        await visit.Page.Keyboard.PressAsync("?");
        await Expect(visit.Page.Locator("#keys")).ToHaveCountAsync(1);
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator("#keys")).ToHaveCountAsync(0);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Escape_closes_a_question_and_nothing_is_done()
    {
        await using var visit = await site.VisitAsync();
        await Screens.GoAsync(visit, site, Screens.Droplet);
        await visit.Button("Snapshot now").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        var why = visit.Page.GetByLabel("Why? The log keeps it");
        await Expect(why).ToBeFocusedAsync();
        await visit.Page.Keyboard.TypeAsync("a mistake");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(why).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator(".notice")).ToHaveCountAsync(0);
        await Expect(visit.Button("Snapshot now")).ToBeFocusedAsync();
        Assert.Empty(visit.Complaints);
    }
}
