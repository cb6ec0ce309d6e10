using Bunit;
using DoSnapshot.Dashboard.Components.Pages;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What was held in the calendar of deletions, and is not any more.</summary>
public sealed class DeletionsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task What_was_held_here_and_unpinned_elsewhere_can_be_held_again()
    {
        await using var ui = new Ui();
        var (a, b) = (Sample.Going("a", Sample.Now.AddDays(1)), Sample.Going("b", Sample.Now.AddDays(1)));
        ui.Api.Answer("/v1/forecast", () => Sample.Forecast(a));
        var session = await ui.SessionAsync();
        var page = ui.Render<Deletions>(p => p.AddCascadingValue(session));
        page.WaitForElement("tbody button", Soon);
        await page.InvokeAsync(() => page.Find("tbody button").Click());
        page.WaitForAssertion(() => Assert.Equal(("Held", true), (page.Find("tbody button").TextContent.Trim(), page.Find("tbody button").HasAttribute("disabled"))), Soon);

        // Of an answer after it, it goes all the same.
        ui.Api.Answer("/v1/forecast", () => Sample.Forecast(a, b));
        await page.InvokeAsync(() => page.FindAll("button").Single(e => e.TextContent.Trim() == "Work it out again").Click());
        page.WaitForAssertion(() => Assert.Equal(["Hold", "Hold"], page.FindAll("tbody button").Select(e => e.TextContent.Trim())), Soon);
        Assert.All(page.FindAll("tbody button"), e => Assert.False(e.HasAttribute("disabled")));
    }

    [Fact]
    public async Task A_brake_that_somebody_else_released_is_gone_from_a_page_that_is_open()
    {
        await using var ui = new Ui("viewer");
        string[] brakes = ["nothing of plan 'p' expires"];
        ui.Api.Answer("/v1/forecast", () => Sample.Forecast(Sample.Going("a", Sample.Now.AddDays(20))) with { Brakes = brakes });
        ui.Api.Event = n => Sample.Event(n, "brake_released", "plan/p") with { DropletId = null };
        var session = await ui.SessionAsync();
        var page = ui.Render<Deletions>(p => p.AddCascadingValue(session));
        page.WaitForElement(".banner.brake", Soon);
        brakes = [];
        ui.Clock.Jump(TimeSpan.FromSeconds(11));
        ui.Api.Grow();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".banner.brake")), Soon);
    }
}
