using Bunit;
using DoSnapshot.Dashboard.Components.Pages;
using DoSnapshot.HttpApi.Shapes;
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
        string[] last = ["snapshot_requested", "snapshot_deferred", "expiry_held", "snapshot_failed", "snapshot_lost", "snapshot_completed"];
        ui.Api.Event = n => Sample.Event(n, last[n - 1], $"snapshot/s{n}") with { SnapshotId = null, Final = last[n - 1] is "snapshot_failed" };
        ui.Status = () => Sample.Status(Sample.Of(Sample.Droplet, "web-41") with { Held = 1 });
        ui.Api.Grow(last.Length);
        var session = await ui.SessionAsync();
        Assert.True(await Eventually.HoldsAsync(() => session.Feed.State.Place == last.Length, cancellationToken: Xunit.TestContext.Current.CancellationToken));
        var page = ui.Render<Activity>(p => p.AddCascadingValue(session));
        page.WaitForElement(".older", Soon);
        string[] words = ["running", "put off", "held", "given up", "lost", "done"];
        Assert.Equal(words.Reverse(), page.FindAll(".lives .state").Select(m => m.TextContent));
        Assert.Equal(words.Reverse().Select(w => $"state {w.Replace(' ', '-')}"), page.FindAll(".lives .state").Select(m => m.ClassName));
        Assert.DoesNotContain(page.FindAll(".find > button"), b => b.TextContent.StartsWith("unknown", StringComparison.Ordinal));
        foreach (var word in words)
        {
            page.FindAll(".find > button").Single(b => b.TextContent == $"{word} (1)").Click();
            Assert.Equal(word, Assert.Single(page.FindAll(".lives .state")).TextContent);
        }
    }

    [Fact]
    public async Task Trying_at_once_names_the_snapshot_and_its_droplet()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudBlazor.MudDialogProvider>();
        ui.Api.Event = n => Sample.Event(n, "transfer_deferred", says: "the copy to ams3 is put off until 12:00: busy.") with { Region = "ams3", SnapshotName = "it's-1", DropletName = "o'hara" };
        ui.Api.Grow(1);
        var session = await ui.SessionAsync();
        Assert.True(await Eventually.HoldsAsync(() => session.Feed.State.Place == 1, cancellationToken: Xunit.TestContext.Current.CancellationToken));
        var page = ui.Render<Activity>(p => p.AddCascadingValue(session));
        page.WaitForElement(".lives > li", Soon);
        page.FindAll("button").Single(b => b.TextContent.Trim() == "Try at once").Click();
        dialogs.WaitForAssertion(() => Assert.Contains("'it's-1' of droplet 'o'hara': the copy to ams3 is put off until 12:00: busy.", dialogs.Find(".mud-dialog").TextContent, StringComparison.Ordinal), Soon);
        Assert.DoesNotContain("busy..", dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_told_of_one_life_is_not_said_of_another()
    {
        await using var ui = new Ui();
        var ids = new[] { Guid.NewGuid(), Guid.NewGuid() };
        ui.Api.Event = n => Sample.Event(n, stream: $"snapshot/{ids[n - 1]:D}") with { SnapshotId = ids[n - 1], SnapshotName = $"s{n}" };
        ui.Api.Answer($"/v1/history/{ids[0]:D}", () => History(new EventShape { Sequence = 1, Id = Guid.NewGuid(), Stream = "s", Version = 1, Type = "snapshot_completed", At = Sample.Now, Says = "told of the first" }));
        ui.Api.Answer($"/v1/history/{ids[1]:D}", () => new { });
        ui.Api.Grow(2);
        var session = await ui.SessionAsync();
        Assert.True(await Eventually.HoldsAsync(() => session.Feed.State.Place == 2, cancellationToken: Xunit.TestContext.Current.CancellationToken));
        var page = ui.Render<Activity>(p => p.AddCascadingValue(session));
        page.WaitForElement(".older", Soon);

        Life("s2").Click();
        page.WaitForAssertion(() => Assert.Contains("Only what was heard lately is shown.", page.Markup, StringComparison.Ordinal), Soon);

        // Closed and opened again, it is asked for once more, and answered when another is open.
        Life("s2").Click();
        var late = new TaskCompletionSource();
        ui.Api.BeforeAnswer = path => path.EndsWith($"{ids[1]:D}", StringComparison.Ordinal) ? late.Task : Task.CompletedTask;
        Life("s2").Click();
        Life("s1").Click();
        page.WaitForAssertion(() => Assert.Contains("told of the first", page.Markup, StringComparison.Ordinal), Soon);
        late.SetResult();
        await page.InvokeAsync(() => session.Client.HistoryAsync(ids[0].ToString("D"), 1, Xunit.TestContext.Current.CancellationToken));
        Assert.DoesNotContain("cannot be read", page.Markup, StringComparison.Ordinal);

        AngleSharp.Dom.IElement Life(string name) => page.FindAll(".lives > li > button").Single(b => b.TextContent == name);
    }

    [Fact]
    public async Task Of_another_log_nothing_of_the_first_is_shown_be_it_that_older_ones_were_loaded()
    {
        await using var ui = new Ui();
        var page = await OpenAsync(ui, 1_200);
        Older(page);
        page.WaitForAssertion(() => Assert.Contains("1,200 events", page.Find(".older").TextContent, StringComparison.Ordinal), Soon);
        ui.Api.BecomeOther(3);
        page.WaitForAssertion(() => Assert.Equal("snapshot s3", FirstOf(page)), Soon);
        Assert.Equal(3, page.FindAll(".lives > li").Count);
        ui.Api.Grow();
        page.WaitForAssertion(() => Assert.Equal("snapshot s4", FirstOf(page)), Soon);
    }

    [Fact]
    public async Task A_history_that_was_asked_for_earlier_and_arrives_later_does_not_take_the_place_of_a_newer_one()
    {
        await using var ui = new Ui();
        var id = Guid.NewGuid();
        ui.Api.Event = n => Sample.Event(n, stream: $"snapshot/{id:D}") with { SnapshotId = id, SnapshotName = "s" };
        var path = $"/v1/history/{id:D}";
        ui.Api.Grow(1);
        var session = await ui.SessionAsync();
        Assert.True(await Eventually.HoldsAsync(() => session.Feed.State.Place == 1, cancellationToken: Xunit.TestContext.Current.CancellationToken));
        var page = ui.Render<Activity>(p => p.AddCascadingValue(session));
        page.WaitForElement(".older", Soon);

        // The first is asked for, and is answered last; so is one that fails.
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        Ask(Told(1), first.Task);
        await ToggleAsync();
        Ask(Told(1), second.Task);
        await ToggleAsync();
        Ask(Told(1, 2), Task.CompletedTask);
        await ToggleAsync();
        page.WaitForAssertion(() => Assert.Contains("told 2", page.Markup, StringComparison.Ordinal), Soon);
        var drawn = page.RenderCount;
        first.SetResult();
        second.SetException(new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        page.WaitForState(() => page.RenderCount >= drawn + 2, Soon);
        Assert.Contains("told 2", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Connection refused", page.Markup, StringComparison.Ordinal);

        void Ask(HistoryShape answer, Task until)
        {
            ui.Api.Answer(path, () => answer);
            ui.Api.BeforeAnswer = asked => asked == path ? until : Task.CompletedTask;
        }

        // Opens it, closed before where it is open.
        async Task ToggleAsync()
        {
            var asked = Asked();
            for (var clicks = 0; clicks < 2 && Asked() == asked; clicks++)
            {
                var isOpen = Life().GetAttribute("aria-expanded") == "true";
                Life().Click();
                page.WaitForAssertion(() => Assert.Equal(isOpen ? "false" : "true", Life().GetAttribute("aria-expanded")), Soon);
            }

            Assert.True(await Eventually.HoldsAsync(() => Asked() == asked + 1, cancellationToken: Xunit.TestContext.Current.CancellationToken));
        }

        int Asked() => ui.Api.Calls.Count(c => c.Request.StartsWith($"GET {path}", StringComparison.Ordinal));
        AngleSharp.Dom.IElement Life() => page.Find(".lives > li > button");
        static HistoryShape Told(params int[] sequences) =>
            History([.. sequences.Select(n => new EventShape { Sequence = n, Id = Guid.NewGuid(), Stream = "s", Version = n, Type = "snapshot_completed", At = Sample.Now, Says = $"told {n}" })]);
    }

    private static HistoryShape History(params EventShape[] events) => new() { EarlierLeftOut = false, Events = events };

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
