using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Planner;
using DoSnapshot.Planner.Plans;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Services.Tests;

/// <summary>The planner's parts that ask nobody: plan, decisions, sweep.</summary>
public sealed class PlannerTests : IAsyncDisposable
{
    private readonly World _world = new();

    [Fact]
    public async Task A_plan_is_written_when_it_says_something_new_and_only_then()
    {
        await _world.Keeper.ApplyAsync(World.Ct);
        await _world.Keeper.ApplyAsync(World.Ct);
        _world.Settings.Keep = "1w:1m";
        await _world.Keeper.ApplyAsync(World.Ct);
        await _world.Keeper.ApplyAsync(World.Ct);
        _world.Settings.Keep = " 1w:1m , ";
        await _world.Keeper.ApplyAsync(World.Ct);

        var changes = (await _world.EventsAsync()).OfType<PlanChanged>().ToList();
        Assert.Equal([1, 2], changes.Select(c => c.Version));
        Assert.Equal([[], ["1w:1m"]], changes.Select(c => c.Terms.Keep.ToArray()));
    }

    [Fact]
    public void A_planner_refuses_a_plan_that_is_always_due() => Assert.Equal(
        "Plan:Every '0h' cannot be used: it must be more than zero (environment: Plan__Every).",
        Assert.Throws<OptionsValidationException>(() => PlanConfiguration.From(new PlanSettings { Every = "0h", Timing = PlanTiming.Elapsed })).Message);

    [Fact]
    public async Task Deciding_again_decides_nothing()
    {
        Fleet(5);
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        var head = await _world.Log.HeadAsync(World.Ct);
        for (var i = 0; i < 5; i++)
        {
            await _world.Decider.DecideAllAsync(World.Ct);
        }

        Assert.Equal(head, await _world.Log.HeadAsync(World.Ct));
        Assert.Equal(5, (await _world.EventsAsync()).OfType<SnapshotRequested>().Count());
    }

    [Theory]
    [InlineData(BrakeSetting.On)]
    [InlineData(BrakeSetting.Off)]
    public async Task No_more_is_on_its_way_out_by_rule_than_can_be_done_soon(BrakeSetting brake)
    {
        await using var world = new World(World.Plan(keep: "0h:2d"));
        world.Settings.Brake = brake;
        world.Options.InFlightLimit = 3;
        for (var i = 1; i <= 8; i++)
        {
            var droplet = world.AddDroplet($"web-{i}");
            foreach (var day in (int[])[3, 1])
            {
                world.PlantOld(droplet, $"web-{i}", World.Start.AddDays(-day));
            }
        }

        await world.LeadAsync();
        await world.Decider.DecideAllAsync(World.Ct);
        Assert.Equal(3, await ExpiredAsync());
        await world.Decider.DecideAllAsync(World.Ct);
        Assert.Equal(3, await ExpiredAsync());

        // One that waits for a later try takes nobody's place.
        var going = (await world.Log.LoadLedgersAsync(null, World.Ct)).SelectMany(l => l.Snapshots).First(s => s.Phase is SnapshotPhase.Expired);
        await world.Log.DecideAsync(
            going.DropletId,
            _ => [NewEvent.Of(going.SnapshotId, new PruneDeferred(going.SnapshotId, going.DropletId, "429", world.Now, world.Now.AddMinutes(20)))],
            World.Ct);
        await world.Decider.DecideAllAsync(World.Ct);
        Assert.Equal(4, await ExpiredAsync());

        await world.RunAsync(TimeSpan.FromMinutes(40));
        Assert.Equal(8, await ExpiredAsync());
        Assert.Equal(8, world.Calls("DELETE").Count);

        async Task<int> ExpiredAsync() => (await world.EventsAsync()).OfType<SnapshotExpired>().Count();
    }

    [Fact]
    public async Task Two_planners_that_decide_at_once_ask_for_each_snapshot_once()
    {
        Fleet(20);
        await _world.LeadAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => NewDecider(_world.Log).DecideAllAsync(World.Ct))));

        var requests = (await _world.EventsAsync()).OfType<SnapshotRequested>().ToList();
        Assert.Equal(20, requests.Count);
        Assert.Equal(20, requests.Select(r => r.DropletId).Distinct().Count());
    }

    [Fact]
    public async Task No_more_is_asked_for_than_may_be_at_work_and_the_rest_follows()
    {
        Fleet(7);
        _world.Options.InFlightLimit = 3;
        await _world.LeadAsync();
        var most = 0;
        for (var i = 0; i < 120; i++)
        {
            await _world.RoundAsync();
            most = Math.Max(most, (await _world.Log.LoadLedgersAsync(null, World.Ct)).Sum(l => l.Snapshots.Count(s => s.InFlight || s.Phase is SnapshotPhase.Requested)));
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, most);
        Assert.Equal(7, (await _world.EventsAsync()).OfType<SnapshotCompleted>().Count());
    }

    [Fact]
    public async Task A_fact_about_a_droplet_has_its_copies_asked_for_at_once()
    {
        await using var world = new World(World.Plan(regions: "lon1"));
        var web = world.AddDroplet();
        world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await world.LeadAsync();

        var events = await world.Decider.DecideOneAsync(web, World.Ct);

        Assert.IsType<TransferRequested>(Assert.Single(events).Data);
        Assert.Empty(await world.Decider.DecideOneAsync(web, World.Ct));
        Assert.Empty(await world.Decider.DecideOneAsync(12345, World.Ct));
    }

    [Fact]
    public async Task What_was_committed_late_is_seen_although_the_head_of_the_log_was_read_before()
    {
        // Places in the log are given out before they are committed: the head can be there while what lies before it is not yet.
        Fleet(1);
        await _world.LeadAsync();
        var log = new LaggingLog(_world.Log);
        var decider = NewDecider(log);
        Assert.Empty(await decider.DecideAllAsync(World.Ct));

        log.Lags = false;
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await decider.DecideAllAsync(World.Ct);

        Assert.Single((await _world.EventsAsync()).OfType<SnapshotRequested>());
    }

    [Fact]
    public async Task A_droplet_that_cannot_be_decided_for_does_not_keep_the_others_waiting()
    {
        Fleet(3);
        await _world.LeadAsync();
        var bad = (await _world.Log.LoadLedgersAsync(null, World.Ct))[0].DropletId;
        var decider = NewDecider(new LaggingLog(_world.Log) { Lags = false, Breaks = bad });

        // The fleet is given all the same, for the sweep.
        Assert.Equal(3, (await decider.DecideAllAsync(World.Ct)).Count);

        Assert.Equal(2, (await _world.EventsAsync()).OfType<SnapshotRequested>().Count());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private void Fleet(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            _world.AddDroplet($"web-{i}");
        }
    }

    private Decider NewDecider(IEventLog log) => new(
        log, _world.Clock, _world.Options, Microsoft.Extensions.Logging.Abstractions.NullLogger<Decider>.Instance);
}
