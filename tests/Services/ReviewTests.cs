using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Sandbox;
using DoSnapshot.SnapshotWorker;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Services.Tests;

/// <summary>Reproductions of the review: each of these fails on the code it was written against.</summary>
public sealed class ReviewTests : PoweredOffDroplet
{
    private const string Busy = "Droplet already has a pending event.";

    [Fact]
    public async Task A_follower_that_was_frozen_between_its_decision_and_its_shutdown_does_not_send_it_hours_later()
    {
        LoseOnce("shutdown", arrives: false);
        await RequestAsync();
        await _world.DeliverAsync();
        _world.Clock.Advance(TimeSpan.FromSeconds(75));
        var frozen = false;
        var deposed = Follower(new LateLog(_world.Log, () =>
        {
            if (!frozen)
            {
                frozen = true;
                RunAsync(TimeSpan.FromHours(3)).GetAwaiter().GetResult();
                // Its successor has seen it all through.
                Assert.Equal(SandboxPower.Active, Power());
            }
        }));
        await deposed.RoundAsync(World.Ct);
        Assert.True(frozen);
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Power);
        await RunAsync(TimeSpan.FromHours(3));

        Assert.Equal(SandboxPower.Active, Power());
    }

    [Fact]
    public async Task A_follower_that_saw_it_running_before_another_saw_it_off_does_not_take_the_debt_for_paid()
    {
        RefuseOnce();
        await RequestAsync();
        await _world.DeliverAsync();
        var frozen = false;
        var deposed = Follower(new EarlyLog(_world.Log, () =>
        {
            if (!frozen)
            {
                frozen = true;
                while (_world.LedgerAsync(_web).GetAwaiter().GetResult().Droplet!.Power!.OffAt is null)
                {
                    RunAsync(Step).GetAwaiter().GetResult();
                }
            }
        }));
        await deposed.RoundAsync(World.Ct);
        Assert.True(frozen);
        await RunAsync(TimeSpan.FromHours(3));

        Assert.Equal(SandboxPower.Active, Power());
    }

    [Fact]
    public async Task One_stale_answer_that_it_runs_does_not_pay_the_debt_of_a_droplet_that_was_never_powered_on()
    {
        RefuseOnce();
        await RequestAsync();
        await RunUntilOffAsync();
        var stale = false;
        _world.Line.Instead = request =>
        {
            if (!stale && request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath == $"/v2/droplets/{_web}")
            {
                stale = true;
                return Shown("active");
            }

            return null;
        };
        await RunAsync(TimeSpan.FromHours(3));

        Assert.True(stale);
        Assert.Equal(SandboxPower.Active, Power());
    }

    [Fact]
    public async Task A_droplet_that_somebody_powered_on_is_not_snapshotted_live_by_the_message()
    {
        RefuseOnce();
        await RequestAsync();
        await RunUntilOffAsync();
        var waiting = await _world.OnlyAsync(_web);
        Assert.Equal(SnapshotPhase.Requested, waiting.Phase);
        _world.Clock.Advance(waiting.RetryAt!.Value - _world.Now);
        _world.Account.SetPower(_web, SandboxPower.Active);
        // The sweep's message comes before the follower's next round.
        var request = (await _world.EventsAsync()).OfType<SnapshotRequested>().Single();
        await _world.Taker.HandleAsync(request, fromLog: true, World.Ct);

        Assert.DoesNotContain("snapshot", Actions());
    }

    [Fact]
    public async Task One_404_does_not_write_off_the_debt_of_a_droplet_that_only_lost_its_tag()
    {
        await RequestAsync();
        await RunUntilOffAsync();
        _world.Account.UntagDroplet(_web, "autosnapshot");
        await _world.ReconcileAsync();
        Assert.Null((await _world.LedgerAsync(_web)).Droplet!.Plan);
        var missed = false;
        _world.Line.Instead = request =>
        {
            if (!missed && request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath == $"/v2/droplets/{_web}")
            {
                missed = true;
                return new(System.Net.HttpStatusCode.NotFound)
                {
                    Content = new StringContent("""{"id":"not_found","message":"The resource you were accessing could not be found."}"""),
                };
            }

            return null;
        };
        await RunAsync(TimeSpan.FromHours(2));

        Assert.True(missed);
        Assert.Equal(SandboxPower.Active, Power());
    }

    [Fact]
    public async Task A_shutdown_that_is_always_refused_is_not_asked_for_every_minute_all_day()
    {
        var posts = 0;
        _world.Line.Instead = request =>
        {
            if (request.Method != HttpMethod.Post)
            {
                return null;
            }

            posts++;
            return Error(403, "You are not authorized to perform this operation");
        };
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(12), TimeSpan.FromSeconds(30));

        Assert.InRange(posts, 1, 40);
    }

    [Fact]
    public async Task In_a_pass_one_422_right_after_it_went_off_does_not_waste_the_shutdown()
    {
        // The command's: the worker's waits are a pass's, the follower's are the services'.
        var taker = new SnapshotTaker(
            _world.Log, _world.Api, _world.Clock, new LifecycleTimings { RetryFirst = TimeSpan.FromMinutes(5) }, NullLogger<SnapshotTaker>.Instance);
        var follower = new PowerFollower(_world.Log, _world.Api, taker, _world.Clock, new LifecycleTimings(), NullLogger<PowerFollower>.Instance);
        RefuseOnce();
        await RequestAsync();
        await taker.HandleAsync((await _world.EventsAsync()).OfType<SnapshotRequested>().Single(), fromLog: true, World.Ct);
        for (var i = 0; i < 120; i++)
        {
            _world.Clock.Advance(Step);
            await follower.RoundAsync(World.Ct);
            await _world.SnapshotFollower.RoundAsync(World.Ct);
        }

        Assert.Equal(["shutdown", "snapshot", "power_on"], Actions());
    }

    [Fact]
    public async Task It_does_not_stay_off_for_hours_because_the_list_of_images_cannot_be_read()
    {
        // A first cycle whose request did not arrive, so that every later attempt looks at the list before.
        LoseOnce("snapshot", arrives: false);
        await RequestAsync();
        while (!(await _world.OnlyAsync(_web)).Uncertain)
        {
            await RunAsync(Step);
        }

        RefuseOnce();
        await RunUntilOffAsync();
        var off = (await _world.LedgerAsync(_web)).Droplet!.Power!.OffAt!.Value;
        var before = _world.Line.Instead;
        _world.Line.Instead = request => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.EndsWith("/snapshots", StringComparison.Ordinal)
            ? Error(403, "No.") : before!(request);
        for (var i = 0; i < 4 * 60 * 6 && Power() == SandboxPower.Off; i++)
        {
            _world.Clock.Advance(Step);
            await _world.FollowAsync();
        }

        Assert.True(Power() == SandboxPower.Active && _world.Now - off < TimeSpan.FromMinutes(30), $"{Power()} {_world.Now - off}, {(await _world.OnlyAsync(_web)).Phase} {(await _world.OnlyAsync(_web)).RetryAt:HH:mm} {(await _world.LedgerAsync(_web)).Droplet!.Power}");
    }

    [Fact]
    public async Task Following_one_droplet_that_is_off_for_an_hour_costs_few_requests()
    {
        await RequestAsync();
        await RunUntilOffAsync();
        _world.Line.Instead = request => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.StartsWith("/v2/actions/", StringComparison.Ordinal)
            ? new(System.Net.HttpStatusCode.OK)
            {
                Content = new StringContent(
                    $$$"""{"action":{"id":1,"status":"in-progress","type":"snapshot","started_at":"2026-03-01T12:00:00Z","resource_id":{{{_web}}},"resource_type":"droplet"}}"""),
            }
            : null;
        var gets = 0;
        var inner = _world.Line.Instead;
        _world.Line.Instead = request =>
        {
            gets++;
            return inner(request);
        };
        for (var i = 0; i < 180; i++)
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(20));
            await _world.PowerFollower.RoundAsync(World.Ct);
        }

        Assert.InRange(gets, 1, 100);
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_and_back_does_not_cost_the_occurrence_through_a_fact_that_arrives_meanwhile()
    {
        await RequestAsync();
        var right = _world.Now;
        _world.Clock.AdjustTime(right.AddDays(2));
        // What PlannerLeader.DecideOneAsync does for a fact: nobody asks ClockWatch there.
        await _world.Decider.DecideOneAsync(_web, World.Ct);
        _world.Clock.AdjustTime(right);
        await RunAsync(TimeSpan.FromHours(4), TimeSpan.FromMinutes(1));

        Assert.Single(_world.Account.State().Snapshots);
    }

    [Fact]
    public async Task The_end_of_a_long_pause_is_no_alarm()
    {
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(1));
        await _world.Log.DecideAsync(_web, _ => [new NewEvent(Streams.OfDroplet(_web), new DropletPaused(_web, "ann", "moving", _world.Now))], World.Ct);
        await RunAsync(TimeSpan.FromDays(5), TimeSpan.FromHours(1));
        await _world.Log.DecideAsync(_web, _ => [new NewEvent(Streams.OfDroplet(_web), new DropletResumed(_web, "ann", "moved", _world.Now))], World.Ct);
        await _world.RoundAsync();

        Assert.Empty(_world.Alarms.On);
    }

    [Fact]
    public async Task An_hourly_plan_whose_snapshots_always_fail_does_not_restart_the_server_three_times_an_hour_all_day()
    {
        _world.Settings.Every = "1h";
        _world.Line.Instead = request => request.Method == HttpMethod.Post && Body(request).Contains("\"snapshot\"", StringComparison.Ordinal)
            ? Error(400, "No.") : null;
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(24), TimeSpan.FromSeconds(30));

        Assert.InRange(Actions().Count(a => a == "shutdown"), 1, 25);
    }

    [Fact]
    public async Task A_deletion_that_was_withdrawn_is_no_alarm_for_ever()
    {
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(1));
        var s = await _world.OnlyAsync(_web);
        await _world.Log.DecideAsync(
            _web,
            _ =>
            [
                NewEvent.Of(s.SnapshotId, new PruneAttempted(s.SnapshotId, _web, s.ImageId!.Value, 10, _world.Now, _world.Now)),
                NewEvent.Of(s.SnapshotId, new ExpiryWithdrawn(s.SnapshotId, _web, default, "the plan keeps it now", _world.Now)),
            ],
            World.Ct);
        _world.Alarms.Look(await _world.Log.LoadLedgersAsync(null, World.Ct));

        Assert.True((await _world.OnlyAsync(_web)).IsComplete);
        Assert.Empty(_world.Alarms.On);
    }

    [Fact]
    public async Task A_large_disk_is_no_alarm_every_day()
    {
        // 100 GB in use, at 1 to 3 minutes for each (documented): the snapshot is at work, and nothing is wrong.
        await RequestAsync();
        await RunUntilOffAsync();
        _world.Line.Instead = request => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.StartsWith("/v2/actions", StringComparison.Ordinal)
            ? new(System.Net.HttpStatusCode.OK)
            {
                Content = new StringContent(request.RequestUri.AbsolutePath == "/v2/actions"
                    ? """{"actions":[],"links":{},"meta":{"total":0}}"""
                    : $$$"""{"action":{"id":1,"status":"in-progress","type":"snapshot","started_at":"2026-03-01T12:00:00Z","resource_id":{{{_web}}},"resource_type":"droplet"}}"""),
            }
            : null;
        for (var i = 0; i < 150; i++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
            await _world.FollowAsync();
        }

        _world.Alarms.Look(await _world.Log.LoadLedgersAsync(null, World.Ct));
        Assert.Equal(SnapshotPhase.Started, (await _world.OnlyAsync(_web)).Phase);
        Assert.Empty(_world.Alarms.On);
    }

    private PowerFollower Follower(IEventLog log) => new(
        log,
        _world.Api,
        new SnapshotTaker(log, _world.Api, _world.Clock, _world.Timings, NullLogger<SnapshotTaker>.Instance),
        _world.Clock,
        _world.Timings,
        NullLogger<PowerFollower>.Instance);

    /// <summary>The first snapshot that is asked for meets our own shutdown.</summary>
    private void RefuseOnce()
    {
        var refused = false;
        _world.Line.Instead = request =>
        {
            if (!refused && request.Method == HttpMethod.Post && Body(request).Contains("\"snapshot\"", StringComparison.Ordinal))
            {
                refused = true;
                // An answer takes its time.
                _world.Clock.Advance(TimeSpan.FromMilliseconds(100));
                return Error(422, Busy);
            }

            return null;
        };
    }

    private HttpResponseMessage Shown(string status) => new(System.Net.HttpStatusCode.OK)
    {
        Content = new StringContent(
            $$$"""{"droplet":{"id":{{{_web}}},"name":"web-1","status":"{{{status}}}","created_at":"2026-01-01T00:00:00Z","region":{"slug":"nyc3"},"tags":["autosnapshot"],"snapshot_ids":[],"locked":false}}"""),
    };

    /// <summary>A log before whose decisions something else happens.</summary>
    private sealed class EarlyLog(IEventLog log, Action beforeDecision) : WrappedLog(log)
    {
        public override Task<IReadOnlyList<LoggedEvent>> DecideAsync(
            long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
        {
            beforeDecision();
            return base.DecideAsync(dropletId, decide, ct);
        }
    }
}
