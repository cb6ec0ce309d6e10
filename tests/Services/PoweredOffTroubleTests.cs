using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Services.Tests;

/// <summary>A droplet that was shut down for a snapshot runs again in the end, whatever is lost, refused, killed, destroyed or paused.</summary>
public sealed class PoweredOffTroubleTests : PoweredOffDroplet
{
    [Theory]
    [InlineData("the shutdown's answer is lost", "shutdown", true)]
    [InlineData("the shutdown is lost", "shutdown", false)]
    [InlineData("the snapshot's answer is lost", "snapshot", true)]
    [InlineData("the snapshot's request is lost", "snapshot", false)]
    [InlineData("the power-on's answer is lost", "power_on", true)]
    [InlineData("the power-on is lost", "power_on", false)]
    public async Task A_lost_request_or_answer_leaves_no_droplet_off_and_doubles_nothing(string what, string type, bool arrives)
    {
        LoseOnce(type, arrives);
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(3));

        Assert.True(Power() == SandboxPower.Active, what);
        Assert.Equal(SnapshotPhase.Complete, (await _world.OnlyAsync(_web)).Phase);
        Assert.Single(_world.Account.State().Snapshots);
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
    }

    [Theory]
    [InlineData("shutdown")]
    [InlineData("snapshot")]
    [InlineData("power_on")]
    public async Task A_worker_that_dies_in_the_middle_of_a_step_is_succeeded_by_one_that_goes_on(string type)
    {
        await RequestAsync();
        _world.Line.Afterwards = request =>
        {
            if (request.Method == HttpMethod.Post && Body(request).Contains($"\"{type}\"", StringComparison.Ordinal))
            {
                _world.Line.Afterwards = null;
                throw new OperationCanceledException("The process was killed.");
            }
        };
        await RunAsync(TimeSpan.FromHours(3), swallow: true);

        Assert.Null(_world.Line.Afterwards);
        Assert.Equal((SandboxPower.Active, SnapshotPhase.Complete), (Power(), (await _world.OnlyAsync(_web)).Phase));
        Assert.Single(_world.Account.State().Snapshots);
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
    }

    [Fact]
    public async Task A_shutdown_that_is_refused_owes_nothing()
    {
        _world.Line.Instead = request => request.Method == HttpMethod.Post ? Error(403, "The token may not.") : null;
        await RequestAsync();
        await _world.DeliverAsync();

        Assert.Equal([typeof(DropletEnrolled), typeof(PowerOnOwed), typeof(PowerOnWaived)], await LifeOfDropletAsync());
        var deferred = await _world.OnlyAsync(_web);
        Assert.Equal((SnapshotPhase.Requested, _world.Now + _world.Timings.RetryFirst), (deferred.Phase, deferred.RetryAt));
        Assert.Empty(Actions());

        _world.Line.Instead = null;
        await RunAsync(TimeSpan.FromHours(1));
        Assert.Equal((SandboxPower.Active, SnapshotPhase.Complete), (Power(), (await _world.OnlyAsync(_web)).Phase));
    }

    [Fact]
    public async Task A_droplet_that_is_destroyed_while_it_is_off_is_owed_nothing_any_more()
    {
        await RequestAsync();
        await RunUntilOffAsync();
        _world.Account.DestroyDroplet(_web);
        await RunAsync(_world.Timings.ActionGrace + TimeSpan.FromMinutes(30));

        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
        Assert.Contains(typeof(PowerOnWaived), await LifeOfDropletAsync());
    }

    [Fact]
    public async Task A_droplet_that_loses_its_tag_while_it_is_off_is_powered_on_all_the_same()
    {
        await RequestAsync();
        await RunUntilOffAsync();
        _world.Account.UntagDroplet(_web, "autosnapshot");
        await RunAsync(TimeSpan.FromHours(1));

        Assert.Equal(SandboxPower.Active, Power());
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
    }

    [Fact]
    public async Task A_pause_leaves_no_droplet_off()
    {
        await RequestAsync();
        await _world.DeliverAsync();
        await _world.Log.DecideAsync(_web, _ => [new NewEvent(Streams.OfDroplet(_web), new DropletPaused(_web, "ann", "work on it", _world.Now))], World.Ct);
        await RunAsync(TimeSpan.FromHours(1));

        Assert.Equal(["shutdown", "power_on"], Actions());
        Assert.Equal(SandboxPower.Active, Power());
    }

    [Fact]
    public async Task A_droplet_that_cannot_be_powered_on_is_said_to_be_off_and_is_tried_until_it_runs()
    {
        _world.Line.Instead = request => request.Method == HttpMethod.Post && Body(request).Contains("power_on", StringComparison.Ordinal)
            ? Error(422, "There is no room for it.") : null;
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(3));
        Assert.Equal(SandboxPower.Off, Power());

        var alarm = Assert.Single(_world.Alarms.On);
        Assert.Equal((AlarmKind.LeftPoweredOff, _web), (alarm.Kind, alarm.DropletId));
        Assert.Contains("does not run yet", alarm.Text, StringComparison.Ordinal);

        _world.Line.Instead = null;
        await RunAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(SandboxPower.Active, Power());
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
    }

    [Fact]
    public async Task A_manual_snapshot_waits_until_the_droplet_runs_again()
    {
        await RequestAsync();
        await RunUntilOffAsync();
        var manual = new SnapshotRequested(Guid.NewGuid(), _web, "web-1", "by-hand", null, Origin.Manual, _world.Now, Actor: "ann");
        await _world.Taker.HandleAsync(manual, fromLog: false, World.Ct);
        await RunAsync(TimeSpan.FromHours(2));

        Assert.Equal(["shutdown", "snapshot", "power_on", "snapshot"], Actions());
        Assert.All((await _world.LedgerAsync(_web)).Snapshots, s => Assert.Equal(SnapshotPhase.Complete, s.Phase));
    }
}
