using Deque.AxeCore.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>What axe finds on the pages: nothing serious, in either colours.</summary>
public sealed class AxeTests(DemoSite site)
{
    public static TheoryData<string, string> All =>
        [.. Screens.All.SelectMany(s => ((string, string)[])[(s, "light"), (s, "dark")])];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_screen_can_be_used_by_everybody(string screen, string colours)
    {
        await using var visit = await site.VisitAsync(colours: colours);
        await Screens.GoAsync(visit, site, screen);
        Assert.Empty(await FindAsync(visit));
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task A_question_before_a_command_can_be_used_by_everybody(string colours)
    {
        await using var visit = await site.VisitAsync(colours: colours);
        await Screens.GoAsync(visit, site, Screens.Droplet);
        await visit.Button("Snapshot now").ClickAsync();
        await Expect(visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Dialog)).ToBeVisibleAsync();
        // It comes by and by.
        await visit.StillAsync();
        Assert.Empty(await FindAsync(visit));
    }

    [Theory]
    [InlineData("light", "/sign-in", false)]
    [InlineData("dark", "/sign-in", false)]
    [InlineData("light", "/sign-out", false)]
    [InlineData("light", "/sign-out", true)]
    [InlineData("dark", "/sign-out", true)]
    public async Task Signing_in_and_out_can_be_used_by_everybody(string colours, string path, bool isSignedIn)
    {
        await using var front = await TokenFront.StartAsync(site);
        await using var visit = await site.VisitAsync(front.Address, colours: colours);
        if (isSignedIn)
        {
            await visit.GoAsync("/sign-in");
            await SignInTests.SignInAsync(visit, TokenFront.Viewer);
            await Expect(visit.Page.Locator(".who")).ToBeVisibleAsync();
        }

        await visit.GoAsync(path);
        Assert.Empty(await FindAsync(visit));
    }

    [Fact]
    public async Task What_cannot_be_used_is_found()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/activity");
        await visit.Page.EvaluateAsync("() => document.querySelector('main').append(document.createElement('button'))");
        Assert.Contains(await FindAsync(visit), f => f.StartsWith("button-name", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> FindAsync(Visit visit)
    {
        var found = await visit.Page.RunAxe();
        return [.. found.Violations.Where(v => v.Impact is "serious" or "critical")
            .SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html} {string.Join("; ", n.Any.Concat(n.All).Concat(n.None).Select(c => c.Message))}"))];
    }
}
