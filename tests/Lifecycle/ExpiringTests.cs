using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What the planner lets go, and what it holds.</summary>
public sealed class ExpiringTests
{
    [Fact]
    public void A_guard_is_recorded_when_it_changes_and_the_snapshot_goes_when_none_holds()
    {
        var world = new World(World.Terms(keep: ["0h:1d"]));
        var id = world.Complete(World.Start.AddDays(-2));
        Assert.Equal([Guard.NewestComplete], Held(world));
        Assert.Empty(Held(world));
        world.Complete(World.Start.AddHours(-1));
        world.Given(NewEvent.Of(id, new SnapshotPinned(id, World.Droplet, "ann", "", world.Now)));
        Assert.Equal([Guard.Pinned], Held(world));
        for (var minute = 0; minute < 120; minute++)
        {
            world.Now += TimeSpan.FromMinutes(1);
            Assert.Empty(world.Plan());
        }

        world.Given(NewEvent.Of(id, new SnapshotUnpinned(id, World.Droplet, "ann", "", world.Now)));
        var expired = Assert.IsType<SnapshotExpired>(Assert.Single(world.Plan()));
        Assert.Equal((id, world.Now, world.Now - World.Start.AddDays(-2)), (expired.SnapshotId, expired.DecidedAt, expired.Age));
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void A_rule_of_interval_zero_names_no_neighbour()
    {
        var world = new World(World.Terms(keep: ["0h:1d"]));
        var id = world.Complete(World.Start.AddDays(-2));
        world.Complete(World.Start.AddHours(-1));
        var s = world.Find(id);
        Assert.Equal(
            new SnapshotExpired(id, World.Droplet, s.ImageId!.Value, s.Name, "p", 1, "0h:1d", TimeSpan.Zero, TimeSpan.FromDays(2), null, Origin.Plan, world.Now),
            Assert.Single(world.Plan()));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(9, 6)]
    public void As_many_stay_as_are_wanted_and_the_newest_always(int keepAtLeast, int stay)
    {
        var world = new World(World.Terms(keep: ["0h:0h"], keepAtLeast: keepAtLeast));
        var ids = Enumerable.Range(1, 6).Select(day => world.Complete(World.Start.AddDays(-7).AddDays(day))).ToList();
        world.Complete(World.Start.AddMinutes(-1));
        world.Given(NewEvent.Of(ids[0], new SnapshotLost(ids[0], World.Droplet, world.Find(ids[0]).ImageId!.Value, world.Now)));

        var expired = world.Plan(mayRequest: false).OfType<SnapshotExpired>().Select(e => e.SnapshotId).ToList();

        Assert.Equal(ids.Skip(1).Take(6 - stay), expired);
    }

    [Fact]
    public void What_a_person_made_neither_goes_nor_counts()
    {
        var world = new World(World.Terms(keep: ["0h:1d"]));
        var manual = world.Manual("golden", completedAt: World.Start.AddDays(-30));
        var old = world.Complete(World.Start.AddDays(-3));
        world.Manual("newest of all", completedAt: World.Start.AddMinutes(-5));

        var events = world.Plan(mayRequest: false);

        Assert.Equal((old, Guard.NewestComplete), Assert.Single(events.Cast<ExpiryHeld>().Select(e => (e.SnapshotId, e.Guard))));
        Assert.True(world.Find(manual).IsComplete);
    }

    [Fact]
    public void A_manual_snapshot_is_no_neighbour()
    {
        var world = new World(World.Terms(keep: ["3d:1d"]));
        world.Manual("golden", completedAt: World.Start.AddDays(-6));
        world.Complete(World.Start.AddDays(-5));
        world.Complete(World.Start.AddHours(-1));
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void Snapshots_of_another_plan_stay_as_they_are()
    {
        var world = new World(World.Terms(keep: ["0h:1d"]));
        var id = Guid.NewGuid();
        world.Given(NewEvent.Of(id, new SnapshotDiscovered(
            id, World.Droplet, "web-1", 1, "x", "weekly", 1, ["nyc3"], World.Start.AddDays(-9), World.Start)));
        world.Complete(World.Start.AddHours(-1));
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void What_the_pruner_refused_is_left_alone_for_good_and_still_counts_as_there()
    {
        var world = new World(World.Terms(keep: ["0h:1d"], keepAtLeast: 2));
        var refused = world.Complete(World.Start.AddDays(-5));
        world.Expire(refused);
        world.Given(NewEvent.Of(refused, new PruneRefused(refused, World.Droplet, Guard.IdentityChanged, "", world.Now)));
        var goes = world.Complete(World.Start.AddDays(-3));
        world.Complete(World.Start.AddHours(-1));

        Assert.Equal(goes, Assert.IsType<SnapshotExpired>(Assert.Single(world.Plan())).SnapshotId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_goes_while_the_plan_or_the_droplet_is_paused(bool plan)
    {
        var world = new World(World.Terms(keep: ["0h:1d"], regions: ["lon1"]));
        world.Complete(World.Start.AddDays(-3));
        world.Complete(World.Start.AddHours(-1), "nyc3", "lon1");
        if (plan)
        {
            world.GivenPlan(new PlanPaused("p", "ann", "", world.Now));
        }
        else
        {
            world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new DropletPaused(World.Droplet, "ann", "", world.Now)));
        }

        // What is wanted elsewhere is still brought there.
        Assert.IsType<TransferRequested>(Assert.Single(world.Plan()));
        for (var day = 0; day < 60; day++)
        {
            world.Now += TimeSpan.FromDays(1);
            Assert.Empty(world.Plan());
        }
    }

    [Fact]
    public void A_transfer_at_work_holds_until_it_ended()
    {
        var world = new World(World.Terms(keep: ["0h:1d"]));
        var id = world.Complete(World.Start.AddDays(-3));
        world.Complete(World.Start.AddHours(-1));
        world.Given(NewEvent.Of(id, new TransferAttempted(id, World.Droplet, "lon1", 1, world.Now, world.Now)));
        Assert.Equal([Guard.TransferRunning], Held(world));
        world.Given(NewEvent.Of(id, new TransferFailed(id, World.Droplet, "lon1", "no", false, world.Now, world.Now)));
        Assert.IsType<SnapshotExpired>(Assert.Single(world.Plan()));
    }

    [Fact]
    public void Jitter_costs_no_snapshot_its_place_and_a_late_copy_is_not_deleted_young()
    {
        var world = new World(World.Terms(keep: ["1d:7d", "0h:30d"]));
        var random = new Random(3);
        for (var day = 1; day <= 29; day++)
        {
            world.Complete(World.At("2026-01-01T03:00:00Z").AddDays(-day).AddSeconds(random.Next(-1800, 1800)));
        }

        // 30 days of age is counted from creation, and none is that old yet.
        Assert.Empty(world.Plan(mayRequest: false));
    }

    [Fact]
    public void Two_streams_that_claim_one_image_stop_nobody_and_count_once()
    {
        // A log that has such a pair must still be decided on, and the image must not vouch for itself.
        var world = new World(World.Terms(keep: ["0h:1d"], keepAtLeast: 2));
        var old = world.Complete(World.Start.AddDays(-3));
        var twin = Guid.NewGuid();
        world.Given(NewEvent.Of(twin, new SnapshotDiscovered(
            twin, World.Droplet, "web-1", world.Find(old).ImageId!.Value, world.Find(old).Name, "p", 1, ["nyc3"], World.Start.AddDays(-3), World.Start)));
        world.Complete(World.Start.AddHours(-1));

        Assert.Equal([Guard.KeepAtLeast], Held(world));
        Assert.Empty(Held(world));
        world.Expire(old);
        var seen = world.Seen(old);
        Assert.Equal(Guard.KeepAtLeast, Assert.IsType<ExpiryWithdrawn>(Assert.Single(
            world.When(l => PruneWork.Begin(l, old, Sight.Of(l, seen), world.Now, world.Timings)))).Guard);
    }

    [Fact]
    public void What_is_on_its_way_out_is_judged_no_more()
    {
        foreach (var phase in new[] { SnapshotPhase.Expired, SnapshotPhase.Pruning })
        {
            var world = new World(World.Terms(keep: ["3d:1d"]));
            var kept = world.Complete(World.At("2025-12-20T03:00:00Z"));
            world.Complete(World.At("2025-12-21T03:00:00Z"));
            world.Complete(World.Start.AddHours(-1));
            world.Expire(kept);
            if (phase is SnapshotPhase.Pruning)
            {
                world.Given(NewEvent.Of(kept, new PruneAttempted(kept, World.Droplet, world.Find(kept).ImageId!.Value, 1, world.Now, world.Now)));
            }

            Assert.Empty(world.Plan());
        }
    }

    private static IEnumerable<Guard> Held(World world) => world.Plan(mayRequest: false).Cast<ExpiryHeld>().Select(e => e.Guard);
}
