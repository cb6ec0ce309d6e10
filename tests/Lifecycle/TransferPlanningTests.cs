using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Which copies the planner asks for.</summary>
public sealed class TransferPlanningTests
{
    [Fact]
    public void A_complete_snapshot_has_one_asked_for_in_each_region_that_lacks_it()
    {
        var world = new World(World.Terms(regions: ["lon1", "nyc3", "sfo3"]));
        var id = world.Complete(World.Start.AddHours(-1), "nyc3");
        var image = world.Find(id).ImageId!.Value;

        Assert.Equal(
            [
                new TransferRequested(id, World.Droplet, image, "lon1", Origin.Plan, world.Now),
                new TransferRequested(id, World.Droplet, image, "sfo3", Origin.Plan, world.Now),
            ],
            world.Plan().Cast<TransferRequested>());
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void Whatever_becomes_of_a_transfer_it_is_not_asked_for_twice()
    {
        foreach (var e in EventSamples.OfSnapshots.Where(e => e.GetType().Name.StartsWith("Transfer", StringComparison.Ordinal)))
        {
            var world = new World(World.Terms(regions: ["lon1"]));
            var id = world.Complete(World.Start.AddHours(-1));
            world.Plan();
            world.Given(NewEvent.Of(id, e), NewEvent.Of(id, new TransferFailed(id, World.Droplet, "lon1", "refused", true, world.Now)));
            Assert.Empty(world.Plan());
        }
    }

    [Fact]
    public void A_region_that_the_plan_wants_from_now_on_is_filled_for_those_that_stay()
    {
        var world = new World(World.Terms());
        var id = world.Complete(World.Start.AddHours(-1));
        Assert.Empty(world.Plan());
        world.GivenPlan(new PlanChanged("p", 2, World.Terms(regions: ["ams3"]), world.Now));
        Assert.Equal((id, "ams3"), Assert.Single(world.Plan().Cast<TransferRequested>().Select(e => (e.SnapshotId, e.Region))));
    }

    [Fact]
    public void What_goes_is_on_its_way_or_was_made_by_hand_is_not_copied()
    {
        var world = new World(World.Terms(keep: ["0h:5d"], regions: ["lon1"]));
        world.Complete(World.Start.AddDays(-6));
        var kept = world.Complete(World.Start.AddHours(-1));
        world.Manual("golden", completedAt: World.Start.AddHours(-2));
        var request = world.Manual("upgrade");
        world.When(l => SnapshotWork.Begin(l, request, world.Now, world.Timings));

        Assert.Equal([kept], world.Plan().OfType<TransferRequested>().Select(e => e.SnapshotId));
    }

    [Fact]
    public void A_held_snapshot_is_copied_like_any_other()
    {
        var world = new World(World.Terms(keep: ["0h:5d"], regions: ["lon1"]));
        var id = world.Complete(World.Start.AddDays(-6));
        Assert.Equal(id, Assert.Single(world.Plan(mayRequest: false).OfType<TransferRequested>()).SnapshotId);
    }
}
