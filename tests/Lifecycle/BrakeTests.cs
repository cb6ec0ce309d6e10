using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>The brake on one droplet: more than three and more than half of its snapshots within a day wait for an operator.</summary>
public sealed class BrakeTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>How many are old enough to go, how many stay, and whether the brake holds them.</summary>
    public static TheoryData<string, int, int, bool> Boundaries => new()
    {
        { "three of four: more than half, but not more than three", 3, 1, false },
        { "four of eight: more than three, but no more than half", 4, 4, false },
        { "four of seven", 4, 3, true },
        { "four of five", 4, 1, true },
        { "ten of twenty", 10, 10, false },
        { "eleven of twenty-one", 11, 10, true },
        { "one of two", 1, 1, false },
    };

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void More_than_half_and_more_than_three_wait(string name, int old, int young, bool waits)
    {
        var world = Of(old, young);
        var events = world.Plan(mayRequest: false);
        Assert.True(waits == events.Any(e => e is BrakeApplied), name);
        Assert.Equal(waits ? 0 : old, events.Count(e => e is SnapshotExpired));
        Assert.Equal(waits ? old : 0, events.Count(e => e is ExpiryHeld { Guard: Guard.Brake }));
        Assert.Empty(world.Plan(mayRequest: false));
    }

    [Fact]
    public void It_says_what_would_have_gone_and_under_which_version_of_the_plan()
    {
        var world = Of(old: 5, young: 2);
        var events = world.Plan(mayRequest: false);
        Assert.Equal(
            new BrakeApplied("p", World.Droplet, "5 of 7 snapshots of droplet 'web-1' would go within a day", world.Now, 1),
            Assert.Single(events.OfType<BrakeApplied>()));
        Assert.All(events.OfType<ExpiryHeld>(), e => Assert.Equal("the brake is on: 5 of 7 snapshots of droplet 'web-1' would go within a day", e.Detail));
        var inForce = Assert.Single(Braking.InForce([world.Ledger]));
        Assert.Equal(("p", World.Droplet, "web-1"), (inForce.Plan, inForce.DropletId, inForce.DropletName));
    }

    [Fact]
    public void It_waits_for_an_operator_however_long_that_takes_and_snapshots_go_on()
    {
        var world = Of(old: 5, young: 2);
        world.Plan(mayRequest: false);
        var requests = 0;
        for (var day = 0; day < 30; day++)
        {
            world.Now += Day;
            var events = world.Plan();
            Assert.DoesNotContain(events, e => e is SnapshotExpired);
            foreach (var request in events.OfType<SnapshotRequested>())
            {
                requests++;
                world.Finish(request);
            }
        }

        Assert.Equal(30, requests);
    }

    [Fact]
    public void Released_they_go_and_so_does_what_becomes_due_within_a_day()
    {
        var world = Of(old: 5, young: 6);
        world.Complete(World.Start.AddDays(-1).AddHours(1));
        foreach (var hour in Enumerable.Range(2, 8))
        {
            world.Complete(World.Start.AddDays(-1).AddHours(hour));
        }

        // 5 of 20 go at once; the eight that follow within hours make it thirteen of twenty.
        Assert.Equal(5, world.Plan(mayRequest: false).Count(e => e is SnapshotExpired));
        world.Now = World.Start.AddHours(11);
        Assert.Contains(world.Plan(mayRequest: false), e => e is BrakeApplied { Detail: "14 of 20 snapshots of droplet 'web-1' would go within a day" });

        Release(world);
        Assert.Equal(9, world.Plan(mayRequest: false).Count(e => e is SnapshotExpired));
        Assert.Empty(Braking.InForce([world.Ledger]));
    }

    [Fact]
    public void What_went_under_a_release_was_looked_at_and_does_not_count_again()
    {
        var world = Of(old: 9, young: 2);
        world.Plan(mayRequest: false);
        Release(world);
        world.Now += TimeSpan.FromHours(23);
        Assert.Equal(10, world.Plan(mayRequest: false).Count(e => e is SnapshotExpired));
        world.Now += TimeSpan.FromHours(2);
        world.Complete(world.Now.AddHours(-1));
        world.Complete(world.Now.AddMinutes(-1));
        Assert.Equal(1, world.Plan(mayRequest: false).Count(e => e is SnapshotExpired));
        Assert.Empty(Braking.InForce([world.Ledger]));
    }

    [Fact]
    public void A_release_lasts_a_day()
    {
        var world = Of(old: 5, young: 1);
        world.Plan(mayRequest: false);
        Release(world);
        world.Now += Day;
        Assert.Contains(world.Plan(mayRequest: false), e => e is BrakeApplied);
    }

    [Fact]
    public void What_went_is_counted_for_a_day()
    {
        var world = Of(old: 3, young: 0);
        var late = world.Complete(World.Start.AddHours(-20));
        world.Complete(World.Start.AddHours(-19));
        Assert.Equal(3, world.Plan(mayRequest: false).Count(e => e is SnapshotExpired));

        world.Now = World.Start.AddHours(4).AddMinutes(1);
        Assert.Contains(world.Plan(mayRequest: false), e => e is BrakeApplied { Detail: "4 of 5 snapshots of droplet 'web-1' would go within a day" });
        Assert.Equal(Guard.Brake, world.Find(late).HeldBy);

        var later = Of(old: 3, young: 0);
        later.Complete(World.Start.AddHours(-20));
        later.Complete(World.Start.AddHours(-19));
        later.Plan(mayRequest: false);
        later.Now = World.Start + Day;
        later.Complete(later.Now.AddHours(-1));
        Assert.Equal(2, later.Plan(mayRequest: false).Count(e => e is SnapshotExpired));
    }

    [Fact]
    public void Those_deleted_since_count_and_those_that_a_person_removed_or_that_were_withdrawn_do_not()
    {
        var world = Of(old: 0, young: 2);
        var ids = Enumerable.Range(0, 3).Select(i => world.Complete(World.Start.AddDays(-3).AddHours(i))).ToList();
        foreach (var id in ids)
        {
            world.Expire(id, Origin.Manual);
        }

        var again = world.Complete(World.Start.AddDays(-4));
        world.Expire(again);
        world.Given(NewEvent.Of(again, new ExpiryWithdrawn(again, World.Droplet, Guard.Paused, "", world.Now)));
        var pruned = world.Complete(World.Start.AddDays(-5));
        world.Expire(pruned);
        world.Given(
            NewEvent.Of(pruned, new PruneAttempted(pruned, World.Droplet, 1, 1, world.Now, world.Now)),
            NewEvent.Of(pruned, new SnapshotPruned(pruned, World.Droplet, 1, world.Now)));
        var next = world.Complete(World.Start.AddDays(-6));
        // One pruned and two that go, of five; the three that a person removed would make it six of eight.
        Assert.Equal([next, again], world.Plan(mayRequest: false).OfType<SnapshotExpired>().Select(e => e.SnapshotId));

        var more = world.Complete(World.Start.AddDays(-7));
        Assert.Contains(world.Plan(mayRequest: false), e => e is BrakeApplied { Detail: "4 of 6 snapshots of droplet 'web-1' would go within a day" });
        Assert.True(world.Find(more).IsComplete);
    }

    [Fact]
    public void The_pruner_takes_back_what_had_expired_before_the_brake_and_not_what_a_person_removes()
    {
        var world = Of(old: 0, young: 4);
        var byRule = world.Complete(World.Start.AddDays(-2));
        var byHand = world.Complete(World.Start.AddDays(-3));
        world.Expire(byRule);
        world.Expire(byHand, Origin.Manual);
        Assert.IsType<PruneAttempted>(Assert.Single(Begin(world, byRule)));

        world.GivenPlan(new BrakeApplied("p", null, "all would go", world.Now, 1));
        Assert.Equal(
            new ExpiryWithdrawn(byRule, World.Droplet, Guard.Brake, "the brake is on: all would go", world.Now), Assert.Single(Begin(world, byRule)));
        Assert.IsType<PruneAttempted>(Assert.Single(Begin(world, byHand)));

        world.GivenPlan(new BrakeReleased("p", null, "ann", "looked", world.Now));
        Assert.IsType<PruneAttempted>(Assert.Single(Begin(world, byRule)));
    }

    [Fact]
    public void Another_version_of_the_plan_is_checked_anew()
    {
        var world = Of(old: 5, young: 2);
        world.Plan(mayRequest: false);
        world.GivenPlan(new PlanChanged("p", 2, Terms(keep: "0h:3d"), world.Now));
        Assert.Equal([2], world.Plan(mayRequest: false).OfType<BrakeApplied>().Select(e => e.PlanVersion));

        // A release is of what was looked at: the next slip is braked again.
        Release(world);
        world.GivenPlan(new PlanChanged("p", 3, Terms(keep: "0h:2d"), world.Now));
        Assert.Equal([3], world.Plan(mayRequest: false).OfType<BrakeApplied>().Select(e => e.PlanVersion));

        // Mended, there is nothing to release.
        world.GivenPlan(new PlanChanged("p", 4, Terms(keep: "0h:1m"), world.Now));
        Assert.Empty(world.Plan(mayRequest: false));
        Assert.Empty(Braking.InForce([world.Ledger]));
    }

    [Fact]
    public void A_plan_may_go_without_it()
    {
        var world = Of(old: 5, young: 2);
        world.Plan(mayRequest: false);
        world.GivenPlan(new PlanChanged("p", 2, Terms(keep: "0h:1d") with { Brake = BrakeSetting.Off }, world.Now));
        Assert.Equal(5, world.Plan(mayRequest: false).Count(e => e is SnapshotExpired));
    }

    [Fact]
    public void What_it_holds_is_not_copied_and_everything_else_is()
    {
        var world = new World(Terms(keep: "0h:1d") with { Regions = ["lon1"] });
        var old = Enumerable.Range(0, 5).Select(i => world.Complete(World.Start.AddDays(-3).AddHours(i))).ToList();
        var young = world.Complete(World.Start.AddHours(-1));
        Assert.Equal([young], world.Plan(mayRequest: false).OfType<TransferRequested>().Select(e => e.SnapshotId));
        Assert.All(old, id => Assert.Equal(Guard.Brake, world.Find(id).HeldBy));
    }

    [Fact]
    public void A_guard_of_its_own_goes_before_the_brake()
    {
        var world = Of(old: 5, young: 2);
        var pinned = world.Complete(World.Start.AddDays(-9));
        world.Given(NewEvent.Of(pinned, new SnapshotPinned(pinned, World.Droplet, "ann", "", world.Now)));
        world.Plan(mayRequest: false);
        Assert.Equal(Guard.Pinned, world.Find(pinned).HeldBy);
    }

    private static World Of(int old, int young)
    {
        var world = new World(Terms(keep: "0h:1d"));
        foreach (var i in Enumerable.Range(0, old))
        {
            world.Complete(World.Start.AddDays(-9).AddHours(i));
        }

        foreach (var i in Enumerable.Range(0, young))
        {
            world.Complete(World.Start.AddHours(-1).AddMinutes(i));
        }

        return world;
    }

    private static PlanTerms Terms(string keep) => World.Terms(keep: [keep], brake: BrakeSetting.On);

    private static void Release(World world) =>
        world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new BrakeReleased("p", World.Droplet, "ann", "looked", world.Now)));

    private static IReadOnlyList<object> Begin(World world, Guid id) =>
        [.. PruneWork.Begin(world.Ledger, id, Sight.Of(world.Ledger, world.Seen(id)), world.Now, world.Timings).Select(e => e.Data)];
}
