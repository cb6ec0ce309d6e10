using Bunit;
using DoSnapshot.Dashboard.Components.Shared;
using DoSnapshot.HttpApi.Shapes;
using MudBlazor;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What is said of one snapshot, and what can be done with it.</summary>
public sealed class CertificateTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly SnapshotHoldShape Braked = new() { Guard = "brake", Detail = "the brake is on: 5 of 6" };

    [Theory]
    [InlineData("complete", "kept: not yet 3d old", "Why it is kept")]
    [InlineData("complete", "would be deleted by rule 0h:3d; nothing holds it", "What becomes of it")]
    [InlineData("requested", "put off until tomorrow", "What it waits for")]
    [InlineData("attempted", "attempt 1 is about to be sent", "How far it is")]
    [InlineData("expired", "to be removed by rule 0h:3d", "Why it goes")]
    [InlineData("pruned", "deleted: image 8 is gone", "What became of it")]
    [InlineData("failed", "DigitalOcean refused (404)", "What became of it")]
    public async Task The_verdict_is_called_what_it_is(string phase, string verdict, string name)
    {
        await using var ui = new Ui();
        var s = Sample.Snapshot("s", 5, phase);
        var shown = Show(ui, s, verdict, isKept: string.Equals(name, "Why it is kept", StringComparison.Ordinal), s);
        shown.WaitForAssertion(() => Assert.Equal(verdict, Row(shown, name)), Soon);
    }

    [Fact]
    public async Task One_that_a_rule_lets_go_and_a_brake_holds_is_kept_and_marked_held()
    {
        await using var ui = new Ui();
        var s = Sample.Snapshot("s", 5) with { Held = Braked };
        var shown = Show(ui, s, "would be deleted by rule 0h:3d; held by guard Brake: the brake is on: 5 of 6", isKept: true, s);
        shown.WaitForAssertion(() => Assert.StartsWith("would be deleted", Row(shown, "Why it is kept"), StringComparison.Ordinal), Soon);
        Assert.Equal("held", shown.Find(".state").TextContent);
        Assert.Equal("A rule lets it go, and guard brake holds it: the brake is on: 5 of 6.", shown.Find(".state").GetAttribute("title"));
    }

    [Fact]
    public async Task One_that_was_held_once_and_is_no_more_is_not_said_to_be_kept()
    {
        await using var ui = new Ui();
        var s = Sample.Snapshot("s", 5) with { HeldBy = "brake" };
        var shown = Show(ui, s, "would be deleted by rule 0h:3d; nothing holds it, and the planner lets it go at its next decision", isKept: false, s);
        shown.WaitForAssertion(() => Assert.StartsWith("would be deleted", Row(shown, "What becomes of it"), StringComparison.Ordinal), Soon);
        Assert.Equal(("complete", null), (shown.Find(".state").TextContent, shown.Find(".state").GetAttribute("title")));
    }

    [Fact]
    public async Task One_whose_deletion_was_refused_says_that_it_is_left_alone()
    {
        await using var ui = new Ui();
        var s = Sample.Snapshot("s", 5) with { LeftAlone = true, Held = new SnapshotHoldShape { Guard = null, Detail = "DigitalOcean says: locked." } };
        var shown = Show(ui, s, "would be deleted", isKept: true, s);
        shown.WaitForAssertion(() => Assert.Equal("A rule lets it go, and it is left alone: DigitalOcean says: locked.", shown.Find(".state").GetAttribute("title")), Soon);
    }

    [Fact]
    public async Task What_is_gone_is_in_no_region()
    {
        await using var ui = new Ui();
        var (gone, there) = (Sample.Snapshot("gone", 30, "pruned", expiryOrigin: "plan"), Sample.Snapshot("there", 5));
        Assert.Null(Row(Show(ui, gone, "deleted", gone, there), "Regions"));
        Assert.Equal("nyc3", Row(Show(ui, there, "kept", gone, there), "Regions"));
        var table = ui.Render<SnapshotTable>(p => p.Add(t => t.Snapshots, [gone, there]).Add(t => t.Chosen, gone.SnapshotId));
        Assert.Equal(["nyc3", ""], table.FindAll("td[data-label=Regions]").Select(d => d.TextContent));
    }

    [Fact]
    public async Task The_newest_of_the_plan_cannot_be_removed_and_it_is_said_why()
    {
        await using var ui = new Ui();
        var (older, newest, byHand) = (Sample.Snapshot("older", 30), Sample.Snapshot("newest", 5) with { ImageId = 9 }, Sample.Snapshot("by-hand", 1) with { Plan = null, ImageId = 10 });
        var shown = Show(ui, newest, "kept", older, newest, byHand);
        shown.WaitForAssertion(() => Assert.True(Button(shown, "Expire").HasAttribute("disabled")), Soon);
        Assert.Contains("guard NewestComplete holds it", shown.Markup, StringComparison.Ordinal);
        foreach (var other in (SnapshotShape[])[older, byHand])
        {
            shown = Show(ui, other, "kept", older, newest, byHand);
            shown.WaitForAssertion(() => Assert.False(Button(shown, "Expire").HasAttribute("disabled")), Soon);
            Assert.DoesNotContain("NewestComplete", shown.Markup, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task It_is_copied_where_it_is_not_yet_and_the_regions_in_use_are_offered()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var s = Sample.Snapshot("s", 5, regions: ["nyc3", "ams3"], copies: ["ams3"]);
        var shown = Show(ui, s, "kept", Sample.Snapshot("other", 30, regions: ["nyc3", "sfo3"]), s);
        shown.WaitForElement(".copying input", Soon);
        Assert.Equal(["sfo3"], shown.FindAll("datalist option").Select(o => o.GetAttribute("value")));
        Assert.Equal(shown.Find("datalist").Id, shown.Find(".copying input").GetAttribute("list"));

        shown.Find(".copying input").Input("AMS3");
        shown.WaitForAssertion(() => Assert.Contains("There is one in ams3", shown.Find(".copying .hint").TextContent, StringComparison.Ordinal), Soon);
        Assert.True(Button(shown, "Transfer").HasAttribute("disabled"));

        shown.Find(".copying input").Input(" LON1");
        shown.WaitForAssertion(() => Assert.False(Button(shown, "Transfer").HasAttribute("disabled")), Soon);
        Button(shown, "Transfer").Click();
        dialogs.WaitForElement(".reason input", Soon).Input("nearer");
        dialogs.Find("button.give").Click();
        shown.WaitForAssertion(() => Assert.Equal("", shown.Find(".copying input").GetAttribute("value") ?? ""), Soon);
        Assert.Contains("\"regions\":[\"lon1\"]", Assert.Single(ui.Api.Calls, c => c.Request == "POST /v1/transfers").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_or_put_off_is_found_and_says_why()
    {
        await using var ui = new Ui();
        SnapshotShape[] all = [Sample.Snapshot("fine", 5), Sample.Snapshot("kept-back", 30) with { Held = Braked }, Sample.Snapshot("braked-once", 40) with { HeldBy = "brake" }, Sample.Snapshot("waits", 1, "requested") with { RetryAt = Sample.Now.AddHours(1), Trouble = "too many requests" }];
        var table = ui.Render<SnapshotTable>(p => p.Add(t => t.Snapshots, all));
        table.Find("input").Input("held");
        table.WaitForAssertion(() => Assert.Equal(("held", "A rule lets it go, and guard brake holds it: the brake is on: 5 of 6."), Only(table)), Soon);
        table.Find("input").Input("put off");
        table.WaitForAssertion(() => Assert.Equal(("put off", "too many requests"), Only(table)), Soon);
    }

    public static TheoryData<string, bool> Tried => new()
    {
        { "put off", true },
        { "put off until it was", false },
        { "at work", false },
        { "to go, and put off", true },
        { "its deletion was sent, and is put off", false },
        { "left alone", true },
        { "a copy that was given up", true },
        { "a copy that was given up in a region that the plan has dropped", false },
        { "a copy by hand that was given up there", true },
        { "a copy that is put off", true },
        { "a copy at work that had failed before", false },
    };

    [Theory]
    [MemberData(nameof(Tried))]
    public async Task Only_what_the_api_would_try_again_is_tried_at_once(string what, bool can)
    {
        await using var ui = new Ui();
        var soon = Sample.Now.AddHours(1);
        var s = what switch
        {
            "put off" => Sample.Snapshot("s", 1, "requested") with { RetryAt = soon },
            "put off until it was" => Sample.Snapshot("s", 1, "requested") with { RetryAt = Sample.Now },
            "at work" => Sample.Snapshot("s", 1, "started") with { Trouble = "it was busy" },
            "to go, and put off" => Sample.Snapshot("s", 1, "expired") with { RetryAt = soon },
            "its deletion was sent, and is put off" => Sample.Snapshot("s", 1, "pruning") with { RetryAt = soon },
            "left alone" => Sample.Snapshot("s", 1) with { LeftAlone = true },
            "a copy that was given up" => Copying("lon1", "failed"),
            "a copy that was given up in a region that the plan has dropped" => Copying("sfo3", "failed"),
            "a copy by hand that was given up there" => Copying("sfo3", "failed", "manual"),
            "a copy that is put off" => Copying("lon1", "requested", retryAt: soon),
            _ => Copying("lon1", "started"),
        };
        ui.Api.Answer($"/v1/snapshots/{s.SnapshotId:D}/explanation", () => Sample.Explanation(s));
        var view = Sample.View(s);
        var shown = ui.Render<Certificate>(p => p.Add(c => c.Snapshot, s).Add(c => c.View, view with { Plan = view.Plan! with { Regions = ["lon1"] } }));
        shown.WaitForElement(".buttons", Soon);
        Assert.Equal(can, shown.FindAll("button").Any(b => b.TextContent.Trim() == "Try at once"));

        static SnapshotShape Copying(string region, string phase, string origin = "plan", DateTimeOffset? retryAt = null) => Sample.Snapshot("s", 5) with
        {
            Transfers = [new TransferShape { Region = region, Phase = phase, Origin = origin, RequestedAt = Sample.Now, ChangedAt = Sample.Now, Attempts = 2, RetryAt = retryAt, ActionId = null, Trouble = "no luck" }],
        };
    }

    private static (string, string?) Only(IRenderedComponent<SnapshotTable> table) =>
        Assert.Single(table.FindAll("tbody .state")) is var mark ? (mark.TextContent, mark.GetAttribute("title")) : default;

    private static IRenderedComponent<Certificate> Show(Ui ui, SnapshotShape s, string verdict, params SnapshotShape[] all) => Show(ui, s, verdict, isKept: true, all);

    private static IRenderedComponent<Certificate> Show(Ui ui, SnapshotShape s, string verdict, bool isKept, params SnapshotShape[] all)
    {
        ui.Api.Answer($"/v1/snapshots/{s.SnapshotId:D}/explanation", () => Sample.Explanation(s) with { Verdict = verdict, Kept = isKept });
        return ui.Render<Certificate>(p => p.Add(c => c.Snapshot, s).Add(c => c.View, Sample.View(all)));
    }

    private static string? Row(IRenderedComponent<Certificate> shown, string name) =>
        shown.FindAll("dt").SingleOrDefault(t => t.TextContent == name)?.NextElementSibling!.TextContent;

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<Certificate> shown, string name) => shown.FindAll("button").Single(b => b.TextContent.Trim() == name);
}
