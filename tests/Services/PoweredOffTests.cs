using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Services.Tests;

/// <summary>Powered-off snapshots as they go when nothing is in the way but the droplet itself.</summary>
public sealed class PoweredOffTests : PoweredOffDroplet
{
    [Fact]
    public async Task The_droplet_is_shut_down_snapshotted_while_it_is_off_and_powered_on_again()
    {
        await RequestAsync();
        await RunAsync(TimeSpan.FromMinutes(30));

        Assert.Equal(["shutdown", "snapshot", "power_on"], Actions());
        AssertSnapshottedWhileOff();
        Assert.Equal(SandboxPower.Active, Power());
        Assert.Equal(SnapshotPhase.Complete, (await _world.OnlyAsync(_web)).Phase);
        Assert.Equal(
            [typeof(DropletEnrolled), typeof(PowerOnOwed), typeof(DropletShutDown), typeof(DropletPoweredOff), typeof(PowerOnAttempted), typeof(DropletPoweredOn)],
            await LifeOfDropletAsync());
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
    }

    [Fact]
    public async Task The_droplet_is_powered_on_as_soon_as_the_snapshot_is_done_and_not_only_when_it_is_listed()
    {
        await RequestAsync();
        await RunAsync(TimeSpan.FromMinutes(30));

        var snapshot = Assert.Single(_world.Account.State().Actions, a => a.Type == "snapshot");
        var on = Assert.Single(_world.Account.State().Actions, a => a.Type == "power_on");
        Assert.InRange(on.StartedAt - snapshot.CompletedAt!.Value, TimeSpan.Zero, Step + TimeSpan.FromSeconds(1));
        Assert.True((await EventAsync<DropletPoweredOn>()).At < (await EventAsync<SnapshotCompleted>()).At);
    }

    [Fact]
    public async Task A_droplet_that_was_off_already_is_snapshotted_as_it_is_and_stays_off()
    {
        await RequestAsync(droplet => _world.Account.SetPower(droplet, SandboxPower.Off));
        await RunAsync(TimeSpan.FromHours(1));

        Assert.Equal(["snapshot"], Actions());
        Assert.Equal((SandboxPower.Off, SnapshotPhase.Complete), (Power(), (await _world.OnlyAsync(_web)).Phase));
        Assert.Equal([typeof(DropletEnrolled)], await LifeOfDropletAsync());
    }

    [Fact]
    public async Task One_that_takes_no_notice_is_asked_again_and_then_left_running_without_a_snapshot()
    {
        await RequestAsync(ignoresShutdown: true);
        await RunAsync(_world.Timings.ShutdownGrace + TimeSpan.FromMinutes(1));

        Assert.All(Actions(), action => Assert.Equal("shutdown", action));
        Assert.InRange(Actions().Count, 3, 6);
        var failed = await _world.OnlyAsync(_web);
        Assert.Equal((SnapshotPhase.Requested, _world.Timings.RetryLongest), (failed.Phase, failed.RetryAt - failed.ChangedAt));
        Assert.Contains("did not shut down", failed.Trouble, StringComparison.Ordinal);
        // It may yet obey: what is owed stands until that is out of the question.
        Assert.NotNull((await _world.LedgerAsync(_web)).Droplet!.Power);

        await RunAsync(_world.Timings.PowerOnWithin - (2 * _world.Timings.ShutdownGrace), TimeSpan.FromMinutes(1));
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
        Assert.DoesNotContain("power_on", Actions());
        Assert.Empty(_world.Alarms.On);
    }

    [Theory]
    [InlineData("soon after", 8)]
    [InlineData("when its updates are installed", 30)]
    [InlineData("later than a second attempt would be due", 90)]
    public async Task One_that_obeys_after_it_was_given_up_is_powered_on_again(string when, int minutes)
    {
        Assert.NotEmpty(when);
        await RequestAsync(ignoresShutdown: true);
        await RunAsync(TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(1));
        _world.Account.SetPower(_web, SandboxPower.Off);

        await RunAsync(TimeSpan.FromMinutes(5));

        Assert.Equal("power_on", Actions()[^1]);
        Assert.Equal(SandboxPower.Active, Power());
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
    }

    [Fact]
    public async Task Where_the_plan_allows_it_the_power_is_cut_after_the_grace_period_and_not_before()
    {
        _world.Settings.ForcePowerOff = ForcedPowerOff.AfterGrace;
        await RequestAsync(ignoresShutdown: true);
        await RunAsync(_world.Timings.ShutdownGrace - Step);
        Assert.DoesNotContain("power_off", Actions());

        await RunAsync(TimeSpan.FromMinutes(30));

        Assert.Equal(["power_off", "snapshot", "power_on"], Actions().Where(a => a != "shutdown"));
        AssertSnapshottedWhileOff();
        Assert.True((await EventAsync<DropletPoweredOff>()).Forced);
        Assert.Equal((SandboxPower.Active, SnapshotPhase.Complete), (Power(), (await _world.OnlyAsync(_web)).Phase));
    }

    [Fact]
    public async Task After_three_shutdowns_for_nothing_the_droplet_has_its_peace_for_a_day()
    {
        // Every snapshot that begins fails.
        _world.Line.Instead = request => request.Method == HttpMethod.Post && Body(request).Contains("\"snapshot\"", StringComparison.Ordinal)
            ? Error(400, "No.") : null;
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(14), TimeSpan.FromMinutes(1));

        Assert.Equal(3, Actions().Count(a => a == "shutdown"));
        Assert.Equal(3, Actions().Count(a => a == "power_on"));
        Assert.Equal(SandboxPower.Active, Power());
        var given = await _world.OnlyAsync(_web);
        Assert.Equal(SnapshotPhase.Failed, given.Phase);
        Assert.Contains("shut down 3 times within a day for nothing", given.Trouble, StringComparison.Ordinal);

        // The day over and the trouble gone, it is taken.
        _world.Line.Instead = null;
        await RunAsync(TimeSpan.FromHours(27), TimeSpan.FromMinutes(1));
        Assert.Contains((await _world.LedgerAsync(_web)).Snapshots, s => s.IsComplete);
    }
}
