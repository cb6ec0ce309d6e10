using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Snapshots whose droplet left the plan, and those of a plan that was removed: as they are, unless the plan says that its rules go on.</summary>
public sealed class OrphanTests
{
    private static readonly DateTimeOffset Old = World.Start.AddDays(-10);

    public static TheoryData<string> Ways => ["the droplet left", "the plan was removed", "the droplet moved to another plan"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void They_stay_as_they_are_unless_the_plan_says_otherwise(string way)
    {
        var (world, old) = Orphaned(way, OrphanHandling.Keep);
        for (var day = 0; day < 30; day++)
        {
            Assert.DoesNotContain(world.Plan(), e => e is SnapshotExpired { Plan: "p" } or SnapshotRequested { Plan: "p" });
            world.Now += TimeSpan.FromDays(1);
        }

        Assert.All(old, id => Assert.Equal(SnapshotPhase.Complete, world.Find(id).Phase));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Where_it_says_so_its_rules_go_on_and_the_newest_stays(string way)
    {
        var (world, old) = Orphaned(way, OrphanHandling.Apply);
        world.Now = World.Start.AddDays(60);

        var events = world.Plan();

        Assert.Equal(old[..2], events.OfType<SnapshotExpired>().Select(e => e.SnapshotId));
        Assert.All(events.OfType<SnapshotExpired>(), e => Assert.Equal(("p", 1), (e.Plan, e.PlanVersion)));
        Assert.Equal((old[2], Guard.NewestComplete), Assert.Single(events.OfType<ExpiryHeld>().Select(e => (e.SnapshotId, e.Guard))));
        Assert.DoesNotContain(events, e => e is SnapshotRequested { Plan: "p" } or TransferRequested);
        Assert.DoesNotContain(world.Plan(), e => e is SnapshotExpired or ExpiryHeld);

        // The pruner, which decides again, finds the same.
        Assert.All(old[..2], id => Assert.IsType<PruneAttempted>(Assert.Single(Begin(world, id))));
    }

    [Fact]
    public void The_rules_judge_among_the_plans_own_snapshots_only()
    {
        var (world, old) = Orphaned("the droplet moved to another plan", OrphanHandling.Apply);
        world.Now = World.Start.AddDays(60);
        var expired = world.Plan().OfType<SnapshotExpired>().Select(e => e.SnapshotId).ToList();

        // A newer one in the other plan lets the last of the old plan's go no more than before.
        Assert.DoesNotContain(old[2], expired);
        Assert.Equal("q", Assert.Single(world.Ledger.Snapshots, s => s.Phase is SnapshotPhase.Requested).Plan);
        Assert.Equal(SnapshotPhase.Complete, world.Find(old[2]).Phase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void They_rest_while_the_droplet_or_the_plan_is_paused(bool droplet)
    {
        var (world, old) = Orphaned("the droplet left", OrphanHandling.Apply);
        world.Now = World.Start.AddDays(60);
        Assert.Equal(2, world.Plan().OfType<SnapshotExpired>().Count());
        if (droplet)
        {
            world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new DropletPaused(World.Droplet, "ann", "move", world.Now)));
        }
        else
        {
            world.GivenPlan(new PlanPaused("p", "ann", "move", world.Now));
        }

        Assert.Equal(Guard.Paused, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin(world, old[0]))).Guard);
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void A_plan_that_changes_its_mind_keeps_them_from_then_on()
    {
        var (world, old) = Orphaned("the droplet left", OrphanHandling.Apply);
        world.Now = World.Start.AddDays(60);
        world.Plan();
        world.GivenPlan(new PlanChanged("p", 2, Terms(OrphanHandling.Keep), world.Now));

        var withdrawn = Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin(world, old[0])));
        Assert.Equal((Guard.NotEnrolled, "the droplet belongs to no plan any more"), (withdrawn.Guard, withdrawn.Why));
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void What_a_removed_plan_had_asked_for_is_not_made_any_more()
    {
        var world = new World(Terms(OrphanHandling.Apply));
        var request = Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));
        world.GivenPlan(new PlanRemoved("p", "no longer stated", world.Now));

        var failed = Assert.IsType<SnapshotFailed>(Assert.Single(world.When(l => SnapshotWork.Begin(l, request.SnapshotId, world.Now, world.Timings))));

        Assert.True(failed.Final);
        Assert.Contains("no longer belongs to plan 'p'", failed.Reason, StringComparison.Ordinal);
        world.Now += TimeSpan.FromDays(3);
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void A_person_may_take_the_last_of_a_droplet_that_is_in_no_plan()
    {
        var (world, old) = Orphaned("the droplet left", OrphanHandling.Apply);
        world.Expire(old[2], Origin.Manual);
        Assert.IsType<PruneAttempted>(Assert.Single(Begin(world, old[2])));
    }

    private static IReadOnlyList<object> Begin(World world, Guid id) =>
        world.When(l => PruneWork.Begin(l, id, Sight.Of(l, world.Seen(id)), world.Now, world.Timings));

    /// <summary>A droplet with three snapshots of a plan that it is in no more; nothing of it is due to go yet.</summary>
    private static (World World, Guid[] Old) Orphaned(string way, OrphanHandling orphans)
    {
        var world = new World(Terms(orphans));
        Guid[] old = [world.Complete(Old), world.Complete(Old.AddDays(1)), world.Complete(Old.AddDays(2))];
        switch (way)
        {
            case "the droplet left":
                world.When(l => Reconciliation.Withdraw(l, "untagged", world.Now));
                break;
            case "the plan was removed":
                world.GivenPlan(new PlanRemoved("p", "no longer stated", world.Now));
                break;
            default:
                world.GivenPlan(new PlanChanged("q", 1, World.Terms() with { Tag = "q", Prefix = "q-" }, world.Now), "q");
                world.When(l => Reconciliation.Withdraw(l, "it belongs to plan 'q' now", world.Now));
                world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new DropletEnrolled(World.Droplet, "web-1", "q", world.Now)));
                break;
        }

        return (world, old);
    }

    private static PlanTerms Terms(OrphanHandling orphans) => World.Terms(keep: ["0h:4w"], regions: ["lon1"]) with { Orphans = orphans };
}
