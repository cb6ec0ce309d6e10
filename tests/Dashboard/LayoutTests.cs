using System.Net;
using Bunit;
using DoSnapshot.Dashboard.Components.Layout;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What stands above every page.</summary>
public sealed class LayoutTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_api_that_is_there_and_cannot_tell_is_not_said_to_be_away()
    {
        await using var ui = new Ui();
        await ui.SessionAsync();
        var layout = ui.Render<MainLayout>();
        ui.Api.Fails = (HttpStatusCode.InternalServerError, "its log is of another version");
        ui.Api.Grow();
        var banner = layout.WaitForElement(".shell > .banner[role=alert]", Soon).TextContent;
        Assert.Contains("The API cannot tell how things stand: its log is of another version", banner, StringComparison.Ordinal);
        Assert.DoesNotContain("does not answer", banner, StringComparison.Ordinal);
        Assert.DoesNotContain("see whether the API runs", banner, StringComparison.Ordinal);

        ui.Api.IsDown = true;
        layout.WaitForAssertion(() => Assert.Contains("The API at http://api.test does not answer:", layout.Find(".shell > .banner").TextContent, StringComparison.Ordinal), Soon);
        Assert.Contains("see whether the API runs", layout.Find(".shell > .banner").TextContent, StringComparison.Ordinal);
    }
}
