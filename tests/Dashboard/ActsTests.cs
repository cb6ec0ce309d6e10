using DoSnapshot.Dashboard.Commanding;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>How commands are given.</summary>
public sealed class ActsTests
{
    [Fact]
    public async Task What_may_have_been_done_already_is_the_same_command_when_it_is_given_again()
    {
        await using var ui = new Ui();
        var session = await ui.SessionAsync();
        var acts = ui.Services.GetRequiredService<Acts>();
        var (pin, other) = (Act.Pin(Guid.NewGuid(), "s", "kept"), Act.Pin(Guid.NewGuid(), "t", "kept"));

        ui.Api.IsDown = true;
        Assert.False(await acts.GiveAsync(session, pin));
        ui.Api.IsDown = false;
        Assert.True(await acts.GiveAsync(session, other));
        Assert.True(await acts.GiveAsync(session, pin));
        Assert.True(await acts.GiveAsync(session, pin));

        string[] keys = [.. ui.Api.Keys];
        Assert.Equal(4, keys.Length);
        Assert.Equal(keys[0], keys[2]);
        // What was answered is done; to want it once more is another command.
        Assert.Equal(3, keys.Distinct(StringComparer.Ordinal).Count());
    }
}
