using Bunit;
using DoSnapshot.Dashboard.Components.Pages;
using DoSnapshot.HttpApi.Shapes;
using MudBlazor;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What happens in the studio while something is asked for, or saved.</summary>
public sealed class PolicyMeanwhileTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task What_is_no_longer_on_the_page_is_not_saved()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await SavePolicyTests.PageAsync(ui, SavePolicyTests.Goes(now: 0, later: 0));
        var isAnswered = Holding(ui, "/v1/what-goes");
        page.Find("textarea").Input("1d:2d");
        page.Find("button.save").Click();
        page.Find("textarea").Input("1d:9d");
        isAnswered.SetResult();
        page.WaitForAssertion(() => Assert.StartsWith("Nothing was saved: while it was asked what goes by it, another policy was written", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(dialogs.FindAll(".reason"));
        Assert.Empty(ui.Api.Keys);

        // What is there now is saved when that is meant.
        page.Find("button.save").Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Contains("kept by 1d:9d. ", dialogs.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/what-goes", "What goes", "Hold it against what there is")]
    [InlineData("/v1/what-if", "On my real history", "Replay the log under it")]
    public async Task What_is_told_of_other_rules_than_are_on_the_page_is_not_shown(string path, string tab, string button)
    {
        await using var ui = new Ui();
        var page = await SavePolicyTests.PageAsync(ui, SavePolicyTests.Goes(now: 1, later: 2));
        var level = new TotalShape { Snapshots = 3, Gigabytes = 6m, CostPerMonth = 1m, CostSoFar = 2m };
        ui.Api.Answer("/v1/what-if", () => new WhatIfShape { AsOf = Sample.Now, Truth = level, Other = level, Same = true, NeverMade = 0, Invented = 0, PastSame = 0, PastCut = 0, Today = [], Past = [], Days = [] });
        page.Find("textarea").Input("1d:2d");
        page.FindAll("button[role=tab], .mud-tab").Single(t => t.TextContent.Trim() == tab).Click();
        Ask();
        page.WaitForElement("table.compare", Soon);
        page.Find("textarea").Input("1d:3d");
        Assert.Empty(page.FindAll("table.compare"));

        var isAnswered = Holding(ui, path);
        Ask();
        page.Find("textarea").Input("1d:9d");
        isAnswered.SetResult();
        page.WaitForAssertion(() => Assert.False(Button().HasAttribute("disabled")), Soon);
        Assert.Empty(page.FindAll("table.compare"));

        void Ask() => Button().Click();
        AngleSharp.Dom.IElement Button() => page.FindAll(".mud-tabs-panels button").Single(b => b.TextContent.Trim() == button);
    }

    [Fact]
    public async Task What_was_saved_is_not_said_to_be_not_saved_where_the_plans_cannot_be_had_after_it()
    {
        await using var ui = new Ui();
        var page = await SaveAsync(ui, () => ui.Api.Answer("/v1/plans", () => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused")));
        page.WaitForAssertion(() => Assert.Contains("Connection refused", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Contains("Saved: version 3 of plan 'p' is in force.", page.Find(".saved").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".newer"));
        Assert.DoesNotContain("Nothing was saved", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_another_came_right_after_what_was_saved_is_said_as_that()
    {
        await using var ui = new Ui();
        var page = await SaveAsync(ui, () => ui.Api.Answer("/v1/plans", () => new PlansShape { Plans = [Sample.View().Plan! with { Version = 4, Keep = ["0h:9d"] }] }));
        var banner = page.WaitForElement(".newer[role=alert]", Soon);
        Assert.Contains("Plan 'p' is version 4 by now: version 3 was saved, and version 4 came after it.", banner.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was saved", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.Find(".saved").TextContent);
    }

    [Fact]
    public async Task Of_what_may_have_been_saved_it_is_not_said_that_it_was_not()
    {
        await using var ui = new Ui();
        var page = await SaveAsync(ui, () =>
        {
            SavePolicyTests.OtherSaves(ui);
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        });
        var banner = page.WaitForElement(".newer[role=alert]", Soon);
        Assert.Contains("Whether what is written here was saved in between, the plan's history says", banner.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was saved", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_plan_is_begun_with_what_it_says_when_it_is_chosen()
    {
        await using var ui = new Ui();
        var (p, q) = (Sample.View().Plan!, Sample.View().Plan! with { Name = "q" });
        ui.Api.Answer("/v1/plans", () => new PlansShape { Plans = [p, q] });
        var session = await ui.SessionAsync();
        var page = ui.Render<Policy>(c => c.AddCascadingValue(session));
        page.WaitForElement("select", Soon);
        q = q with { Version = 5, Keep = ["0h:7d"] };
        page.Find("select").Change("q");
        page.WaitForAssertion(() => Assert.Equal("0h:7d", page.Find("textarea").GetAttribute("value")), Soon);
        Assert.Equal("q, version 5", page.FindAll("option")[1].TextContent);
        Assert.Empty(page.FindAll(".newer"));

        // What is being written by then is kept, and that the plan says something else is said.
        var isAnswered = Holding(ui, "/v1/plans");
        p = p with { Version = 3, Keep = ["0h:8d"] };
        page.Find("select").Change("p");
        page.Find("textarea").Input("1d:2d");
        isAnswered.SetResult();
        Assert.Contains("Plan 'p' is version 3 by now, and this began with version 2.", page.WaitForElement(".newer[role=alert]", Soon).TextContent, StringComparison.Ordinal);
        Assert.Equal("1d:2d", page.Find("textarea").GetAttribute("value"));
    }

    [Fact]
    public async Task What_goes_wrong_with_a_question_that_counts_no_more_is_not_said_and_one_is_waited_for_as_long_as_any_is()
    {
        await using var ui = new Ui();
        var page = await SavePolicyTests.PageAsync(ui, SavePolicyTests.Goes(now: 0, later: 0));
        var (p, q) = (Sample.View().Plan!, Sample.View().Plan! with { Name = "q" });
        ui.Api.Answer("/v1/plans", () => new PlansShape { Plans = [p, q] });
        page.Find("textarea").Input("1d:2d");
        page.FindAll("button[role=tab], .mud-tab").Single(t => t.TextContent.Trim() == "What goes").Click();
        page.WaitForElement("button.ask-goes", Soon);
        var isAnswered = Holding(ui, "/v1/what-goes");
        page.Find("button.ask-goes").Click();

        // Another is asked meanwhile, and is answered at once.
        page.Find("select").Change("p");
        page.Find("textarea").Input("1d:9d");
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("option").Count), Soon);
        Assert.True(page.Find("button.ask-goes").HasAttribute("disabled"));
        isAnswered.SetException(new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        page.WaitForAssertion(() => Assert.False(page.Find("button.ask-goes").HasAttribute("disabled")), Soon);
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task What_was_not_saved_because_it_was_changed_is_said_to_be_that_also_where_the_question_fails()
    {
        await using var ui = new Ui();
        var page = await SavePolicyTests.PageAsync(ui, SavePolicyTests.Goes(now: 0, later: 0));
        var isAnswered = Holding(ui, "/v1/what-goes");
        page.Find("textarea").Input("1d:2d");
        page.Find("button.save").Click();
        page.Find("textarea").Input("1d:9d");
        isAnswered.SetException(new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        page.WaitForAssertion(() => Assert.StartsWith("Nothing was saved: while it was asked what goes by it, another policy was written", page.Find("[role=alert]").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(ui.Api.Keys);
    }

    private static TaskCompletionSource Holding(Ui ui, string path)
    {
        var isAnswered = new TaskCompletionSource();
        ui.Api.BeforeAnswer = asked => asked == path ? isAnswered.Task : Task.CompletedTask;
        return isAnswered;
    }

    /// <summary>Saves a policy, and does something when that has arrived.</summary>
    private static async Task<IRenderedComponent<Policy>> SaveAsync(Ui ui, Action arrived)
    {
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await SavePolicyTests.PageAsync(ui, SavePolicyTests.Goes(now: 0, later: 0));
        ui.Api.BeforeCommand = _ =>
        {
            arrived();
            return Task.CompletedTask;
        };
        page.Find("textarea").Input("1d:2d");
        page.Find("button.save").Click();
        dialogs.WaitForElement(".reason input", Soon).Input("less room");
        dialogs.WaitForAssertion(() => Assert.False(dialogs.Find("button.give").HasAttribute("disabled")), Soon);
        dialogs.Find("button.give").Click();
        return page;
    }
}
