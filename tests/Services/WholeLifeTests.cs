using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Services.Tests;

/// <summary>From the plan to the last DELETE, in log and account.</summary>
public sealed class WholeLifeTests
{
    [Fact]
    public async Task A_snapshot_is_requested_taken_copied_to_each_region_expired_by_rule_and_pruned()
    {
        await using var world = new World(World.Plan(keep: "0h:1d", regions: "lon1 sgp1"));
        var web = world.AddDroplet();
        await world.LeadAsync();

        await world.RunAsync(TimeSpan.FromHours(1));
        var first = await world.OnlyAsync(web);
        Assert.Equal(["lon1", World.Home, "sgp1"], first.Regions);

        // A day later there is a newer one in every region; a while after that the first is a day old.
        await world.RunAsync(TimeSpan.FromDays(1));
        var life = await world.LifeAsync(first.SnapshotId);

        Assert.Equal(
            [typeof(SnapshotRequested), typeof(SnapshotAttempted), typeof(SnapshotStarted), typeof(SnapshotCompleted)], life.Take(4));
        Assert.Equal(
            [typeof(TransferAttempted), typeof(TransferCompleted), typeof(TransferRequested), typeof(TransferStarted)],
            life.Where(t => t.Name.StartsWith("Transfer", StringComparison.Ordinal)).Distinct().OrderBy(t => t.Name, StringComparer.Ordinal));
        Assert.Equal(8, life.Count(t => t.Name.StartsWith("Transfer", StringComparison.Ordinal)));
        Assert.Equal([typeof(SnapshotExpired), typeof(PruneAttempted), typeof(SnapshotPruned)], life.TakeLast(3));

        var state = world.Account.State();
        Assert.Equal([first.ImageId!.Value], state.Deleted.Select(d => d.Snapshot.Id));
        Assert.Equal([World.Home, "lon1", "sgp1"], Assert.Single(state.Snapshots).Regions);
        Assert.Single(world.Calls("DELETE"));
        Assert.Equal(2, world.Calls("POST", "/droplets/").Count);
        Assert.Equal(4, world.Calls("POST", "/images/").Count);
        Assert.Empty(world.FailedRounds);
    }

    [Fact]
    public async Task Who_is_away_for_days_comes_back_to_one_snapshot_not_several()
    {
        await using var world = new World();
        var web = world.AddDroplet();
        await world.LeadAsync();
        await world.RunAsync(TimeSpan.FromHours(1));

        world.Clock.Advance(TimeSpan.FromDays(4));
        await world.RunAsync(TimeSpan.FromHours(1));

        var requests = (await world.EventsAsync()).OfType<SnapshotRequested>().ToList();
        Assert.Equal([0, 3], requests.Select(r => r.SkippedOccurrences));
        Assert.Equal(2, (await world.LedgerAsync(web)).Snapshots.Length);
        Assert.Equal(2, world.Calls("POST").Count);
    }

    [Fact]
    public async Task In_a_month_nothing_is_touched_that_is_not_ours()
    {
        await using var world = new World(World.Plan(keep: "1w:2w 0d:3w", regions: "lon1"));
        var (web, other) = (world.AddDroplet(), world.AddDroplet("other", "unrelated"));
        var (old, stamp) = (World.Start.AddDays(-90), "20251201T000000Z");
        long[] foreign =
        [
            world.Plant(web, "web-1-golden", old),
            world.Plant(web, "web-1-autosnapshot-before-upgrade", old),
            world.Plant(web, $"nightly-web-1-autosnapshot-{stamp}", old),
            world.Plant(web, $"web-10-autosnapshot-{stamp}", old),
            world.Plant(web, $"web-1-autosnapshot-{stamp}-keep", old),
            world.Plant(web, $"WEB-1-autosnapshot-{stamp}", old),
            world.Plant(other, $"other-autosnapshot-{stamp}", old),
            world.Plant(other, $"web-1-autosnapshot-{stamp}", old),
            world.Plant(99, $"web-1-autosnapshot-{stamp}", old),
        ];
        var taken = world.PlantOld(web, "web-1", old);
        await world.LeadAsync();

        await world.RunAsync(TimeSpan.FromDays(30), TimeSpan.FromMinutes(10));

        var state = world.Account.State();
        Assert.Superset(foreign.ToHashSet(), state.Snapshots.Select(s => s.Id).ToHashSet());
        Assert.Contains(taken, state.Deleted.Select(d => d.Snapshot.Id));
        Assert.All(state.Snapshots.Where(s => foreign.Contains(s.Id)), s => Assert.Equal([World.Home], s.Regions));
        Assert.DoesNotContain(state.Actions, a => a.ResourceId == other || foreign.Contains(a.ResourceId));
        // Thirty days and the first moment: one for each occurrence, none double.
        var requests = (await world.EventsAsync()).OfType<SnapshotRequested>().ToList();
        Assert.Equal(31, requests.Count);
        Assert.Equal(31, requests.Select(r => r.Occurrence).Distinct().Count());
        Assert.Equal(31, world.Calls("POST", "/droplets/").Count);
        // What went, the log let go; and what the log let go is gone.
        Assert.Equal(
            (await world.EventsAsync()).OfType<SnapshotPruned>().Select(p => p.ImageId).ToHashSet(), state.Deleted.Select(d => d.Snapshot.Id).ToHashSet());
        Assert.Equal(state.Deleted.Count, world.Calls("DELETE").Count);
        Assert.Empty((await world.LedgerAsync(web)).Snapshots.ExpiredNotGone());
    }
}
