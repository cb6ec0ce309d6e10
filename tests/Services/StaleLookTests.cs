using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Health;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.SnapshotWorker;
using DoSnapshot.TransferWorker;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Services.Tests;

/// <summary>A follower that stood still, a machine whose clock is wrong, a list that cannot be had: none of them ends what is at work.</summary>
public sealed class StaleLookTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan(regions: "lon1"));
    private readonly long _web;

    public StaleLookTests()
    {
        _web = _world.AddDroplet();
    }

    [Fact]
    public async Task What_was_seen_of_one_transfer_action_says_nothing_of_the_next()
    {
        await CopyingAsync();
        var action = (await OnlyAsync()).Transfers["lon1"].ActionId!.Value;
        _world.Line.Instead = Errored(action);
        // Between the look and the decision another leader has seen the failure and had the copy begun anew.
        var log = new EarlyLog(_world.Log, () => Append(
            s => new TransferFailed(s.SnapshotId, s.DropletId, "lon1", "it failed", false, _world.Now, _world.Now),
            s => new TransferAttempted(s.SnapshotId, s.DropletId, "lon1", 2, _world.Now, _world.Now.AddMinutes(1)),
            s => new TransferStarted(s.SnapshotId, s.DropletId, "lon1", action + 1, _world.Now)));

        await new TransferFollower(log, _world.Api, _world.Clock, _world.Timings).RoundAsync(World.Ct);

        var transfer = (await OnlyAsync()).Transfers["lon1"];
        Assert.Equal((TransferPhase.Started, action + 1), (transfer.Phase, transfer.ActionId));
        Assert.True((await OnlyAsync()).Transferring);
    }

    [Fact]
    public async Task What_was_seen_of_one_snapshot_action_says_nothing_of_the_next()
    {
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        await _world.DeliverAsync();
        var action = (await OnlyAsync()).ActionId!.Value;
        _world.Line.Instead = Errored(action);
        var log = new EarlyLog(_world.Log, () => Append(
            s => new SnapshotFailed(s.SnapshotId, s.DropletId, "it failed", false, _world.Now, _world.Now),
            s => new SnapshotAttempted(s.SnapshotId, s.DropletId, 2, _world.Now, _world.Now.AddMinutes(1)),
            s => new SnapshotStarted(s.SnapshotId, s.DropletId, action + 1, _world.Now)));

        await new SnapshotFollower(log, _world.Api, _world.Clock, _world.Timings).RoundAsync(World.Ct);

        Assert.Equal((SnapshotPhase.Started, action + 1), ((await OnlyAsync()).Phase, (await OnlyAsync()).ActionId));
    }

    [Fact]
    public async Task What_has_lasted_too_long_does_not_have_a_month_of_actions_read()
    {
        await CopyingAsync();
        _world.Clock.Advance(_world.Timings.TransferTimeout + TimeSpan.FromDays(30));
        await _world.FollowAsync();

        Assert.Empty(_world.Calls("GET", "/v2/actions?"));
        Assert.NotEqual(TransferPhase.Started, (await OnlyAsync()).Transfers["lon1"].Phase);
    }

    [Fact]
    public async Task Where_the_list_cannot_be_had_each_action_is_asked_for()
    {
        await CopyingAsync();
        _world.Line.Instead = request => request.RequestUri!.AbsolutePath is "/v2/actions" ? new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) : null;
        _world.Clock.Advance(World.TransferTime);
        await _world.FollowAsync();

        Assert.Equal(TransferPhase.Completed, (await OnlyAsync()).Transfers["lon1"].Phase);
    }

    [Fact]
    public async Task A_copy_by_hand_to_a_region_that_there_is_not_is_given_up_at_once_and_told_for_a_day()
    {
        _world.PlantOld(_web, "web-1", World.Start.AddHours(-2), World.Home, "lon1");
        await _world.LeadAsync();
        var id = (await OnlyAsync()).SnapshotId;
        await _world.Log.DecideAsync(
            _web, l => Commanding.Transfer(l, id, "lno1", new CommandedBy("ann", "r", _world.Now)).Events, World.Ct);
        await _world.DeliverAsync();

        var transfer = (await OnlyAsync()).Transfers["lno1"];
        Assert.Equal((TransferPhase.Failed, "DigitalOcean has no region 'lno1'"), (transfer.Phase, transfer.Trouble));
        await _world.RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(10));
        Assert.Single(_world.Calls("POST"), c => c.Path.Contains("images", StringComparison.Ordinal));
        Assert.True(await AlarmedAsync());
        _world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.False(await AlarmedAsync());

        async Task<bool> AlarmedAsync() => Alarms.Of(await _world.Log.LoadLedgersAsync(null, World.Ct), _world.Now, _world.Timings)
            .Any(a => a.Kind is AlarmKind.TransferOverdue && a.Region == "lno1");
    }

    [Fact]
    public async Task A_person_who_asks_by_message_for_what_the_plan_asked_for_gets_it_whatever_the_plan_says_then()
    {
        _world.PlantOld(_web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        var asked = (await _world.EventsAsync()).OfType<TransferRequested>().Single();

        await _world.Maker.HandleAsync(asked with { Actor = "ann", Reason = "kept" }, fromLog: false, World.Ct);

        Assert.Equal(("ann", Origin.Manual), ((await _world.EventsAsync()).OfType<TransferRequested>().Last().Actor, (await OnlyAsync()).Transfers["lon1"].Origin));
    }

    [Theory]
    [InlineData(-3, "3 min ahead of")]
    [InlineData(60 * 24, "1440 min behind")]
    public async Task By_a_wrong_clock_nothing_is_done_until_it_is_set_right(int minutes, string says)
    {
        using var guard = new ClockGuard(_world.Api, _world.Timings, _world.Clock, NullLogger<ClockGuard>.Instance);
        Assert.True(await guard.IsRightAsync(World.Ct));
        await _world.LeadAsync();
        Assert.True(await guard.IsRightAsync(World.Ct));

        // The answers come from a clock that is right, and this machine's is not.
        _world.Line.Instead = request => request.RequestUri!.AbsolutePath is "/v2/account" ? Dated(_world.Now.AddMinutes(minutes)) : null;
        await _world.Api.GetAccountAsync(World.Ct);
        Assert.False(await guard.IsRightAsync(World.Ct));
        var health = await guard.CheckHealthAsync(new HealthCheckContext(), World.Ct);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains(says, health.Description, StringComparison.Ordinal);

        _world.Line.Instead = null;
        _world.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await guard.IsRightAsync(World.Ct));
        Assert.Equal(HealthStatus.Healthy, (await guard.CheckHealthAsync(new HealthCheckContext(), World.Ct)).Status);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private Task<Snapshot> OnlyAsync() => _world.OnlyAsync(_web);

    private async Task CopyingAsync()
    {
        _world.PlantOld(_web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        await _world.DeliverAsync();
        Assert.Equal(TransferPhase.Started, (await OnlyAsync()).Transfers["lon1"].Phase);
    }

    private void Append(params Func<Snapshot, object>[] events) => _world.Log.DecideAsync(
        _web,
        ledger => ledger.Snapshots is [{ } s] && s.Transfers.GetValueOrDefault("lon1")?.Attempts is null or 1 && s.Attempts is 0 or 1
            ? [.. events.Select(e => NewEvent.Of(s.SnapshotId, e(s)))]
            : [],
        World.Ct).Wait();

    private static Func<HttpRequestMessage, HttpResponseMessage?> Errored(long action) => request => request.RequestUri!.AbsolutePath switch
    {
        "/v2/actions" => Json("""{"actions":[],"links":{},"meta":{"total":0}}"""),
        var path when path == $"/v2/actions/{action}" => Json(
            $$$"""{"action":{"id":{{{action}}},"status":"errored","type":"transfer","started_at":"2026-03-01T12:00:00Z","completed_at":null,"resource_id":1,"resource_type":"image","region_slug":"lon1"}}"""),
        _ => null,
    };

    private static HttpResponseMessage Dated(DateTimeOffset date)
    {
        var answer = Json("""{"account":{"uuid":"u","team":{"uuid":"t"},"status":"active","droplet_limit":25}}""");
        answer.Headers.Date = date;
        return answer;
    }

    private static HttpResponseMessage Json(string text) => new() { Content = new StringContent(text, System.Text.Encoding.UTF8, "application/json") };
}
