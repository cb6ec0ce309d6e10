using AngleSharp.Dom;
using Bunit;
using DoSnapshot.Dashboard.Components.Pages;
using DoSnapshot.HttpApi.Shapes;
using MudBlazor;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What the overview says of what it does not know.</summary>
public sealed class OverviewTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_figure_that_could_not_be_worked_out_anew_says_so_and_of_when_it_is()
    {
        await using var ui = new Ui();
        ui.Api.Answer("/v1/forecast", () => Sample.Forecast(Sample.Going("a", Sample.Now.AddDays(1))));
        var session = await ui.SessionAsync();
        var page = ui.Render<Overview>(p => p.AddCascadingValue(session));
        page.WaitForAssertion(() => Assert.Contains("day by day", Week(page).TextContent, StringComparison.Ordinal), Soon);
        Assert.DoesNotContain("doubtful", Week(page).ClassList);
        ui.Api.Answer("/v1/forecast", () => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        ui.Clock.Jump(TimeSpan.FromMinutes(6));
        ui.Api.Grow();
        page.WaitForAssertion(() => Assert.Contains("cannot be worked out anew: ", Week(page).TextContent, StringComparison.Ordinal), Soon);
        Assert.Contains("It was so 2026-03-01 12:00:00 UTC", Week(page).TextContent, StringComparison.Ordinal);
        Assert.Equal("1", Week(page).QuerySelector(".value")!.TextContent);
        Assert.Contains("doubtful", Week(page).ClassList);
    }

    [Fact]
    public async Task What_cannot_be_asked_for_is_not_being_worked_out()
    {
        await using var ui = new Ui();
        var session = await ui.SessionAsync();
        ui.Api.IsDown = true;
        ui.Api.Grow();
        Assert.True(await DoSnapshot.Tests.Support.Eventually.HoldsAsync(() => session.Feed.State.Trouble is not null, cancellationToken: Xunit.TestContext.Current.CancellationToken));
        var page = ui.Render<Overview>(p => p.AddCascadingValue(session));
        Assert.Equal("?", Week(page).QuerySelector(".value")!.TextContent);
        Assert.Contains("not known", Week(page).TextContent, StringComparison.Ordinal);
        Assert.Contains("Nothing else is known to need you", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_many_copies_that_is_tried_at_once_is_named()
    {
        await using var ui = new Ui();
        var waiting = Enumerable.Range(0, 12).Select(n => new CopyShape { SnapshotId = Guid.NewGuid(), Name = $"s{n}", Region = "lon1", Phase = "requested", RetryAt = Sample.Now.AddMinutes(n), Trouble = "it is full" });
        ui.Status = () => Sample.Status(Sample.Of(Sample.Droplet, "web-41", "trouble") with { Transfers = [.. waiting] });
        var dialogs = ui.Render<MudDialogProvider>();
        var session = await ui.SessionAsync();
        var page = ui.Render<Overview>(p => p.AddCascadingValue(session));
        await page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent.Trim() == "Try at once").Click());
        Assert.Equal("The copy of 's0' of web-41 (41) to lon1, one of 12 that wait for the same: it is full", dialogs.WaitForElement(".says", Soon).TextContent);
    }

    [Fact]
    public async Task Where_nobody_looks_for_droplets_that_were_never_in_a_plan_none_is_not_said_to_be_known()
    {
        await using var ui = new Ui();
        var isKnown = false;
        ui.Api.Answer("/v1/uncovered", () => Sample.Uncovered() with { OthersKnown = isKnown });
        var session = await ui.SessionAsync();
        var page = ui.Render<Overview>(p => p.AddCascadingValue(session));
        page.WaitForAssertion(() => Assert.StartsWith("Droplets that were never in a plan are not known at the moment", page.Find(".unknown").TextContent, StringComparison.Ordinal), Soon);

        isKnown = true;
        ui.Clock.Jump(TimeSpan.FromMinutes(2));
        ui.Api.Grow();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".unknown")), Soon);

        ui.Api.Answer("/v1/uncovered", () => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        ui.Clock.Jump(TimeSpan.FromMinutes(2));
        ui.Api.Grow();
        page.WaitForAssertion(() => Assert.StartsWith("Which droplets no plan covers was told 2026-03-01 12:00:00 UTC, and could not be had anew: ", page.Find(".unknown").TextContent, StringComparison.Ordinal), Soon);
    }

    private static IElement Week(IRenderedComponent<Overview> page) => page.FindAll(".tile").Single(t => t.TextContent.Contains("Goes in the next 7 days", StringComparison.Ordinal));
}
