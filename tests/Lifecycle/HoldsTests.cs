using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What holds a snapshot at this moment, whatever was told of it before.</summary>
public sealed class HoldsTests
{
    private static readonly Gen<RandomLedger> Ledgers = RandomLedger.Any(
        SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Expired, SnapshotPhase.Pruned);

    [Fact]
    public void Whatever_the_rules_let_go_either_goes_at_the_next_decision_or_is_held_by_what_that_decision_finds() => Ledgers
        .SelectMany(random => Gen.Bool.Select(brakes => random with { Brake = brakes ? BrakeSetting.On : BrakeSetting.Off }))
        .Sample(
            random =>
            {
                var ledger = random.Ledger();
                var decided = Planning.Decide(ledger, World.Start);
                var going = decided.Select(e => e.Data).OfType<SnapshotExpired>().Select(e => e.SnapshotId);
                Assert.Equal(LetGo(ledger).Except(going).Order(), Expiring.Holds(ledger, World.Start).Keys.Order());

                // Now everything was told, and it is the same.
                var after = ledger.After(decided);
                var holds = Expiring.Holds(after, World.Start);
                Assert.Equal(LetGo(after).Order(), holds.Keys.Order());
                Assert.All(decided.Select(e => e.Data).OfType<ExpiryHeld>(), e => Assert.Equal(e.Guard, holds[e.SnapshotId].Guard));
                foreach (var (id, hold) in holds.Where(h => !after.Paused && !after.Find(h.Key)!.LeftAlone))
                {
                    // Of a brake is told what would go by it; what a guard would hold then, where others have gone, is held by it as well.
                    Assert.True(hold.Guard == after.Find(id)!.HeldBy || (hold.Guard is Guard.Brake && Braking.Holding(after, after.Plan!) is not null));
                }

                // What is left alone is so in the words of the refusal, which are drawn at random here.
                Assert.All(holds.Where(h => !after.Find(h.Key)!.LeftAlone), h => Assert.NotEmpty(h.Value.Detail));
            },
            iter: 3_000);

    [Fact]
    public void What_a_brake_held_is_held_no_more_once_the_plan_is_mended()
    {
        var world = Braked(out var old);
        Assert.Equal(old.Order(), Held(world, Guard.Brake));

        world.GivenPlan(new PlanChanged("p", 2, World.Terms(keep: ["0h:1m"], brake: BrakeSetting.On), world.Now));
        world.Plan(mayRequest: false);
        Assert.All(old, id => Assert.Equal(Guard.Brake, world.Find(id).HeldBy));
        Assert.Empty(Expiring.Holds(world.Ledger, world.Now));
    }

    [Fact]
    public void What_a_brake_held_goes_once_it_is_released()
    {
        var world = Braked(out var old);
        world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new BrakeReleased("p", World.Droplet, "ann", "looked", world.Now)));
        Assert.Empty(Expiring.Holds(world.Ledger, world.Now));
        Assert.Equal(old.Order(), world.Plan(mayRequest: false).OfType<SnapshotExpired>().Select(e => e.SnapshotId).Order());
    }

    [Fact]
    public void A_brake_that_is_about_to_come_on_holds_already()
    {
        var world = Aged(out var old);
        var hold = Expiring.Holds(world.Ledger, world.Now);
        Assert.Equal(old.Order(), hold.Keys.Order());
        Assert.All(hold.Values, h => Assert.Equal((Guard.Brake, "the brake comes on with the next decision: 5 of 7 snapshots of droplet 'web-1' would go within a day"), (h.Guard!.Value, h.Detail)));
    }

    [Fact]
    public void A_pin_that_was_taken_off_holds_nothing()
    {
        var world = new World(World.Terms(keep: ["0h:1d"]));
        var old = world.Complete(World.Start.AddDays(-3));
        world.Complete(World.Start.AddHours(-1));
        world.Given(NewEvent.Of(old, new SnapshotPinned(old, World.Droplet, "ann", "audit", world.Now)));
        world.Plan(mayRequest: false);
        Assert.Equal([old], Held(world, Guard.Pinned));

        world.Given(NewEvent.Of(old, new SnapshotUnpinned(old, World.Droplet, "ann", "over", world.Now)));
        Assert.Equal(Guard.Pinned, world.Find(old).HeldBy);
        Assert.Empty(Expiring.Holds(world.Ledger, world.Now));
        Assert.Equal([old], world.Plan(mayRequest: false).OfType<SnapshotExpired>().Select(e => e.SnapshotId));
    }

    [Fact]
    public void A_pause_holds_what_the_rules_let_go_until_it_is_over()
    {
        var world = new World(World.Terms(keep: ["0h:1d"]));
        var old = world.Complete(World.Start.AddDays(-3));
        world.Complete(World.Start.AddHours(-1));
        world.GivenPlan(new PlanPaused("p", "ann", "holiday", world.Now));
        Assert.Equal([old], Held(world, Guard.Paused));
        world.GivenPlan(new PlanResumed("p", "ann", "back", world.Now));
        Assert.Empty(Expiring.Holds(world.Ledger, world.Now));
    }

    [Fact]
    public void Of_several_as_many_go_as_leave_the_least_and_the_others_are_held()
    {
        var world = new World(World.Terms(keep: ["0h:1d"], keepAtLeast: 3));
        var old = Enumerable.Range(0, 3).Select(i => world.Complete(World.Start.AddDays(-9).AddDays(i))).ToList();
        world.Complete(World.Start.AddHours(-1));
        Assert.Equal(old[1..].Order(), Held(world, Guard.KeepAtLeast));
    }

    [Fact]
    public void One_whose_removal_was_just_taken_back_is_held_for_minutes_and_goes_after_them()
    {
        var world = new World(World.Terms(keep: ["0h:1d"]));
        var old = world.Complete(World.Start.AddDays(-3));
        world.Complete(World.Start.AddHours(-1));
        world.Plan(mayRequest: false);
        world.Given(NewEvent.Of(old, new ExpiryWithdrawn(old, World.Droplet, Guard.StaleDecision, "it is an hour old", world.Now)));
        Assert.Equal([old], Held(world, Guard.StaleDecision));
        world.Now = world.Now.AddMinutes(11);
        Assert.Empty(Expiring.Holds(world.Ledger, world.Now));
    }

    [Fact]
    public void What_was_refused_for_good_is_left_alone_and_both_streams_of_one_image_are_held_alike()
    {
        var world = new World(World.Terms(keep: ["0h:1d"]));
        var old = world.Complete(World.Start.AddDays(-3));
        world.Complete(World.Start.AddHours(-1));
        var twin = Guid.NewGuid();
        var image = world.Find(old);
        world.Given(NewEvent.Of(twin, new SnapshotDiscovered(twin, World.Droplet, "web-1", image.ImageId!.Value, image.Name, "p", 1, ["nyc3"], image.CreatedAt!.Value, world.Now)));
        foreach (var id in (Guid[])[old, twin])
        {
            world.Given(NewEvent.Of(id, new PruneRefused(id, World.Droplet, null, "locked", world.Now)));
        }

        var holds = Expiring.Holds(world.Ledger, world.Now);
        Assert.Equal(new[] { old, twin }.Order(), holds.Keys.Order());
        Assert.All(holds.Values, h => Assert.Equal((null, "locked"), (h.Guard, h.Detail)));
    }

    private static IEnumerable<Guid> LetGo(DropletLedger ledger) => ledger.Plan is { } plan
        ? Expiring.Judge(ledger, plan, World.Start).Where(v => !v.Keep).Select(v => ledger.Snapshots.Single(s => s.IsComplete && s.ImageId == v.Point.Id).SnapshotId)
        : [];

    private static IEnumerable<Guid> Held(World world, Guard guard) =>
        Expiring.Holds(world.Ledger, world.Now).Where(h => h.Value.Guard == guard).Select(h => h.Key).Order();

    private static World Braked(out IReadOnlyList<Guid> old)
    {
        var world = Aged(out old);
        world.Plan(mayRequest: false);
        return world;
    }

    private static World Aged(out IReadOnlyList<Guid> old)
    {
        var world = new World(World.Terms(keep: ["0h:1d"], brake: BrakeSetting.On));
        old = [.. Enumerable.Range(0, 5).Select(i => world.Complete(World.Start.AddDays(-9).AddDays(i)))];
        world.Complete(World.Start.AddHours(-2));
        world.Complete(World.Start.AddHours(-1));
        return world;
    }
}
