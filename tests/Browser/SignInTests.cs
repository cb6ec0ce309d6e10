using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DoSnapshot.Browser.Tests;

/// <summary>Who is let in, and what they may do, before an API that wants tokens.</summary>
public sealed partial class SignInTests(DemoSite site)
{
    [Fact]
    public async Task A_wrong_token_is_refused_in_words()
    {
        await using var front = await TokenFront.StartAsync(site);
        await using var visit = await site.VisitAsync(front.Address);
        await visit.GoAsync("/deletions");
        await SignInAsync(visit, "a-token-that-nobody-has");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API knows nobody with this token.");

        // Nothing was let in, and where one wanted to go is not forgotten.
        await SignInAsync(visit, TokenFront.Viewer);
        await Expect(visit.Page).ToHaveURLAsync(DeletionsPage());
        await Expect(visit.Page.Locator(".who")).ToHaveTextAsync("api:bob");
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData(TokenFront.Viewer, "api:bob", false)]
    [InlineData(TokenFront.Operator, "api:ann", true)]
    public async Task Who_may_command_sees_the_commands_and_nobody_else(string token, string name, bool commands)
    {
        await using var front = await TokenFront.StartAsync(site);
        await using var visit = await site.VisitAsync(front.Address);
        var page = visit.Page;
        await visit.GoAsync("/sign-in");
        await SignInAsync(visit, token);
        await Expect(page.Locator(".who")).ToHaveTextAsync(name);

        await Screens.GoAsync(visit, site, Screens.Droplet);
        string[] all = ["Snapshot now", "Pin", "Transfer", "Expire"];
        foreach (var command in all)
        {
            await Expect(visit.Button(command)).ToHaveCountAsync(commands ? 1 : 0);
        }

        await Screens.GoAsync(visit, site, Screens.Deletions);
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Hold" })).ToHaveCountAsync(commands ? 1 : 0);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Signing_out_ends_every_window_of_the_browser()
    {
        await using var front = await TokenFront.StartAsync(site);
        await using var visit = await site.VisitAsync(front.Address);
        await visit.GoAsync("/sign-in");
        await SignInAsync(visit, TokenFront.Operator);
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(6);
        var other = await visit.Page.Context.NewPageAsync();
        await other.GotoAsync("/activity");
        await Expect(other.Locator(".lives")).ToBeVisibleAsync();

        await visit.Button("Sign out").ClickAsync();
        await Expect(visit.Page.GetByText("With this your token is forgotten here, and other windows of this browser are signed out as well.")).ToBeVisibleAsync();
        await visit.Button("Sign out").ClickAsync();
        await Expect(visit.Page.GetByText("You are signed out.")).ToBeVisibleAsync();
        await Expect(other.GetByText("You are signed out.")).ToBeVisibleAsync();

        await visit.Page.GotoAsync("/");
        await Expect(visit.Page.GetByLabel("Your token for the API")).ToBeVisibleAsync();

        // Whoever comes back to it is not told that something will be forgotten.
        await visit.Page.GotoAsync("/sign-out");
        await Expect(visit.Page.GetByText("You are signed out.")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    internal static async Task SignInAsync(Visit visit, string token)
    {
        await visit.Page.GetByLabel("Your token for the API").FillAsync(token);
        await visit.Button("Sign in").ClickAsync();
    }

    [GeneratedRegex("/deletions$", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex DeletionsPage();
}
