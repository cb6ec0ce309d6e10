using Bunit;
using DoSnapshot.Dashboard.Components.Pages;
using DoSnapshot.Dashboard.Components.Shared;
using DoSnapshot.HttpApi.Shapes;
using MudBlazor;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What the page of a droplet says of its pause, and what can be done there.</summary>
public sealed class DropletTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_droplet_is_paused_for_a_reason()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Sample.View());
        Assert.Empty(page.FindAll(".paused, button.resume"));
        page.Find("button.pause").Click();
        await GiveAsync(dialogs, "a move");
        page.WaitForAssertion(() => Assert.Contains(ui.Api.Calls, c => c is { Request: "POST /v1/pauses", Body: """{"subject":"41","reason":"a move"}""" }), Soon);
    }

    [Fact]
    public async Task A_paused_droplet_says_who_paused_it_since_when_and_why_and_can_go_on()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Paused(plan: null));
        Assert.Contains("The droplet is paused since 2026-02-27 12:00:00 UTC by ann: a move.", Text(page), StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button.pause"));
        page.Find("button.resume").Click();
        await GiveAsync(dialogs, "moved");
        page.WaitForAssertion(() => Assert.Contains(ui.Api.Calls, c => c is { Request: "POST /v1/resumes", Body: """{"subject":"41","reason":"moved"}""" }), Soon);
    }

    [Fact]
    public async Task The_pause_of_its_plan_is_told_and_not_ended_for_one_droplet()
    {
        await using var ui = new Ui();
        var page = await PageAsync(ui, Paused("p"));
        Assert.Contains("Its plan, p, is paused since 2026-02-27 12:00:00 UTC by ann: a move.", Text(page), StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button.resume"));
    }

    [Fact]
    public async Task A_viewer_is_told_of_the_pause_and_cannot_end_it()
    {
        await using var ui = new Ui("viewer");
        var page = await PageAsync(ui, Paused(plan: null));
        Assert.Contains("by ann: a move", Text(page), StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button.pause, button.resume"));
    }

    [Fact]
    public async Task The_pause_of_a_droplet_in_no_plan_is_said_to_change_nothing_where_no_rule_applies()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Paused(plan: null) with { Plan = null });
        Assert.EndsWith("by ann: a move. No plan asks for a snapshot of it, and no rule applies to those that there are: as long as it is in no plan, the pause changes nothing.", Text(page), StringComparison.Ordinal);
        Assert.Contains("in no plan: no snapshot is taken by schedule, and none expires by rule.", page.Find(".facts").TextContent, StringComparison.Ordinal);
        page.Find("button.resume").Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Equal("It is in no plan, and none asks for a snapshot of it; no rule lets a snapshot of it go.", dialogs.Find(".says").TextContent);
        Assert.DoesNotContain("harm", dialogs.Find(".says").ClassList);
    }

    [Fact]
    public async Task The_pause_that_keeps_what_a_plan_left_from_its_rules_says_so_and_its_end_names_what_goes()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Orphan(held: 2, Paused(plan: null)));
        Assert.EndsWith(
            "by ann: a move. No plan asks for a snapshot of it. The rules of plan q would go on for the snapshots that it left here: the pause holds them, 2 of which are to go at this moment.",
            Text(page),
            StringComparison.Ordinal);
        Assert.DoesNotContain("none expires", page.Find(".facts").TextContent, StringComparison.Ordinal);
        Assert.Equal("The rules of plan q would go on for the snapshots that it left here, if the droplet was not paused.", page.Find(".facts .left").TextContent.Trim());
        page.Find("button.resume").Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Equal(
            "It is in no plan, and none asks for a snapshot of it. The rules apply again, those of plan q to the snapshots that it left here: what they let go, 2 snapshots at most by now, "
            + "may be deleted within minutes, unless a guard or the brake holds it; deleted, nothing brings it back.",
            dialogs.Find(".says").TextContent);
        Assert.Contains("harm", dialogs.Find(".says").ClassList);
        Assert.Equal(["s1, made 2026-02-27 12:00:00 UTC", "s0, made 2026-02-28 12:00:00 UTC"], dialogs.FindAll(".named li").Select(l => l.TextContent));
    }

    [Fact]
    public async Task A_droplet_that_left_a_plan_whose_rules_go_on_can_be_paused()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Orphan(held: 0, Sample.View()));
        page.Find("button.pause").Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Contains("Of those that plan q left here none expires by rule until it goes on", dialogs.Find(".says").TextContent, StringComparison.Ordinal);
        await GiveAsync(dialogs, "a look");
        page.WaitForAssertion(() => Assert.Contains(ui.Api.Calls, c => c is { Request: "POST /v1/pauses", Body: """{"subject":"41","reason":"a look"}""" }), Soon);

        await using var other = new Ui();
        Assert.Empty((await PageAsync(other, Sample.View() with { Plan = null })).FindAll("button.pause"));
    }

    [Theory]
    [InlineData(true, "It was removed, and its rules would go on for the snapshots that it left here: the pause holds them, 1 of which is to go at this moment.")]
    [InlineData(false, "It was removed: nothing is asked for by it, and its rules let nothing go.")]
    public async Task The_pause_of_a_plan_that_was_removed_says_what_it_holds(bool applies, string says)
    {
        await using var ui = new Ui();
        var removed = Orphan(held: applies ? 1 : 0, Paused("q"));
        var page = await PageAsync(ui, removed with { LeftPlans = applies ? [new LeftPlanShape { Name = "q", Paused = true }] : [] });
        Assert.Equal($"Its plan, q, is paused since 2026-02-27 12:00:00 UTC by ann: a move. {says}", Text(page));
        Assert.Equal(applies ? 1 : 0, page.FindAll("button.pause").Count);
    }

    [Fact]
    public async Task What_the_pause_of_its_plan_holds_besides_does_not_go_with_its_own()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var view = Sample.View(Held("s0", 24, "p"), Held("s1", 48, "p"));
        var page = await PageAsync(ui, view with { Paused = true, Pauses = [.. Paused(plan: null).Pauses, .. Paused("p").Pauses] });
        page.Find("button.resume").Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Equal("Its plan, p, stays paused and asks for no snapshot; no rule lets a snapshot of it go.", dialogs.Find(".says").TextContent);
    }

    [Fact]
    public async Task That_its_plan_goes_on_is_shown_at_once()
    {
        await using var ui = new Ui();
        var view = Paused("p");
        ui.Api.Event = n => Sample.Event(n, "plan_resumed", "plan/p") with { DropletId = null };
        var page = await PageAsync(ui, () => view);
        Assert.Single(page.FindAll(".paused"));
        view = Sample.View();
        ui.Api.Grow();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".paused")), Soon);
    }

    [Fact]
    public async Task An_answer_that_is_older_than_what_is_shown_is_not_shown()
    {
        await using var ui = new Ui();
        var view = Paused(plan: null);
        var page = await PageAsync(ui, () => view);
        view = Sample.View() with { At = Sample.Now.AddSeconds(-1) };
        for (var asked = 2; asked < 4; asked++)
        {
            ui.Api.Grow();
            page.WaitForAssertion(() => Assert.Equal(asked, ui.Api.Calls.Count(c => c.Request == "GET /v1/droplets/41")), Soon);
        }

        Assert.Single(page.FindAll(".paused"));
    }

    [Fact]
    public async Task What_goes_wrong_with_another_droplet_is_not_told_of_this_one()
    {
        await using var ui = new Ui();
        var isAnswered = new TaskCompletionSource();
        ui.Api.BeforeAnswer = path => path == "/v1/droplets/41" ? isAnswered.Task : Task.CompletedTask;
        ui.Api.Answer("/v1/droplets/41", () => Sample.View());
        ui.Api.Answer("/v1/droplets/42", () => Sample.View() with { DropletId = 42, Name = "web-42" });
        var session = await ui.SessionAsync();
        var page = ui.Render<Droplet>(p => p.AddCascadingValue(session).Add(d => d.Id, 41));
        page.Render(p => p.Add(d => d.Id, 42));
        page.WaitForAssertion(() => Assert.Equal("web-42", page.Find("h1").TextContent), Soon);
        var drawn = page.RenderCount;
        isAnswered.SetException(new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        page.WaitForState(() => page.RenderCount > drawn, Soon);
        Assert.Empty(page.FindAll("[role=alert]"));
        Assert.Equal("web-42", page.Find("h1").TextContent);
    }

    [Fact]
    public async Task Another_snapshot_beside_one_at_work_is_told_to_wait_for_it()
    {
        await using var ui = new Ui();
        ui.Status = () => Sample.Status(Sample.Of(Sample.Droplet, "web-41") with
        {
            Pending = [new PendingShape { SnapshotId = Guid.NewGuid(), Name = "web-41-auto", Phase = "started", RequestedAt = Sample.Now, Attempts = 1, RetryAt = null, Trouble = null }],
        });
        var dialogs = ui.Render<MudDialogProvider>();
        var page = await PageAsync(ui, Sample.View());
        page.FindAll("button").Single(b => b.TextContent.Trim() == "Snapshot now").Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Contains("at work already, &#x27;web-41-auto&#x27;: this one waits for it", dialogs.Markup.Replace("'", "&#x27;", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_strips_of_the_table_have_a_legend_and_a_past_without_droplets_no_advice()
    {
        await using var ui = new Ui();
        await ui.SessionAsync();
        var table = ui.Render<DropletTable>(p => p.Add(t => t.Droplets, [Sample.Of(1, "a")]).Add(t => t.At, Sample.Now));
        Assert.Equal(8, table.FindAll(".legend .slot").Count);
        Assert.Contains("let go by the policy", table.Find(".legend").TextContent, StringComparison.Ordinal);
        var past = ui.Render<DropletTable>(p => p.Add(t => t.Droplets, []).Add(t => t.At, Sample.Now).Add(t => t.IsPast, true));
        Assert.Contains("The log knew no droplet then.", past.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("tag of a plan", past.Markup, StringComparison.Ordinal);
        Assert.Empty(past.FindAll(".legend"));
    }

    private static SnapshotShape Held(string name, double hoursAgo, string plan) =>
        Sample.Snapshot(name, hoursAgo) with { Plan = plan, Held = new SnapshotHoldShape { Guard = "paused", Detail = "the plan or the droplet is paused" } };

    /// <summary>In no plan, with snapshots of one that it left and whose rules go on.</summary>
    private static DropletViewShape Orphan(int held, DropletViewShape view) => view with
    {
        Plan = null,
        LeftPlans = [new LeftPlanShape { Name = "q", Paused = false }],
        Snapshots = [.. Enumerable.Range(0, held).Select(n => Held($"s{n}", 24 * (n + 1), "q")), Sample.Snapshot("newest", 1) with { Plan = "q" }],
    };

    private static DropletViewShape Paused(string? plan) =>
        Sample.View() with { Paused = true, Pauses = [new PauseShape { Plan = plan, Actor = "ann", Reason = "a move", Since = Sample.Now.AddDays(-2) }] };

    private static string Text(IRenderedComponent<Droplet> page) => string.Join(' ', page.Find(".paused").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static async Task GiveAsync(IRenderedComponent<MudDialogProvider> dialogs, string reason)
    {
        await dialogs.WaitForElement(".reason input", Soon).InputAsync(reason);
        dialogs.WaitForAssertion(() => Assert.False(dialogs.Find("button.give").HasAttribute("disabled")), Soon);
        await dialogs.Find("button.give").ClickAsync();
    }

    private static Task<IRenderedComponent<Droplet>> PageAsync(Ui ui, DropletViewShape view) => PageAsync(ui, () => view);

    private static async Task<IRenderedComponent<Droplet>> PageAsync(Ui ui, Func<DropletViewShape> view)
    {
        ui.Api.Answer("/v1/droplets/41", view);
        var session = await ui.SessionAsync();
        var page = ui.Render<Droplet>(p => p.AddCascadingValue(session).Add(d => d.Id, Sample.Droplet));
        page.WaitForElement(".facts", Soon);
        return page;
    }
}
