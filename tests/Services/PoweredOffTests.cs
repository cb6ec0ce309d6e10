using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Sandbox;
using DoSnapshot.SnapshotWorker;

namespace DoSnapshot.Services.Tests;

/// <summary>Powered-off snapshots: a droplet that was shut down for one runs again in the end, whatever happens, and one that was off stays off.</summary>
public sealed class PoweredOffTests : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    private readonly World _world;
    private long _web;

    public PoweredOffTests()
    {
        var plan = World.Plan();
        plan.Consistency = SnapshotConsistency.PoweredOff;
        _world = new World(plan);
    }

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

        await RunAsync(_world.Timings.ShutdownGrace + _world.Timings.Settling);
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
        Assert.DoesNotContain("power_on", Actions());
    }

    [Fact]
    public async Task One_that_obeys_after_it_was_given_up_is_powered_on_again()
    {
        await RequestAsync(ignoresShutdown: true);
        await RunAsync(_world.Timings.ShutdownGrace + TimeSpan.FromMinutes(1));
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
    public async Task After_three_shutdowns_for_nothing_the_snapshot_is_given_up_and_the_droplet_has_its_peace()
    {
        // Every snapshot that begins fails.
        _world.Line.Instead = request => request.Method == HttpMethod.Post && Body(request).Contains("\"snapshot\"", StringComparison.Ordinal)
            ? Error(400, "No.") : null;
        await RequestAsync();
        // It is due at 03:00 again.
        await RunAsync(TimeSpan.FromHours(14), TimeSpan.FromMinutes(1));

        Assert.Equal(3, Actions().Count(a => a == "shutdown"));
        Assert.Equal(3, Actions().Count(a => a == "power_on"));
        Assert.Equal(SandboxPower.Active, Power());
        var given = await _world.OnlyAsync(_web);
        Assert.Equal(SnapshotPhase.Failed, given.Phase);
        Assert.Contains("3 times", given.Trouble, StringComparison.Ordinal);
    }

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
        await RunAsync(TimeSpan.FromHours(1));

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
        var logger = new RecordingLogger<PowerFollower>();
        var follower = new PowerFollower(_world.Log, _world.Api, _world.Taker, _world.Clock, _world.Timings, logger);
        _world.Line.Instead = request => request.Method == HttpMethod.Post && Body(request).Contains("power_on", StringComparison.Ordinal)
            ? Error(422, "There is no room for it.") : null;
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(3));
        Assert.Equal(SandboxPower.Off, Power());

        await follower.RoundAsync(World.Ct);
        await follower.RoundAsync(World.Ct);
        Assert.Single(logger.Lines, l => l.Contains("should have run again", StringComparison.Ordinal));

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

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static string Body(HttpRequestMessage request) => request.Content!.ReadAsStringAsync(World.Ct).GetAwaiter().GetResult();

    private static HttpResponseMessage Error(int status, string message) => new((System.Net.HttpStatusCode)status)
    {
        Content = new StringContent($$"""{"id":"refused","message":"{{message}}"}"""),
    };

    private void LoseOnce(string type, bool arrives)
    {
        var lost = false;
        _world.Line.Instead = request =>
        {
            if (!lost && request.Method == HttpMethod.Post && Body(request).Contains($"\"{type}\"", StringComparison.Ordinal))
            {
                lost = true;
                (_world.Line.LoseNextAnswer, _world.Line.LoseNextRequest) = (arrives, !arrives);
            }

            return null;
        };
    }

    /// <summary>A droplet comes into the plan, and its first snapshot is asked for.</summary>
    private async Task RequestAsync(Action<long>? prepare = null, bool ignoresShutdown = false)
    {
        _web = _world.Account.AddDroplet(
            new NewDroplet { Name = "web-1", Region = World.Home, Tags = ["autosnapshot"], IgnoresShutdown = ignoresShutdown }).OrThrow().Id;
        prepare?.Invoke(_web);
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        Assert.Equal(SnapshotConsistency.PoweredOff, (await _world.OnlyAsync(_web)).Consistency);
    }

    private async Task RunUntilOffAsync()
    {
        while (Power() != SandboxPower.Off)
        {
            await RunAsync(Step);
        }

        await RunAsync(Step);
        Assert.NotNull((await _world.LedgerAsync(_web)).Droplet!.Power!.OffAt);
    }

    private async Task RunAsync(TimeSpan duration, TimeSpan? step = null, bool swallow = false)
    {
        var end = _world.Now + duration;
        while (_world.Now < end)
        {
            try
            {
                await _world.RoundAsync();
            }
            catch (OperationCanceledException) when (swallow)
            {
            }

            _world.Clock.Advance(step ?? Step);
        }
    }

    private List<string> Actions() => [.. _world.Account.State().Actions.OrderBy(a => a.Id).Select(a => a.Type).Where(t => t != "create")];

    private SandboxPower? Power() => _world.Account.State().Droplets.FirstOrDefault(d => d.Id == _web)?.Status;

    /// <summary>The action began after one that switched it off was done, and ended before one that switched it on began.</summary>
    private void AssertSnapshottedWhileOff()
    {
        var actions = _world.Account.State().Actions;
        var snapshot = Assert.Single(actions, a => a.Type == "snapshot");
        Assert.Contains(actions, a => a.Type is "shutdown" or "power_off" && a.CompletedAt <= snapshot.StartedAt);
        Assert.All(actions.Where(a => a.Type == "power_on"), a => Assert.True(a.StartedAt >= snapshot.CompletedAt));
    }

    private async Task<IReadOnlyList<Type>> LifeOfDropletAsync() =>
        [.. (await _world.Log.ReadStreamAsync(Streams.OfDroplet(_web), World.Ct)).Select(e => e.Data.GetType())];

    private async Task<T> EventAsync<T>() => Assert.Single((await _world.EventsAsync()).OfType<T>());
}
