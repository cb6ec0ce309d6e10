using Bunit;
using DoSnapshot.Dashboard.Commanding;
using DoSnapshot.Dashboard.Components.Shared;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

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

    [Fact]
    public async Task What_may_have_been_done_long_ago_is_another_command_when_it_is_given_again()
    {
        await using var ui = new Ui();
        var session = await ui.SessionAsync();
        var acts = ui.Services.GetRequiredService<Acts>();
        var pin = Act.Pin(Guid.NewGuid(), "s", "kept");
        ui.Api.IsDown = true;
        Assert.False(await acts.GiveAsync(session, pin));
        Assert.True(acts.IsLastUnsure);
        ui.Clock.Jump(TimeSpan.FromMinutes(4));
        Assert.False(await acts.GiveAsync(session, pin));
        ui.Clock.Jump(TimeSpan.FromMinutes(6));
        ui.Api.IsDown = false;
        Assert.True(await acts.GiveAsync(session, pin));
        Assert.False(acts.IsLastUnsure);
        string[] keys = [.. ui.Api.Keys];
        Assert.Equal([true, false], keys.Skip(1).Select(k => k == keys[0]));
    }

    [Fact]
    public async Task A_second_click_asks_nothing_and_is_no_second_command()
    {
        await using var ui = new Ui();
        var dialogs = ui.Render<MudDialogProvider>();
        var session = await ui.SessionAsync();
        var acts = ui.Services.GetRequiredService<Acts>();
        Task<bool> first = null!, second = null!;
        await ui.InvokeAsync(() =>
        {
            (first, second) = (acts.RunAsync(session, Act.Snapshot(Sample.Droplet, "web-41")), acts.RunAsync(session, Act.Snapshot(Sample.Droplet, "web-41")));
            return Task.CompletedTask;
        });
        dialogs.WaitForElement(".reason input").Input("before the upgrade");
        Assert.Single(dialogs.FindComponents<ReasonDialog>());
        Assert.False(await second);
        dialogs.Find("button.give").Click();
        Assert.True(await first);
        Assert.Single(ui.Api.Keys);

        // What was answered, or put off, is over: another can be asked for.
        Task<bool> third = null!;
        await ui.InvokeAsync(() =>
        {
            third = acts.RunAsync(session, Act.Snapshot(Sample.Droplet, "web-41"));
            return Task.CompletedTask;
        });
        dialogs.WaitForElement(".reason input");
        dialogs.FindAll("button").Single(b => b.TextContent.Trim() == "Leave it").Click();
        Assert.False(await third);
        Assert.Single(ui.Api.Keys);
    }

    [Fact]
    public async Task What_is_given_without_a_question_is_given_once_as_long_as_it_has_no_answer()
    {
        await using var ui = new Ui();
        var session = await ui.SessionAsync();
        var acts = ui.Services.GetRequiredService<Acts>();
        var pin = Act.Pin(Guid.NewGuid(), "s", "kept");
        using var isAnswered = new SemaphoreSlim(0);
        ui.Api.BeforeCommand = isAnswered.WaitAsync;
        var (first, second, other) = (acts.GiveAsync(session, pin), acts.GiveAsync(session, pin), acts.GiveAsync(session, Act.Pin(Guid.NewGuid(), "t", "kept")));
        Assert.False(await second);
        isAnswered.Release(2);
        Assert.True(await first && await other);
        Assert.Equal(2, ui.Api.Keys.Count);
    }
}
