using Bunit;
using DoSnapshot.Dashboard.Components.Shared;
using DoSnapshot.HttpApi.Shapes;
using MudBlazor;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>The plans as a whole, on the overview.</summary>
public sealed class PlanListTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_plan_is_paused_for_a_reason_and_shown_as_paused_as_soon_as_that_is_heard()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var paused = false;
        ui.Api.Event = n => Sample.Event(n, "plan_paused", "plan/p") with { DropletId = null };
        var list = await ListAsync(ui, () => [Plan("p", paused), Plan("q", paused: false)]);
        Assert.Equal(["p", "q"], list.FindAll(".plans strong").Select(s => s.TextContent));
        Assert.Contains("version 2, 1 droplet with the tag 'p-tag'. A snapshot is taken every day", list.Markup, StringComparison.Ordinal);
        list.FindAll("button.pause")[0].Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Contains("It asks for no snapshot of its one droplet, and none of its own expires by rule", dialogs.Markup, StringComparison.Ordinal);
        await GiveAsync(dialogs, "a wrong rule");
        list.WaitForAssertion(() => Assert.Contains(ui.Api.Calls, c => c is { Request: "POST /v1/pauses", Body: """{"subject":"plan/p","reason":"a wrong rule"}""" }), Soon);

        paused = true;
        ui.Api.Grow();
        list.WaitForAssertion(() => Assert.Single(list.FindAll("button.resume")), Soon);
        Assert.Single(list.FindAll("button.pause"));
    }

    [Fact]
    public async Task A_paused_plan_can_go_on()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var list = await ListAsync(ui, () => [Plan("p", paused: true)]);
        list.Find("button.resume").Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Contains("may be deleted within minutes", dialogs.Markup, StringComparison.Ordinal);
        await GiveAsync(dialogs, "mended");
        list.WaitForAssertion(() => Assert.Contains(ui.Api.Calls, c => c is { Request: "POST /v1/resumes", Body: """{"subject":"plan/p","reason":"mended"}""" }), Soon);
    }

    [Fact]
    public async Task That_a_plan_goes_on_is_a_harm_where_its_pause_holds_what_its_rules_let_go()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        // Of a droplet in another plan it has left something.
        var left = Sample.Of(2, "b") with { Plan = "q", LeftPlans = [new LeftPlanShape { Name = "p", Paused = true }], Held = 4 };
        ui.Status = () => Sample.Status(Sample.Of(1, "a") with { Held = 3 }, left, Sample.Of(3, "c") with { Plan = "q", Held = 9 });
        var list = await ListAsync(ui, () => [Plan("p", paused: true)]);
        list.Find("button.resume").Click();
        dialogs.WaitForElement(".reason input", Soon);
        Assert.Equal(
            "Snapshots of its one droplet are asked for again, the latest that is due at once. The rules apply again: what they let go, 7 snapshots at most by now, may be deleted within minutes, "
            + "unless a guard or the brake holds it; deleted, nothing brings it back. A droplet that is paused itself stays so.",
            dialogs.Find(".says").TextContent);
        Assert.Contains("harm", dialogs.Find(".says").ClassList);
    }

    [Fact]
    public async Task A_viewer_sees_what_the_plans_say_and_no_button()
    {
        await using var ui = new Ui("viewer");
        var list = await ListAsync(ui, () => [Plan("p", paused: true)]);
        Assert.Contains("paused", list.Find(".plans").TextContent, StringComparison.Ordinal);
        Assert.Empty(list.FindAll("button.pause, button.resume"));
    }

    [Fact]
    public async Task What_could_not_be_had_is_asked_for_again_soon()
    {
        await using var ui = new Ui();
        var isAway = true;
        var list = await ListAsync(ui, () => isAway ? throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused") : [Plan("p", paused: false)]);
        Assert.Contains("Connection refused", list.Find(".hint").TextContent, StringComparison.Ordinal);
        isAway = false;
        ui.Clock.Jump(TimeSpan.FromSeconds(6));
        ui.Api.Grow();
        list.WaitForAssertion(() => Assert.Equal("p", list.Find(".plans strong").TextContent), Soon);
    }

    [Fact]
    public async Task Without_a_plan_it_is_said_what_that_means()
    {
        await using var ui = new Ui();
        var list = await ListAsync(ui, () => []);
        list.WaitForAssertion(() => Assert.Contains("There is no plan.", list.Markup, StringComparison.Ordinal), Soon);
    }

    private static async Task<IRenderedComponent<PlanList>> ListAsync(Ui ui, Func<PlanShape[]> plans)
    {
        ui.Api.Answer("/v1/plans", () => new PlansShape { Plans = plans() });
        var session = await ui.SessionAsync();
        var list = ui.Render<PlanList>(p => p.AddCascadingValue(session));
        list.WaitForAssertion(() => Assert.DoesNotContain("Asking", list.Markup, StringComparison.Ordinal), Soon);
        return list;
    }

    private static PlanShape Plan(string name, bool paused) => new()
    {
        Name = name,
        Version = 2,
        Tag = $"{name}-tag",
        Every = "1d",
        At = "03:00",
        Timing = "anchored",
        Keep = ["0h:3d"],
        Regions = [],
        KeepAtLeast = 1,
        Paused = paused,
    };

    private static async Task GiveAsync(IRenderedComponent<MudDialogProvider> dialogs, string reason)
    {
        await dialogs.WaitForElement(".reason input", Soon).InputAsync(reason);
        dialogs.WaitForAssertion(() => Assert.False(dialogs.Find("button.give").HasAttribute("disabled")), Soon);
        await dialogs.Find("button.give").ClickAsync();
    }
}
