using Bunit;
using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Components.Pages;
using DoSnapshot.Dashboard.Components.Shared;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>A brake is released by operators, who are told before how much goes by it.</summary>
public sealed class BrakeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_brake_is_released_after_what_goes_was_named_and_the_plans_name_typed()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await BrakedAsync(ui);
        page.WaitForElement("button.release", Soon);
        Assert.Equal("Release the brake of plan p: 12 snapshots", page.Find("button.release").TextContent.Trim());
        page.Find("button.release").Click();
        dialogs.WaitForElement("ul.named", Soon);
        Assert.Contains("12 snapshots of 12 droplets go, 24 GB; deleted, nothing brings them back", dialogs.Markup, StringComparison.Ordinal);
        Assert.Equal("held-12, made 2026-02-17 12:00:00 UTC", dialogs.Find("ul.named").Children[0].TextContent);
        Assert.Equal("and 2 more", dialogs.Find("ul.named").Children[^1].TextContent);
        dialogs.Find(".reason input").Input("looked at");
        Assert.True(dialogs.Find("button.give").HasAttribute("disabled"));
        dialogs.Find(".typed input").Input("p");
        dialogs.WaitForAssertion(() => Assert.False(dialogs.Find("button.give").HasAttribute("disabled")), Soon);
        dialogs.Find("button.give").Click();
        page.WaitForAssertion(() => Assert.Contains(ui.Api.Calls, c => c is { Request: "POST /v1/brake-releases", Body: """{"plan":"p","heldAtMost":12,"reason":"looked at"}""" }), Soon);
    }

    [Fact]
    public async Task One_that_somebody_else_has_released_is_said_to_be_that()
    {
        await using var ui = new Ui();
        var page = await BrakedAsync(ui);
        page.WaitForElement("button.release", Soon);
        ui.Api.Answer("/v1/brakes", () => Sample.Brakes());
        await page.InvokeAsync(() => page.Find("button.release").Click());
        var notices = ui.Services.GetRequiredService<Notices>();
        page.WaitForAssertion(() => Assert.Equal("It is released already, or on no more.", Assert.Single(notices.All).Text), Soon);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("button.release")), Soon);
        Assert.Empty(ui.Api.Keys);
    }

    [Fact]
    public async Task Where_others_of_its_plan_are_on_by_now_nothing_is_released_unseen()
    {
        await using var ui = new Ui();
        var page = await BrakedAsync(ui);
        page.WaitForElement("button.release", Soon);
        ui.Api.Answer("/v1/brakes", () => Sample.Brakes(("p", 7, 3)));
        await page.InvokeAsync(() => page.Find("button.release").Click());
        var notices = ui.Services.GetRequiredService<Notices>();
        page.WaitForAssertion(() => Assert.Equal("Nothing was released: other brakes of plan p are on by now. Look again.", Assert.Single(notices.All).Text), Soon);
        page.WaitForAssertion(() => Assert.Contains("web-7 (7), plan p", page.Find("button.release").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(ui.Api.Keys);
    }

    [Fact]
    public async Task No_question_opens_over_a_page_that_is_looked_at_by_then()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        ui.Api.Answer("/v1/brakes", () => Sample.Brakes(("p", null, 12)));
        var session = await ui.SessionAsync();
        var panel = ui.Render<BrakePanel>(p => p.AddCascadingValue(session).Add(b => b.Brakes, ["nothing of plan 'p' expires"]));
        panel.WaitForElement("button.release", Soon);
        var isAnswered = new TaskCompletionSource();
        ui.Api.BeforeAnswer = _ => isAnswered.Task;
        var released = panel.Find("button.release").ClickAsync();
        await panel.InvokeAsync(panel.Instance.Dispose);
        isAnswered.SetResult();
        await released.WaitAsync(Soon, Xunit.TestContext.Current.CancellationToken);
        Assert.Empty(dialogs.FindAll(".mud-dialog"));
        Assert.Empty(ui.Services.GetRequiredService<Notices>().All);
    }

    [Fact]
    public async Task A_viewer_is_told_of_the_brake_and_cannot_release_it()
    {
        await using var ui = new Ui("viewer");
        var page = await BrakedAsync(ui);
        Assert.Contains("The brake is on:", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button.release"));
        Assert.DoesNotContain(ui.Api.Calls, c => c.Request == "GET /v1/brakes");
    }

    [Fact]
    public void Single_droplets_are_released_each_by_itself_or_all_of_a_plan_together()
    {
        var releases = Act.ReleasesOf(Sample.Brakes(("p", 1, 3), ("p", 2, 4), ("q", 5, 0))).ToList();
        Assert.Equal(["p/all", "p/1", "p/2", "q/5"], releases.Select(r => r.Target));
        Assert.Equal([Harm.Last, Harm.Last, Harm.Last, Harm.Some], releases.Select(r => r.Harm));
        Assert.Equal("Let 7 go", releases[0].Button);
        Assert.Equal("{ plan = p, allDroplets = True, heldAtMost = 7, reason = r }", releases[0].Body("r").ToString());
        Assert.Equal("{ plan = p, droplet = 2, heldAtMost = 4, reason = r }", releases[2].Body("r").ToString());
    }

    [Fact]
    public void Droplets_of_one_name_are_told_apart()
    {
        var brakes = Sample.Brakes(("p", 1, 3), ("q", 2, 4));
        var releases = Act.ReleasesOf(brakes with { On = [.. brakes.On.Select(b => b with { DropletName = "web" })] }).ToList();
        Assert.Equal(2, releases.Select(r => r.Target).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(["Release the brake of web (1), plan p: 3 snapshots", "Release the brake of web (2), plan q: 4 snapshots"], releases.Select(r => r.Title));
    }

    [Fact]
    public void Of_a_whole_plan_what_is_braked_by_itself_goes_too()
    {
        var release = Assert.Single(Act.ReleasesOf(Sample.Brakes(("p", null, 3), ("p", 2, 4))));
        Assert.Contains("7 snapshots of 3 droplets go", release.Says, StringComparison.Ordinal);
        Assert.Equal("p", release.Typed);
    }

    private static async Task<IRenderedComponent<Overview>> BrakedAsync(Ui ui)
    {
        ui.Status = () => Sample.Status(Sample.Of(1, "a")) with { Brakes = ["nothing of plan 'p' expires"] };
        ui.Api.Answer("/v1/brakes", () => Sample.Brakes(("p", null, 12)));
        var session = await ui.SessionAsync();
        return ui.Render<Overview>(p => p.AddCascadingValue(session));
    }
}
