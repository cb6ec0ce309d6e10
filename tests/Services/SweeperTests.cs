using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Planner;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.Services.Tests;

/// <summary>What shows no progress is published again: the same event with the same id.</summary>
public sealed class SweeperTests : IAsyncDisposable
{
    private readonly World _world = new();
    private readonly long _web;

    public SweeperTests()
    {
        _web = _world.AddDroplet();
    }

    [Fact]
    public async Task A_command_that_nobody_acted_on_is_published_again_after_ten_minutes_then_after_longer_and_longer()
    {
        var request = await RequestedAsync();
        var published = new List<TimeSpan>();
        for (var minute = 0; minute <= 240; minute++)
        {
            await SweepAsync();
            while (_world.Bus.Published.TryDequeue(out var message))
            {
                Assert.Equal((request.Id, request.Data), message);
                published.Add(_world.Now - World.Start);
            }

            _world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([10, 20, 40, 80, 140, 200], published.Select(p => (int)p.TotalMinutes));
    }

    [Fact]
    public async Task A_deferred_command_is_published_at_its_own_time()
    {
        Assert.Null(_world.Account.StartDropletAction(_web, "snapshot", "by-hand").Error);
        var request = await RequestedAsync();
        await _world.HandAsync(request.Data);
        var retryAt = (await _world.OnlyAsync(_web)).RetryAt!.Value;

        _world.Clock.SetUtcNow(retryAt.AddTicks(-1));
        await SweepAsync();
        Assert.Empty(_world.Bus.Published);
        _world.Clock.SetUtcNow(retryAt);
        await SweepAsync();
        Assert.Equal(request.Id, Assert.Single(_world.Bus.Published).Id);
        await SweepAsync();
        Assert.Single(_world.Bus.Published);
    }

    [Fact]
    public async Task Each_new_wait_is_measured_from_its_own_beginning()
    {
        var request = await RequestedAsync();
        _world.Clock.Advance(Sweeping.Patience);
        await SweepAsync();
        Assert.Single(_world.Bus.Published);

        // The worker acts at last and is refused: from now on it is the deferral that counts.
        Assert.Null(_world.Account.StartDropletAction(_web, "snapshot", "by-hand").Error);
        await _world.HandAsync(request.Data);
        _world.Clock.Advance(_world.Timings.RetryFirst);
        await SweepAsync();
        Assert.Equal([request.Id, request.Id], _world.Bus.Published.Select(p => p.Id));
    }

    [Fact]
    public async Task A_stream_that_cannot_be_read_keeps_no_other_command_waiting()
    {
        _world.AddDroplet("web-2");
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        _world.Clock.Advance(Sweeping.Patience);
        var fleet = await _world.Log.LoadLedgersAsync(null, World.Ct);
        var waiting = fleet.SelectMany(Sweeping.Waiting).ToList();
        Assert.Equal(2, waiting.Count);
        var sweeper = new Sweeper(
            new UnreadableLog(_world.Log, Streams.OfSnapshot(waiting[0].SnapshotId)), _world.Bus.Bus, _world.Clock, NullLogger<Sweeper>.Instance);

        await sweeper.SweepAsync(fleet, World.Ct);

        Assert.Equal([waiting[1].SnapshotId], _world.Bus.Published.Select(p => ((SnapshotRequested)p.Message).SnapshotId));
    }

    [Fact]
    public async Task What_is_at_work_or_done_is_left_alone()
    {
        var request = await RequestedAsync();
        await _world.HandAsync(request.Data);
        for (var i = 0; i < 300; i++)
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
            await _world.FollowAsync();
            await SweepAsync();
        }

        Assert.Empty(_world.Bus.Published);
    }

    [Fact]
    public async Task Each_region_and_each_kind_of_command_waits_for_itself()
    {
        await using var world = new World(World.Plan(keep: "0h:1d", regions: "lon1 sgp1"));
        var web = world.AddDroplet();
        world.PlantOld(web, "web-1", World.Start.AddDays(-3), World.Home, "lon1", "sgp1");
        var old = world.PlantOld(web, "web-1", World.Start.AddDays(-2));
        var newest = world.PlantOld(web, "web-1", World.Start.AddHours(-2), World.Home);
        await world.LeadAsync();
        await world.Decider.DecideAllAsync(World.Ct);
        world.Clock.Advance(Sweeping.Patience);

        await world.Sweeper.SweepAsync(await world.Log.LoadLedgersAsync(null, World.Ct), World.Ct);

        var commands = (await world.Log.ReadAsync(0, 1000, World.Ct)).Where(e => e.Data is TransferRequested or SnapshotExpired or SnapshotRequested).ToList();
        Assert.Equal(commands.Select(c => c.Id).ToHashSet(), world.Bus.Published.Select(p => p.Id).ToHashSet());
        Assert.Equal(commands.Count, world.Bus.Published.Count);
        Assert.Equal(
            ["lon1", "sgp1"],
            world.Bus.Published.Select(p => p.Message).OfType<TransferRequested>().Where(t => t.ImageId == newest).Select(t => t.Region).Order(StringComparer.Ordinal));
        Assert.Contains(world.Bus.Published, p => p.Message is SnapshotExpired e && e.ImageId == old);
    }

    [Fact]
    public async Task A_region_that_was_asked_for_twice_is_published_by_its_last_request()
    {
        await using var world = new World(World.Plan(regions: "lon1"));
        var web = world.AddDroplet();
        world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await world.LeadAsync();
        await world.Decider.DecideAllAsync(World.Ct);
        var s = await world.OnlyAsync(web);
        var again = await world.Log.DecideAsync(
            web,
            _ => [NewEvent.Of(s.SnapshotId, new TransferRequested(s.SnapshotId, web, s.ImageId!.Value, "lon1", Origin.Manual, world.Now, "ops", "now"))],
            World.Ct);
        world.Clock.Advance(Sweeping.Patience);

        await world.Sweeper.SweepAsync(await world.Log.LoadLedgersAsync(null, World.Ct), World.Ct);

        Assert.Equal(again[0].Id, Assert.Single(world.Bus.Published).Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_an_earlier_leader_published_is_published_at_once_where_the_bus_has_forgotten_it(bool busForgets)
    {
        var request = await RequestedAsync();
        _world.Clock.Advance(TimeSpan.FromSeconds(1));

        _world.Sweeper.BeginLead(busForgets);
        await SweepAsync();
        await SweepAsync();
        Assert.Equal(busForgets ? [request.Id] : [], _world.Bus.Published.Select(p => p.Id));

        // From then on it is as ever: the wait is measured from what was published last.
        _world.Clock.Advance(Sweeping.Patience - TimeSpan.FromSeconds(1));
        await SweepAsync();
        Assert.Single(_world.Bus.Published);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await SweepAsync();
        Assert.Equal(busForgets ? 2 : 1, _world.Bus.Published.Count);
    }

    [Fact]
    public async Task What_waits_for_a_time_of_its_own_or_is_asked_for_by_the_leader_itself_is_not_published_at_once()
    {
        _world.Sweeper.BeginLead(busForgets: true);
        Assert.Null(_world.Account.StartDropletAction(_web, "snapshot", "by-hand").Error);
        var request = await RequestedAsync();
        await SweepAsync();
        Assert.Empty(_world.Bus.Published);

        await _world.HandAsync(request.Data);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        _world.Sweeper.BeginLead(busForgets: true);
        await SweepAsync();
        Assert.Empty(_world.Bus.Published);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task SweepAsync() => await _world.Sweeper.SweepAsync(await _world.Log.LoadLedgersAsync(null, World.Ct), World.Ct);

    private async Task<LoggedEvent> RequestedAsync()
    {
        await _world.LeadAsync();
        await _world.Decider.DecideAllAsync(World.Ct);
        return (await _world.Log.ReadAsync(0, 1000, World.Ct)).Single(e => e.Data is SnapshotRequested);
    }
}
