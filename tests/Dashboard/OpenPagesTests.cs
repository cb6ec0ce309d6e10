using DoSnapshot.Dashboard.Live;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>Pages end with the sign-in that they were opened by.</summary>
public sealed class OpenPagesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_signs_out_in_one_window_is_signed_out_in_the_others()
    {
        await using var ui = new Ui();
        var session = await ui.SessionAsync();
        var pages = ui.Services.GetRequiredService<OpenPages>();
        var ended = 0;
        ui.Services.GetRequiredService<Sessions>().Ended += (_, _) => ended++;

        pages.End("of somebody else");
        Assert.Equal(0, ended);
        Assert.Equal("operator", (await session.Client.MeAsync(Ct)).Role);

        var state = await ui.Services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync();
        pages.End(Sessions.SignInOf(state.User)!);
        Assert.Equal(1, ended);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.Client.MeAsync(Ct));
    }
}
