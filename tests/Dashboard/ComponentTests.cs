using Bunit;
using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Components.Shared;
using DoSnapshot.HttpApi.Shapes;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What the parts of the pages show.</summary>
public sealed class ComponentTests
{
    [Fact]
    public async Task A_moment_is_exact_for_people_and_for_programs()
    {
        await using var ui = new Ui();
        var when = ui.Render<When>(p => p.Add(w => w.At, new DateTimeOffset(2026, 3, 1, 13, 4, 5, TimeSpan.FromHours(1))));
        Assert.Equal("2026-03-01T12:04:05Z", when.Find("ds-time").GetAttribute("at"));
        Assert.Equal("2026-03-01 12:04:05 UTC", when.Find("time").TextContent);
        // It goes on each second, and is read out once.
        Assert.Equal("off", when.Find("ds-time").GetAttribute("aria-live"));
    }

    [Fact]
    public async Task What_the_policy_let_go_is_in_the_strip_as_that_and_not_as_missed()
    {
        await using var ui = new Ui();
        var strip = ui.Render<Strip>(p => p.Add(s => s.DropletId, Sample.Droplet).Add(s => s.Place, 0).Add(s => s.At, Sample.Now));
        strip.WaitForAssertion(() => Assert.Equal(3, strip.FindAll("rect").Count));
        Assert.Single(strip.FindAll("rect.thinned"));
        Assert.Empty(strip.FindAll("rect.missed"));
        Assert.Contains("let go by the policy", strip.Find("rect.thinned title").TextContent, StringComparison.Ordinal);
        Assert.Equal("The last 3: 2 good, 1 thinned", strip.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Of_two_thousand_droplets_a_page_is_shown_and_each_can_be_found()
    {
        await using var ui = new Ui();
        DropletShape[] droplets = [.. Enumerable.Range(1, 2_000).Select(n => Sample.Of(n, $"web-{n}", n == 1_777 ? "alarm" : "good"))];
        var table = ui.Render<DropletTable>(p => p.Add(t => t.Droplets, droplets).Add(t => t.At, Sample.Now));
        Assert.Equal(25, table.FindAll("tbody tr").Count);
        table.Find("input").Input("alarm");
        table.WaitForAssertion(() => Assert.Equal("web-1777", Assert.Single(table.FindAll("tbody tr")).QuerySelector("a")!.TextContent), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_column_is_sorted_by_the_keyboard_as_well()
    {
        await using var ui = new Ui();
        var table = ui.Render<DropletTable>(p => p.Add(t => t.Droplets, [Sample.Of(1, "b"), Sample.Of(2, "c"), Sample.Of(3, "a")]).Add(t => t.At, Sample.Now));
        var head = table.FindAll("thead [role=button]").Single(h => h.TextContent.Trim() == "Droplet");
        Assert.Equal("0", head.GetAttribute("tabindex"));
        head.KeyDown("Enter");
        table.WaitForAssertion(() => Assert.Equal(["a", "b", "c"], table.FindAll("tbody tr a").Select(a => a.TextContent)));
    }

    [Fact]
    public async Task Without_a_droplet_it_is_said_what_to_do()
    {
        await using var ui = new Ui();
        var table = ui.Render<DropletTable>(p => p.Add(t => t.Droplets, []).Add(t => t.At, Sample.Now));
        Assert.Contains("Give a droplet at DigitalOcean the tag of a plan", table.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("operator", true)]
    [InlineData("viewer", false)]
    public async Task A_viewer_sees_no_button_that_would_be_refused(string role, bool sees)
    {
        await using var ui = new Ui(role);
        var s = Sample.Snapshot("s", 5);
        ui.Api.Answer($"/v1/snapshots/{s.SnapshotId:D}/explanation", () => Sample.Explanation(s));
        var shown = ui.Render<Certificate>(p => p.Add(c => c.Snapshot, s).Add(c => c.View, Sample.View(s)));
        shown.WaitForAssertion(() => Assert.Contains("kept: far enough", shown.Markup, StringComparison.Ordinal));
        Assert.Equal(sees, shown.FindAll("button").Any(b => b.TextContent.Contains("Expire", StringComparison.Ordinal)));
        Assert.Equal(sees, shown.FindAll("button").Count > 0);
    }

    [Fact]
    public async Task A_certificate_tells_who_asked_why_it_is_kept_and_when_that_changes()
    {
        await using var ui = new Ui();
        var s = Sample.Snapshot("s", 5);
        ui.Api.Answer($"/v1/snapshots/{s.SnapshotId:D}/explanation", () => Sample.Explanation(s));
        var shown = ui.Render<Certificate>(p => p.Add(c => c.Snapshot, s).Add(c => c.View, Sample.View(s)));
        shown.WaitForAssertion(() => Assert.Equal(
            ["asked for by plan 'p'", "kept: far enough"], shown.FindAll("dl:first-of-type dd").Take(2).Select(d => d.TextContent)));
        Assert.Contains("2026-03-03T12:00:00Z", shown.Markup, StringComparison.Ordinal);
        Assert.Contains("a remark", shown.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Harm.Some, null, "because", "")]
    [InlineData(Harm.Some, null, " ", "Still wanted: why.")]
    [InlineData(Harm.Last, "x", "because", "Still wanted: the name 'the-name', typed.")]
    [InlineData(Harm.Last, "x", "", "Still wanted: the name 'the-name', typed, and why.")]
    [InlineData(Harm.Last, "the-name", "", "Still wanted: why.")]
    [InlineData(Harm.Last, "the-name", "because", "")]
    public async Task The_last_good_snapshot_takes_its_name_and_everything_a_reason(Harm harm, string? typed, string reason, string wants)
    {
        await using var ui = new Ui();
        var provider = ui.Render<MudDialogProvider>();
        await ui.InvokeAsync(() => ui.Dialogs.ShowAsync<ReasonDialog>("Sure?", new DialogParameters<ReasonDialog>
        {
            { d => d.Says, "It goes." }, { d => d.Button, "Do it" }, { d => d.Harm, harm }, { d => d.Typed, "the-name" },
        }));
        provider.WaitForAssertion(() => Assert.NotEmpty(provider.FindAll(".give")));
        if (typed is not null)
        {
            provider.Find(".typed input").Input(typed);
        }

        provider.Find(".reason input").Input(reason);
        provider.WaitForAssertion(() => Assert.Equal((wants, wants.Length > 0), (provider.Find(".wants").TextContent, provider.Find("button.give").HasAttribute("disabled"))));
        // So long, and no longer: how much room is left is said.
        Assert.Equal("500", provider.Find(".reason input").GetAttribute("maxlength"));
        Assert.Contains($"{reason.Length} / 500", provider.Find(".reason").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_is_answered_by_a_key_that_was_pressed_in_it()
    {
        await using var ui = new Ui();
        var provider = ui.Render<MudDialogProvider>();
        IDialogReference question = null!;
        await ui.InvokeAsync(async () => question = await ui.Dialogs.ShowAsync<ReasonDialog>("Sure?", new DialogParameters<ReasonDialog> { { d => d.Harm, Harm.None }, { d => d.Suggested, "tried again" } }));
        provider.WaitForAssertion(() => Assert.NotEmpty(provider.FindAll(".give")));

        // The key that opened it is let go, or held, in it; and one chooses among words that are being written.
        provider.Find(".reason input").KeyUp("Enter");
        provider.Find(".reason input").KeyDown(new KeyboardEventArgs { Key = "Enter", Repeat = true });
        provider.Find(".reason input").KeyDown(new KeyboardEventArgs { Key = "Enter", IsComposing = true });
        Assert.False(question.Result.IsCompleted);
        provider.Find(".reason input").KeyDown("Enter");
        Assert.Equal("tried again", (await question.Result)?.Data);
    }

    [Fact]
    public async Task What_was_refused_stays_until_it_is_put_away()
    {
        await using var ui = new Ui();
        var notices = ui.Services.GetRequiredService<Notices>();
        var area = ui.Render<NoticeArea>();
        await ui.InvokeAsync(() =>
        {
            notices.Say("Refused: it is pinned", isBad: true);
            return Task.CompletedTask;
        });
        area.WaitForAssertion(() => Assert.Equal("Refused: it is pinned", area.Find(".notice.bad span").TextContent));
        area.Find("button").Click();
        area.WaitForAssertion(() => Assert.Empty(area.FindAll(".notice")));
    }

    [Fact]
    public async Task Each_mark_of_the_timeline_is_a_button_that_says_what_it_is()
    {
        await using var ui = new Ui();
        var (there, gone) = (Sample.Snapshot("there", 5), Sample.Snapshot("gone", 30, "pruned", expiryOrigin: "plan"));
        Guid? chosen = null;
        var line = ui.Render<DropletTimeline>(p => p.Add(t => t.View, Sample.View(gone, there)).Add(t => t.ChosenChanged, (Guid? id) => chosen = id));
        Assert.Equal(["gone, thinned, in nyc3", "there, good, in nyc3"], line.FindAll("g.mark").Select(g => string.Join(',', g.GetAttribute("aria-label")!.Split(',').Take(3))));
        Assert.Single(line.FindAll("g.mark.ghost"));
        line.Find("g.mark.good").KeyDown("Enter");
        Assert.Equal(there.SnapshotId, chosen);
    }
}
