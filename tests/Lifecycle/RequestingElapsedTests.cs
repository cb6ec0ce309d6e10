using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>When a droplet is due whose plan counts the time that went by, as do-snapshot.py does.</summary>
public sealed class RequestingElapsedTests
{
    [Theory]
    [InlineData(86_399, false)]
    [InlineData(86_400, true)]
    public void The_newest_snapshot_must_be_as_old_as_the_plan_says(int seconds, bool due)
    {
        var world = Elapsed();
        world.Complete(World.Start.AddSeconds(-seconds));
        Assert.Equal(due, world.Plan().Count == 1);
    }

    [Fact]
    public void While_one_waits_or_is_at_work_no_other_is_asked_for_and_none_is_superseded()
    {
        var world = Elapsed();
        var id = ((SnapshotRequested)world.Plan().Single()).SnapshotId;
        world.Now += TimeSpan.FromDays(3);
        Assert.Empty(world.Plan());
        world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings));
        world.Now += TimeSpan.FromDays(3);
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void A_plan_that_becomes_anchored_while_one_waits_makes_one_snapshot_and_not_two()
    {
        var world = Elapsed();
        var waiting = ((SnapshotRequested)world.Plan().Single()).SnapshotId;
        world.GivenPlan(new PlanChanged("p", 2, World.Terms(), world.Now));

        var events = world.Plan();

        Assert.Equal((waiting, true), (Assert.IsType<SnapshotFailed>(events[0]).SnapshotId, ((SnapshotFailed)events[0]).Final));
        Assert.NotNull(Assert.IsType<SnapshotRequested>(events[1]).Occurrence);
        Assert.Empty(world.Plan());
        Assert.Single(world.Ledger.Snapshots, s => s.Live);
    }

    [Fact]
    public void After_one_was_given_up_the_next_is_asked_for_an_hour_later_under_an_id_of_its_own()
    {
        var world = Elapsed();
        var ids = new List<Guid>();
        for (var minute = 0; minute < 5 * 60; minute++)
        {
            foreach (var request in world.Plan().Cast<SnapshotRequested>())
            {
                ids.Add(request.SnapshotId);
                world.Given(NewEvent.Of(request.SnapshotId, new SnapshotFailed(request.SnapshotId, World.Droplet, "no", true, world.Now)));
            }

            world.Now += TimeSpan.FromMinutes(1);
        }

        Assert.Equal(5, ids.Distinct().Count());
        Assert.Equal(5, ids.Count);
    }

    [Fact]
    public void The_id_follows_from_the_last_scheduled_one_and_so_is_the_same_for_all_who_decide()
    {
        var world = Elapsed();
        var first = (SnapshotRequested)world.Plan().Single();
        Assert.Equal(SnapshotIds.ForElapsed("p", World.Droplet, null), first.SnapshotId);
        world.Finish(first);
        world.Now += TimeSpan.FromDays(2);
        var ledger = world.Ledger;
        var one = Planning.Decide(ledger, world.Now);
        var other = Planning.Decide(ledger, world.Now.AddSeconds(3));
        Assert.Equal(SnapshotIds.ForElapsed("p", World.Droplet, first.SnapshotId), ((SnapshotRequested)one.Single().Data).SnapshotId);
        Assert.Equal(one.Single().Stream, other.Single().Stream);
    }

    [Fact]
    public void What_was_found_counts_and_what_was_made_by_hand_does_not()
    {
        var found = Elapsed();
        found.Complete(World.Start.AddHours(-1));
        Assert.Empty(found.Plan());

        var manual = Elapsed();
        manual.Manual("before upgrade", completedAt: World.Start.AddHours(-1));
        Assert.IsType<SnapshotRequested>(Assert.Single(manual.Plan()));
    }

    [Fact]
    public void It_drifts_by_what_creation_takes_as_the_original_does()
    {
        var world = Elapsed();
        var requests = 0;
        for (var end = world.Now.AddDays(30); world.Now < end; world.Now += TimeSpan.FromHours(2))
        {
            foreach (var request in world.Plan().Cast<SnapshotRequested>())
            {
                requests++;
                world.Finish(request);
            }
        }

        // Every 26 hours when asked every 2: created some seconds after the tick.
        Assert.Equal(28, requests);
    }

    [Theory]
    [InlineData("daily, the newest is kept", 1, false)]
    [InlineData("daily, and all are gone each day", 1, true)]
    [InlineData("every three days, all gone, so that nothing of before is in the ledger", 3, true)]
    public void One_that_a_clock_far_ahead_asked_for_stops_nothing(string name, int days, bool allGone)
    {
        var world = Elapsed();
        var now = world.Now;
        world.Now = now.AddDays(20);
        var ahead = (SnapshotRequested)world.Plan().Single();
        world.Now = now;
        world.Finish(ahead);
        var ids = new HashSet<Guid> { ahead.SnapshotId };
        for (var round = 1; round <= 12; round++)
        {
            world.Now += TimeSpan.FromDays(days) + TimeSpan.FromMinutes(1);
            var request = Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));
            Assert.True(ids.Add(request.SnapshotId), $"{name}, round {round}");
            world.Finish(request);
            foreach (var s in world.Ledger.Snapshots.Where(s => s.Live && (allGone || s.SnapshotId != request.SnapshotId)))
            {
                world.Given(NewEvent.Of(s.SnapshotId, new SnapshotPruned(s.SnapshotId, World.Droplet, s.ImageId!.Value, world.Now)));
            }
        }
    }

    private static World Elapsed() => new(World.Terms(timing: PlanTiming.Elapsed));
}
