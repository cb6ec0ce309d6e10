using Bunit;
using DoSnapshot.Dashboard.Components.Pages;
using DoSnapshot.HttpApi.Shapes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What the pages show, and when they show it anew.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task The_overview_begins_with_the_worst()
    {
        await using var ui = new Ui();
        ui.Status = () => Sample.Status(Sample.Of(1, "fine"), Sample.Of(2, "late", "alarm", Sample.Alarm("no-good-snapshot")));
        var session = await ui.SessionAsync();
        var page = ui.Render<Overview>(p => p.AddCascadingValue(session));
        Assert.Equal("late", page.Find("ol.attention li a").TextContent);
        Assert.Contains("text of no-good-snapshot", page.Find("ol.attention li").TextContent, StringComparison.Ordinal);
        Assert.Equal("1", page.FindAll(".tile.bad .value")[0].TextContent);
    }

    [Fact]
    public async Task What_changes_is_shown_without_a_reload()
    {
        await using var ui = new Ui();
        var session = await ui.SessionAsync();
        var page = ui.Render<Overview>(p => p.AddCascadingValue(session));
        Assert.Empty(page.FindAll("ol.attention li"));
        ui.Status = () => Sample.Status(Sample.Of(2, "late", "alarm", Sample.Alarm("no-good-snapshot")));
        ui.Api.Grow();
        page.WaitForAssertion(() => Assert.Single(page.FindAll("ol.attention li")), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_droplet_shows_its_snapshots_in_time_and_why_the_newest_is_kept()
    {
        await using var ui = new Ui();
        var s = Sample.Snapshot("newest", 5);
        ui.Api.Answer("/v1/droplets/41", () => Sample.View(Sample.Snapshot("older", 30), s));
        ui.Api.Answer($"/v1/snapshots/{s.SnapshotId:D}/explanation", () => Sample.Explanation(s));
        var session = await ui.SessionAsync();
        var page = ui.Render<Droplet>(p => p.AddCascadingValue(session).Add(d => d.Id, Sample.Droplet));
        page.WaitForAssertion(() => Assert.Equal("newest", page.Find(".certificate h3").TextContent), TimeSpan.FromSeconds(10));
        Assert.Equal(2, page.FindAll("g.mark").Count);
        Assert.Contains("A snapshot is taken every day", page.Find(".facts").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_snapshot_that_is_looked_at_is_in_the_address()
    {
        await using var ui = new Ui();
        var (older, newest) = (Sample.Snapshot("older", 30), Sample.Snapshot("newest", 5));
        ui.Api.Answer("/v1/droplets/41", () => Sample.View(older, newest));
        foreach (var s in (SnapshotShape[])[older, newest])
        {
            ui.Api.Answer($"/v1/snapshots/{s.SnapshotId:D}/explanation", () => Sample.Explanation(s));
        }

        var session = await ui.SessionAsync();
        var navigation = ui.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/droplets/41");
        var page = ui.Render<Droplet>(p => p.AddCascadingValue(session).Add(d => d.Id, Sample.Droplet));
        page.WaitForAssertion(() => Assert.Equal("newest", page.Find(".certificate h3").TextContent), TimeSpan.FromSeconds(10));
        page.FindAll("g.mark")[0].Click();
        page.WaitForAssertion(() => Assert.Equal("older", page.Find(".certificate h3").TextContent), TimeSpan.FromSeconds(10));
        Assert.Equal($"/droplets/41?snapshot={older.SnapshotId}", new Uri(navigation.Uri).PathAndQuery);

        // Loaded anew, it is the same.
        var again = ui.Render<Droplet>(p => p.AddCascadingValue(session).Add(d => d.Id, Sample.Droplet));
        again.WaitForAssertion(() => Assert.Equal("older", again.Find(".certificate h3").TextContent), TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("no-guid-at-all")]
    [InlineData("5f0c7f6b-8d21-4e00-8000-000000000001")]
    public async Task An_address_of_a_snapshot_that_there_is_not_is_said_and_the_others_are_there(string wanted)
    {
        await using var ui = new Ui();
        var s = Sample.Snapshot("there", 5);
        ui.Api.Answer("/v1/droplets/41", () => Sample.View(s));
        ui.Api.Answer($"/v1/snapshots/{s.SnapshotId:D}/explanation", () => Sample.Explanation(s));
        var session = await ui.SessionAsync();
        ui.Services.GetRequiredService<NavigationManager>().NavigateTo($"/droplets/41?snapshot={wanted}");
        var page = ui.Render<Droplet>(p => p.AddCascadingValue(session).Add(d => d.Id, Sample.Droplet));
        page.WaitForAssertion(() => Assert.Contains("There is no such snapshot here.", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Assert.Contains(wanted, page.Find(".nothing").TextContent, StringComparison.Ordinal);
        page.Find("g.mark").Click();
        page.WaitForAssertion(() => Assert.Equal("there", page.Find(".certificate h3").TextContent), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Droplets_that_no_plan_covers_any_more_are_on_the_overview()
    {
        await using var ui = new Ui();
        ui.Api.Answer("/v1/uncovered", () => Sample.Uncovered((7, "left", "the droplet no longer has the tag 't'", 2)));
        var session = await ui.SessionAsync();
        var page = ui.Render<Overview>(p => p.AddCascadingValue(session));
        page.WaitForAssertion(() => Assert.Equal("left", page.Find("ol.attention li.unplanned a").TextContent), TimeSpan.FromSeconds(10));
        Assert.Equal("1", page.FindAll(".tile").Single(t => t.TextContent.Contains("In no plan", StringComparison.Ordinal)).QuerySelector(".value")!.TextContent);
    }

    [Fact]
    public async Task That_nobody_decides_and_that_digitalocean_is_away_are_said_before_anything_else()
    {
        await using var ui = new Ui();
        var status = Sample.Status(Sample.Of(Sample.Droplet, "web-41"));
        var follower = new LeadShape { Role = "snapshot-follower", Address = "", Since = Sample.Now };
        ui.Status = () => status with { Running = status.Running with { Leads = [follower], HasPlanner = false }, Releases = ["plan 'p' until tomorrow"] };
        var page = ui.Render<Overview>(p => p.AddCascadingValue(ui.SessionAsync().Result));
        page.WaitForAssertion(() => Assert.Contains("No planner leads.", page.Find(".banner[role=alert]").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Assert.Contains("The brake is released: plan 'p' until tomorrow", page.Find(".banner[role=status]").TextContent, StringComparison.Ordinal);

        await using var away = new Ui();
        away.Status = () => status with { Running = status.Running with { NotCompared = new NotComparedShape { Reason = "GET /v2/account: no connection.", Since = Sample.Now } } };
        var other = away.Render<Overview>(p => p.AddCascadingValue(away.SessionAsync().Result));
        other.WaitForAssertion(
            () => Assert.Contains("The log cannot be compared with DigitalOcean. The planner says: GET /v2/account: no connection. Since", other.Find(".banner[role=alert]").TextContent, StringComparison.Ordinal),
            TimeSpan.FromSeconds(10));
        foreach (var one in (IRenderedComponent<Overview>[])[page, other])
        {
            // What is well was so when it was heard of last.
            Assert.Contains("Nothing else is known to need you; what is above comes first.", one.Markup, StringComparison.Ordinal);
            Assert.DoesNotContain("all are in time", one.Markup, StringComparison.Ordinal);
            Assert.Empty(one.FindAll(".tile.well"));
        }
    }

    [Fact]
    public async Task What_goes_is_shown_by_day_and_held_by_one_click()
    {
        await using var ui = new Ui();
        ui.Api.Answer("/v1/forecast", () => Sample.Forecast(Sample.Going("a", Sample.Now.AddDays(1)), Sample.Going("b", Sample.Now.AddDays(1)), Sample.Going("c", Sample.Now.AddDays(4))));
        var session = await ui.SessionAsync();
        var page = ui.Render<Deletions>(p => p.AddCascadingValue(session));
        page.WaitForAssertion(() => Assert.Equal(["2", "1"], page.FindAll(".days .count").Select(c => c.TextContent)), TimeSpan.FromSeconds(10));
        page.FindAll("tbody button").First(b => b.TextContent.Contains("Hold", StringComparison.Ordinal)).Click();
        page.WaitForAssertion(() => Assert.Contains(ui.Api.Calls, c => c.Request == "POST /v1/pins" && c.Body.Contains("held from the calendar of deletions", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_known_of_the_next_days_is_shown_while_more_is_worked_out()
    {
        await using var ui = new Ui();
        using var isWorkedOut = new ManualResetEventSlim();
        var session = await ui.SessionAsync();
        ui.Api.Answer("/v1/forecast", () => Sample.Forecast(Sample.Going("soon", Sample.Now.AddDays(1))));
        await session.Feed.GoingAsync(7);
        ui.Api.Answer("/v1/forecast", () =>
        {
            isWorkedOut.Wait(TimeSpan.FromSeconds(30));
            return Sample.Forecast(Sample.Going("soon", Sample.Now.AddDays(1)), Sample.Going("later", Sample.Now.AddDays(20)));
        });
        var page = ui.Render<Deletions>(p => p.AddCascadingValue(session));
        Assert.Single(page.FindAll(".days li"));
        Assert.Contains("The next 7 days; 30 are being worked out.", page.Markup, StringComparison.Ordinal);
        isWorkedOut.Set();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".days li").Count), TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("being worked out", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_is_told_in_a_sentence_as_it_is_written()
    {
        await using var ui = new Ui();
        ui.Api.Answer("/v1/plans", () => new PlansShape { Plans = [Sample.View().Plan!] });
        var session = await ui.SessionAsync();
        var page = ui.Render<Policy>(p => p.AddCascadingValue(session));
        page.WaitForAssertion(() => Assert.Contains("none", page.Find(".sentence").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        page.Find("textarea").Input("1d:1w 1w");
        page.WaitForAssertion(() => Assert.Contains("'1w' is no rule", page.Find(".lint").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_fleet_is_shown_as_it_was_at_a_moment()
    {
        await using var ui = new Ui();
        var then = Sample.Status(Sample.Of(9, "long-gone"));
        ui.Api.Answer("/v1/past-status", () => new PastStatusShape { At = then.At, Counts = then.Counts, Brakes = [], Droplets = then.Droplets });
        var session = await ui.SessionAsync();
        var page = ui.Render<Audit>(p => p.AddCascadingValue(session));
        page.Find("input[type=range]").Change("2.5");
        Assert.Equal("2026-02-27T00:00:00", page.Find("input[step='1']").GetAttribute("value"));
        page.FindAll("button").Single(b => b.TextContent.Trim() == "Look").Click();
        page.WaitForAssertion(() => Assert.Contains("long-gone", page.Markup, StringComparison.Ordinal));
        Assert.Contains(ui.Api.Calls, c => c.Request == "GET /v1/past-status?at=2026-02-27T00%3A00%3A00Z");
    }

    [Theory]
    [InlineData("operator", true)]
    [InlineData("viewer", false)]
    public async Task What_is_pinned_is_unpinned_where_it_is_held_by_operators(string role, bool can)
    {
        await using var ui = new Ui(role);
        var dialogs = ui.Render<MudDialogProvider>();
        var (pinned, braked) = (Held("pinned-one", "pinned"), Held("braked-one", "brake"));
        ui.Api.Answer("/v1/forecast", () => Sample.Forecast(pinned, braked));
        var session = await ui.SessionAsync();
        var page = ui.Render<Deletions>(p => p.AddCascadingValue(session));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".lives li").Count), TimeSpan.FromSeconds(10));
        Assert.Equal(can, page.Find(".hint").TextContent.Contains("What you hold here is pinned", StringComparison.Ordinal));
        Assert.Equal(can ? 1 : 0, page.FindAll("button.unpin").Count);
        if (can)
        {
            page.Find("button.unpin").Click();
            dialogs.WaitForElement(".reason input", TimeSpan.FromSeconds(10));
            Assert.Contains("pinned-one", dialogs.Markup, StringComparison.Ordinal);
        }
    }

    private static ForecastSnapshotShape Held(string name, string guard) =>
        Sample.Going(name, Sample.Now) with { Goes = null, Held = new HoldShape { Since = Sample.Now, Guard = guard, Detail = $"it is {name}" } };
}
