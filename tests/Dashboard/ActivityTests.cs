using Bunit;
using DoSnapshot.Dashboard.Components.Pages;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What happened, further back than what is heard by itself.</summary>
public sealed class ActivityTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Older_events_are_loaded_until_the_beginning_of_the_log()
    {
        await using var ui = new Ui();
        var page = await OpenAsync(ui, 2_500);
        Assert.Contains("1,000 events", page.Find(".older").TextContent, StringComparison.Ordinal);
        Assert.Equal("snapshot s2500", FirstOf(page));
        Older(page);
        page.WaitForAssertion(() => Assert.Contains("2,000 events", page.Find(".older").TextContent, StringComparison.Ordinal), Soon);
        Older(page);
        page.WaitForAssertion(() => Assert.Contains("2,500 events", page.Find(".older").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(page.FindAll(".older button"));
        Assert.Contains(ui.Api.Calls, c => c.Request == "GET /v1/events?after=500&limit=1000&wait=0");

        page.Find("input").Input("0001");
        page.WaitForAssertion(() => Assert.Contains("number 0001", Assert.Single(page.FindAll(".lives > li")).TextContent, StringComparison.Ordinal), Soon);
    }

    [Fact]
    public async Task What_happens_meanwhile_comes_on_top_of_what_was_loaded()
    {
        await using var ui = new Ui();
        var page = await OpenAsync(ui, 1_200);
        Older(page);
        page.WaitForAssertion(() => Assert.Contains("1,200 events", page.Find(".older").TextContent, StringComparison.Ordinal), Soon);
        ui.Api.Grow(3);
        page.WaitForAssertion(() => Assert.Contains("1,203 events", page.Find(".older").TextContent, StringComparison.Ordinal), Soon);
        Assert.Equal("snapshot s1203", FirstOf(page));
    }

    [Fact]
    public async Task Lives_are_sorted_by_what_is_chosen()
    {
        await using var ui = new Ui();
        var page = await OpenAsync(ui, 3);
        Assert.Equal(["snapshot s3", "snapshot s2", "snapshot s1"], page.FindAll(".lives > li > button").Select(b => b.TextContent));
        page.FindAll(".orders button").Single(b => b.TextContent.StartsWith("name", StringComparison.Ordinal)).Click();
        Assert.Equal(["snapshot s1", "snapshot s2", "snapshot s3"], page.FindAll(".lives > li > button").Select(b => b.TextContent));
    }

    [Fact]
    public async Task Filters_and_marks_call_a_course_by_the_same_word()
    {
        await using var ui = new Ui();
        (string Type, string Says)[] last =
            [("snapshot_requested", "asked for"), ("snapshot_deferred", "put off until 12:00"), ("expiry_held", "it is held"), ("snapshot_failed", "given up: no luck"), ("snapshot_lost", "gone"), ("snapshot_completed", "complete")];
        ui.Api.Event = n => Sample.Event(n, last[n - 1].Type, $"snapshot/s{n}", last[n - 1].Says) with { SnapshotId = null };
        ui.Api.Grow(last.Length);
        var session = await ui.SessionAsync();
        Assert.True(await Eventually.HoldsAsync(() => session.Feed.State.Place == last.Length, cancellationToken: Xunit.TestContext.Current.CancellationToken));
        var page = ui.Render<Activity>(p => p.AddCascadingValue(session));
        page.WaitForElement(".older", Soon);
        string[] words = ["running", "put off", "held", "given up", "lost", "done"];
        Assert.Equal(words.Reverse(), page.FindAll(".lives .state").Select(m => m.TextContent));
        foreach (var word in words)
        {
            page.FindAll(".find > button").Single(b => b.TextContent == $"{word} (1)").Click();
            Assert.Equal(word, Assert.Single(page.FindAll(".lives .state")).TextContent);
        }
    }

    private static async Task<IRenderedComponent<Activity>> OpenAsync(Ui ui, int events)
    {
        ui.Api.Event = n => Sample.Event(n, stream: $"snapshot/s{n}", says: $"number {n:0000}") with { SnapshotId = null };
        ui.Api.Grow(events);
        var session = await ui.SessionAsync();
        Assert.True(await Eventually.HoldsAsync(() => session.Feed.State.Place == events));
        var page = ui.Render<Activity>(p => p.AddCascadingValue(session));
        page.WaitForElement(".older", Soon);
        return page;
    }

    private static string FirstOf(IRenderedComponent<Activity> page) => page.Find(".lives > li > button").TextContent;

    private static void Older(IRenderedComponent<Activity> page) => page.FindAll(".older button").Single(b => b.TextContent.Trim() == "Older").Click();
}
