using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Sandbox;
using DoSnapshot.SnapshotWorker;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Services.Tests;

/// <summary>What could leave a droplet off, restart it all day, or snapshot it while it runs: frozen followers, old answers, others at work, refusals.</summary>
public sealed class PoweredOffHazardTests : PoweredOffDroplet
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
    public async Task A_quarter_of_an_hour_of_404s_and_lists_without_it_writes_no_debt_off()
    {
        await RequestAsync();
        await RunUntilOffAsync();
        _world.Line.Instead = request => request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.StartsWith("/v2/droplets", StringComparison.Ordinal)
            ? request.RequestUri.AbsolutePath == "/v2/droplets"
                ? new(System.Net.HttpStatusCode.OK) { Content = new StringContent("""{"droplets":[],"links":{},"meta":{"total":0}}""") }
                : Error(404, "The resource you were accessing could not be found.")
            : null;
        for (var minute = 0; minute < 15; minute += 5)
        {
            await _world.ReconcileAsync();
            await RunAsync(TimeSpan.FromMinutes(5));
        }

        _world.Line.Instead = null;
        await RunAsync(TimeSpan.FromMinutes(30));

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
    public async Task An_hourly_plan_whose_snapshots_always_fail_does_not_restart_the_server_three_times_an_hour_all_day()
    {
        _world.Settings.Every = "1h";
        _world.Line.Instead = request => request.Method == HttpMethod.Post && Body(request).Contains("\"snapshot\"", StringComparison.Ordinal)
            ? Error(400, "No.") : null;
        await RequestAsync();
        await RunAsync(TimeSpan.FromHours(24), TimeSpan.FromSeconds(30));

        Assert.InRange(Actions().Count(a => a == "shutdown"), 1, 25);
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
}
