using Bunit;
using DoSnapshot.Dashboard.Components.Pages;
using DoSnapshot.Dashboard.Components.Shared;
using DoSnapshot.Dashboard.Showing;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What is drawn or counted by the day is by the clock that is preferred, as all other times.</summary>
public sealed class BrowserClockTests
{
    /// <summary>In Berlin: an hour ahead, and two from 29 March 2026 on.</summary>
    private static readonly BrowserTimes Berlin = new("local", [[0, 60], [new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), 120]]);

    [Theory]
    [InlineData("2026-03-01T23:30:00Z", "2026-03-02 00:30:00 +01:00")]
    [InlineData("2026-03-29T00:59:59Z", "2026-03-29 01:59:59 +01:00")]
    [InlineData("2026-03-29T01:00:00Z", "2026-03-29 03:00:00 +02:00")]
    public async Task A_moment_is_told_by_the_browsers_zone_at_that_moment(string moment, string shown)
    {
        await using var ui = new Ui();
        var clock = ui.Services.GetRequiredService<BrowserClock>();
        var at = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture);
        Assert.EndsWith(" UTC", clock.Text(at), StringComparison.Ordinal);
        clock.Become(Berlin);
        Assert.Equal(shown, clock.Text(at));
        clock.Become(Berlin with { Clock = "utc" });
        Assert.EndsWith(" UTC", clock.Text(at), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_browser_is_asked_and_its_answer_holds()
    {
        await using var ui = new Ui();
        ui.JSInterop.Setup<BrowserTimes?>("doSnapshotTimes").SetResult(Berlin);
        var clock = ui.Services.GetRequiredService<BrowserClock>();
        await clock.AskAsync();
        Assert.True(clock.IsLocal);
        Assert.Equal(new DateOnly(2026, 3, 2), clock.DayOf(new DateTimeOffset(2026, 3, 1, 23, 30, 0, TimeSpan.Zero)));
    }

    [Fact]
    public async Task The_strip_and_the_timeline_follow_at_once()
    {
        await using var ui = new Ui();
        var strip = ui.Render<Strip>(p => p.Add(s => s.DropletId, Sample.Droplet).Add(s => s.Place, 0).Add(s => s.Known, Sample.View().Slots));
        var line = ui.Render<DropletTimeline>(p => p.Add(t => t.View, Sample.View(Sample.Snapshot("there", 5))));
        Assert.StartsWith("2026-02-26 12:00:00 UTC: ", strip.Find("rect title").TextContent, StringComparison.Ordinal);
        Assert.EndsWith("2026-03-01 07:00:00 UTC", line.Find("g.mark").GetAttribute("aria-label"), StringComparison.Ordinal);
        await ui.InvokeAsync(() =>
        {
            ui.Services.GetRequiredService<BrowserClock>().Become(Berlin);
            return Task.CompletedTask;
        });
        strip.WaitForAssertion(() => Assert.StartsWith("2026-02-26 13:00:00 +01:00: ", strip.Find("rect title").TextContent, StringComparison.Ordinal));
        line.WaitForAssertion(() => Assert.EndsWith("2026-03-01 08:00:00 +01:00", line.Find("g.mark").GetAttribute("aria-label"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_days_of_the_calendar_are_those_of_the_clock()
    {
        await using var ui = new Ui();
        ui.Api.Answer("/v1/forecast", () => Sample.Forecast(Sample.Going("a", Sample.Now.AddHours(11.5)), Sample.Going("b", Sample.Now.AddHours(13))));
        var session = await ui.SessionAsync();
        var page = ui.Render<Deletions>(p => p.AddCascadingValue(session));
        page.WaitForAssertion(() => Assert.Equal(["1", "1"], page.FindAll(".days .count").Select(c => c.TextContent)), TimeSpan.FromSeconds(10));
        await ui.InvokeAsync(() =>
        {
            ui.Services.GetRequiredService<BrowserClock>().Become(Berlin);
            return Task.CompletedTask;
        });
        page.WaitForAssertion(() => Assert.Equal(["2"], page.FindAll(".days .count").Select(c => c.TextContent)));
        Assert.Contains("Mon 2026-03-02", page.Find(".days").TextContent, StringComparison.Ordinal);
        Assert.Contains("local time", page.Find("p.hint").TextContent, StringComparison.Ordinal);
    }
}
