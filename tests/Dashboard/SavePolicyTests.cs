using Bunit;
using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Components.Pages;
using DoSnapshot.HttpApi.Shapes;
using MudBlazor;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>A policy is saved by operators, after what goes by it was named.</summary>
public sealed class SavePolicyTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_viewer_sees_what_goes_and_cannot_save()
    {
        await using var ui = new Ui("viewer");
        var page = await PageAsync(ui, Goes(now: 1, later: 2));
        page.Find("textarea").Input("1d:2d");
        Assert.Empty(page.FindAll("button.save"));
        page.FindAll("button[role=tab], .mud-tab").Single(t => t.TextContent.Trim() == "What goes").Click();
        page.WaitForElement("button.ask-goes", Soon).Click();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("ol.goes li").Count), Soon);
        Assert.Contains(ui.Api.Calls, c => c.Request == "GET /v1/what-goes?plan=p&keep=1d%3A2d&snapshot-interval=1d&price=0.06");
        Assert.DoesNotContain(ui.Api.Calls, c => c.Request.Contains("/v1/forecast", StringComparison.Ordinal));
        Assert.Contains("2.5 d, web-41", page.Find(".compare").TextContent, StringComparison.Ordinal);
        Assert.Contains("goes at once by 1d:2d", page.FindAll("ol.goes li")[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_plan_says_already_cannot_be_saved()
    {
        await using var ui = new Ui();
        var page = await PageAsync(ui, Goes(now: 0, later: 0));
        Assert.True(page.Find("button.save").HasAttribute("disabled"));
        page.Find("textarea").Input("1d:2d");
        page.WaitForAssertion(() => Assert.False(page.Find("button.save").HasAttribute("disabled")), Soon);
        page.Find("textarea").Input("1d");
        page.WaitForAssertion(() => Assert.True(page.Find("button.save").HasAttribute("disabled")), Soon);
    }

    [Fact]
    public async Task What_goes_is_named_and_the_plans_name_typed_before_it_is_saved()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Goes(now: 12, later: 15, held: 12));
        page.Find("textarea").Input("1d:2d");
        page.Find("button.save").Click();
        dialogs.WaitForElement("ul.named", Soon);
        // What is saved is what stands there, and not what the page shows.
        Assert.Contains("A snapshot every 1d, kept by 1d:2d. ", dialogs.Markup, StringComparison.Ordinal);
        Assert.Contains("lets 12 snapshots of 40 go", dialogs.Markup, StringComparison.Ordinal);
        Assert.Contains("The brake will hold what goes", dialogs.Markup, StringComparison.Ordinal);
        var named = dialogs.FindAll("ul.named");
        Assert.Equal(2, named.Count);
        Assert.Equal("web-41: s0, made 2026-02-27 12:00:00 UTC", named[0].Children[0].TextContent);
        Assert.Equal("and 2 more", named[0].Children[^1].TextContent);
        Assert.Equal(3, named[1].Children.Length);

        Assert.True(dialogs.Find("button.give").HasAttribute("disabled"));
        dialogs.Find(".reason input").Input("less room");
        Assert.True(dialogs.Find("button.give").HasAttribute("disabled"));
        dialogs.Find(".typed input").Input("p");
        dialogs.WaitForAssertion(() => Assert.False(dialogs.Find("button.give").HasAttribute("disabled")), Soon);
        dialogs.Find("button.give").Click();
        page.WaitForAssertion(() => Assert.Contains("version 3 of plan 'p' is in force. At the planner's next decision the brake comes on", page.Find(".saved").TextContent, StringComparison.Ordinal), Soon);
        var put = Assert.Single(ui.Api.Calls, c => c.Request == "PUT /v1/plans/p/policy");
        Assert.Equal("""{"keep":["1d:2d"],"every":"1d","basedOn":2,"reason":"less room"}""", put.Body);
        Assert.Single(ui.Api.Keys);
    }

    [Fact]
    public async Task What_lets_nothing_go_wants_a_reason_alone()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Goes(now: 0, later: 0));
        page.Find("textarea").Input("1d:2d");
        page.Find("button.save").Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Empty(dialogs.FindAll("ul.named, .typed input"));
        Assert.Contains("Nothing goes at once. Nor does any within 30 days", dialogs.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "Nothing goes at once. Nor does any within 30 days of those that are there.")]
    [InlineData(3, 3, "nothing brings them back. No more of those that are there go within 30 days.")]
    [InlineData(3, 5, "nothing brings them back. Within 30 days 2 more of those that are there go; as it is, 1 would in all.")]
    [InlineData(0, 2, "Nothing goes at once. Within 30 days 2 more of those that are there go; as it is, 1 would in all.")]
    public void What_goes_later_is_said_after_what_goes_at_once(int now, int later, string says) =>
        Assert.EndsWith(says, Act.SavePolicy(Goes(now, later), "1d", ["1d:2d"]).Says, StringComparison.Ordinal);

    [Fact]
    public async Task A_plan_that_has_changed_meanwhile_is_not_saved_over()
    {
        await using var ui = new Ui();
        var page = await PageAsync(ui, Goes(now: 0, later: 0) with { Version = 3 });
        page.Find("textarea").Input("1d:2d");
        page.Find("button.save").Click();
        page.WaitForAssertion(() => Assert.Contains("Plan 'p' is version 3 by now, and this began with version 2.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(ui.Api.Keys);
        Assert.Equal("1d:2d", page.Find("textarea").GetAttribute("value"));
    }

    [Fact]
    public async Task What_another_has_saved_is_shown_and_nothing_is_saved_over_it_before_it_is_chosen()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Goes(now: 0, later: 0));
        page.Find("textarea").Input("1d:2d");
        OtherSaves(ui);
        page.Find("button.save").Click();
        var banner = page.WaitForElement(".newer[role=alert]", Soon);
        Assert.Contains("Plan 'p' is version 3 by now, and this began with version 2.", banner.TextContent, StringComparison.Ordinal);
        Assert.Contains("every 12 hours", banner.TextContent, StringComparison.Ordinal);
        Assert.Equal("-s 12h -k 0h:9d", banner.QuerySelector("code")!.TextContent);
        Assert.Equal("p, version 2", page.Find("option").TextContent);
        Assert.Contains("--based-on 2 ", page.Find("code.same").TextContent, StringComparison.Ordinal);

        // Whatever is done but to choose, it is not saved.
        Assert.True(page.Find("button.save").HasAttribute("disabled"));
        page.Find("textarea").Input("1d:4d");
        Assert.True(page.Find("button.save").HasAttribute("disabled"));
        Assert.Empty(ui.Api.Keys);

        page.Find("button.go-on").Click();
        page.WaitForAssertion(() => Assert.Contains("--based-on 3 ", page.Find("code.same").TextContent, StringComparison.Ordinal), Soon);
        Assert.Equal("1d:4d", page.Find("textarea").GetAttribute("value"));
        page.Find("button.save").Click();
        dialogs.WaitForElement(".reason input", Soon).Input("mine is better");
        dialogs.WaitForAssertion(() => Assert.False(dialogs.Find("button.give").HasAttribute("disabled")), Soon);
        dialogs.Find("button.give").Click();
        page.WaitForAssertion(() => Assert.Single(ui.Api.Keys), Soon);
        Assert.Contains("\"basedOn\":3", Assert.Single(ui.Api.Calls, c => c.Request == "PUT /v1/plans/p/policy").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_has_saved_can_be_taken_in_the_place_of_what_is_written()
    {
        await using var ui = new Ui();
        var page = await PageAsync(ui, Goes(now: 0, later: 0));
        page.Find("textarea").Input("1d:2d");
        OtherSaves(ui);
        page.Find("button.save").Click();
        page.WaitForElement("button.take-newer", Soon).Click();
        page.WaitForAssertion(() => Assert.Equal("0h:9d", page.Find("textarea").GetAttribute("value")), Soon);
        Assert.Empty(page.FindAll(".newer"));
        Assert.Equal("p, version 3", page.Find("option").TextContent);
    }

    [Fact]
    public async Task What_another_saves_while_the_question_stands_open_is_shown_as_well()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Goes(now: 0, later: 0));
        page.Find("textarea").Input("1d:2d");
        page.Find("button.save").Click();
        dialogs.WaitForElement(".reason input", Soon).Input("less room");
        OtherSaves(ui);
        ui.Api.Refuses = "plan 'p' is version 3 by now";
        dialogs.WaitForAssertion(() => Assert.False(dialogs.Find("button.give").HasAttribute("disabled")), Soon);
        dialogs.Find("button.give").Click();
        var banner = page.WaitForElement(".newer[role=alert]", Soon);
        Assert.Contains("Plan 'p' is version 3 by now, and this began with version 2.", banner.TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("button.save").HasAttribute("disabled"));
        Assert.Equal("1d:2d", page.Find("textarea").GetAttribute("value"));
    }

    /// <summary>In another window version 3 is saved.</summary>
    internal static void OtherSaves(Ui ui)
    {
        ui.Api.Answer("/v1/plans", () => new PlansShape { Plans = [Sample.View().Plan! with { Version = 3, Every = "12h", Keep = ["0h:9d"] }] });
        ui.Api.Answer("/v1/what-goes", () => Goes(now: 0, later: 0) with { Version = 3 });
    }

    internal static async Task<IRenderedComponent<Policy>> PageAsync(Ui ui, WhatGoesShape goes)
    {
        ui.Api.Answer("/v1/plans", () => new PlansShape { Plans = [Sample.View().Plan!] });
        ui.Api.Answer("/v1/what-goes", () => goes);
        var session = await ui.SessionAsync();
        var page = ui.Render<Policy>(p => p.AddCascadingValue(session));
        page.WaitForElement("select", Soon);
        return page;
    }

    internal static WhatGoesShape Goes(int now, int later, int held = 0) => new()
    {
        Plan = "p",
        Version = 2,
        Total = 40,
        Now = new WhatGoesMomentShape { At = Sample.Now, Live = Side(0), Tried = Side(now), HeldByBrake = held },
        Later = new WhatGoesMomentShape { At = Sample.Now.AddDays(30), Live = Side(1), Tried = Side(later), HeldByBrake = held },
        Brakes = held > 0 ? ["12 of 40 snapshots of plan 'p' would go within a day"] : [],
        Snapshots =
        [
            .. Enumerable.Range(0, later).Select(n => new WhatGoesSnapshotShape
            {
                SnapshotId = Guid.NewGuid(),
                Name = $"s{n}",
                DropletId = Sample.Droplet,
                DropletName = "web-41",
                CreatedAt = Sample.Now.AddDays(-2),
                SizeGigabytes = 2m,
                GoesAt = n < now ? Sample.Now : Sample.Now.AddDays(1),
                Rule = "1d:2d",
                GoesAnyway = false,
            }),
        ],
    };

    private static WhatGoesSideShape Side(int snapshots) => new()
    {
        Snapshots = snapshots,
        Gigabytes = snapshots * 2m,
        DollarsPerMonth = snapshots * 0.12m,
        LongestGap = new GapShape { Seconds = 216_000, DropletId = Sample.Droplet, DropletName = "web-41", From = Sample.Now.AddDays(-5), To = Sample.Now },
    };
}
