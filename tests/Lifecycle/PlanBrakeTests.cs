using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>The brake on a plan as a whole, which is checked before anything of it expires; and what a check clears.</summary>
public sealed class PlanBrakeTests
{
    private readonly FleetWorld _world = new();

    /// <summary>Droplets, how many old ones each has, how many young ones, and whether the plan is braked. Three of a droplet may always go.</summary>
    public static TheoryData<string, int, int, int, bool> Boundaries => new()
    {
        { "ten of fifteen: not more than ten", 5, 2, 1, false },
        { "twelve of sixteen", 4, 3, 1, true },
        { "twelve of twenty-four: no more than half", 4, 3, 3, false },
        { "twelve of twenty", 4, 3, 2, true },
        { "nine of twelve", 3, 3, 1, false },
    };

    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task More_than_half_and_more_than_ten_of_a_plan_wait(string name, int droplets, int old, int young, bool waits)
    {
        var world = await FleetWorld.OfAsync(droplets, old, young);
        var round = await world.RoundAsync();
        Assert.Equal(waits ? ["p"] : [], round.Brakes.Select(b => b.Plan));
        Assert.True((waits ? 0 : droplets * old) == round.Expired.Count, name);
        Assert.All(round.Brakes, b => Assert.Equal($"{droplets * old} of {droplets * (old + young)} snapshots of plan 'p' would go within a day", b.Detail));

        // It is said of each snapshot once, and nothing goes.
        Assert.Equal(waits ? droplets * old : 0, round.Held);
        Assert.Empty((await world.RoundAsync()).Events);
        Assert.Equal(waits ? 1 : 0, (await world.InForceAsync()).Count);
    }

    [Fact]
    public async Task Several_plans_that_each_lose_little_are_braked_for_what_they_lose_together()
    {
        foreach (var (plan, first) in new[] { ("p", 1), ("q", 11), ("r", 21) })
        {
            await _world.PlanAsync(plan);
            await _world.FleetAsync(plan, first, droplets: plan == "r" ? 1 : 2, old: plan == "r" ? 1 : 3, young: plan == "r" ? 2 : 1);
        }

        // 6 of 8, 6 of 8 and 1 of 3: the last loses no more than its share.
        var round = await _world.RoundAsync();
        Assert.Equal(["p", "q"], round.Brakes.Select(b => b.Plan).Order());
        Assert.Equal([21L], round.Expired.Select(e => e.DropletId));
    }

    [Fact]
    public async Task A_droplet_that_two_plans_let_go_of_is_braked_for_what_it_loses_together()
    {
        await _world.StateAsync("p", new PlanChanged("p", 1, FleetWorld.Terms("p", "0h:1d") with { Orphans = OrphanHandling.Apply }, _world.Now));
        await _world.PlanAsync("q");
        await _world.FleetAsync("p", 1, droplets: 1, old: 3, young: 1);
        await _world.FleetAsync("q", 1, droplets: 1, old: 3, young: 1);

        var round = await _world.RoundAsync();

        Assert.Empty(round.Expired);
        Assert.Equal([("p", (long?)1), ("q", 1)], round.Brakes.Select(b => (b.Plan, b.DropletId)).Order());
        Assert.Empty((await _world.RoundAsync()).Events);
    }

    [Fact]
    public async Task What_went_of_droplets_that_left_or_are_paused_counts()
    {
        await _world.PlanAsync("p");
        // Each comes of age an hour after the one before, and leaves the plan after it has lost three of four.
        for (var droplet = 1; droplet <= 8; droplet++)
        {
            await _world.FleetAsync("p", droplet, droplets: 1, old: 0, young: 1);
            foreach (var i in Enumerable.Range(0, 3))
            {
                await _world.CompleteAsync("p", droplet, _world.Now.AddDays(-1).AddHours(droplet).AddMinutes(i));
            }
        }

        var gone = 0;
        for (var droplet = 1; droplet <= 8; droplet++)
        {
            _world.Now += TimeSpan.FromMinutes(61);
            gone += (await _world.RoundAsync()).Expired.Count;
            await _world.TellAsync(
                droplet, droplet % 2 == 0 ? new DropletWithdrawn(droplet, "p", "untagged", _world.Now) : new DropletPaused(droplet, "ann", "", _world.Now));
        }

        Assert.InRange(gone, 10, 16);
        Assert.Single(await _world.InForceAsync());
    }

    [Fact]
    public async Task An_image_that_two_streams_claim_counts_once()
    {
        await _world.PlanAsync("p");
        await _world.EnrolAsync(1, "p");
        foreach (var day in Enumerable.Range(2, 3))
        {
            var at = _world.Now.AddDays(-day);
            await _world.CompleteAsync("p", 1, at, await _world.CompleteAsync("p", 1, at));
        }

        await _world.CompleteAsync("p", 1, _world.Now.AddHours(-1));
        Assert.Equal(3, (await _world.RoundAsync()).Expired.Select(e => e.ImageId).Distinct().Count());
        Assert.Empty(await _world.InForceAsync());
    }

    [Fact]
    public async Task Only_what_was_counted_is_cleared_and_only_while_nothing_happens_to_the_plan()
    {
        var world = await FleetWorld.OfAsync(droplets: 1, old: 1, young: 4);
        var (clearance, _) = await world.CheckAsync();
        await world.CompleteAsync("p", 1, world.Now.AddDays(-2));
        Assert.Single((await world.DecideAsync(1, clearance)).OfType<SnapshotExpired>());
        Assert.Empty(await world.DecideAsync(1, clearance));
        Assert.Empty(await world.DecideAsync(1, Clearance.None));

        (clearance, _) = await world.CheckAsync();
        await world.StateAsync("p", new PlanPaused("p", "ann", "", world.Now));
        await world.StateAsync("p", new PlanResumed("p", "ann", "", world.Now));
        Assert.Empty(await world.DecideAsync(1, clearance));
        Assert.Single((await world.RoundAsync()).Expired);
    }

    [Fact]
    public async Task A_plan_without_a_brake_needs_no_counting()
    {
        await _world.StateAsync("p", new PlanChanged("p", 1, FleetWorld.Terms("p", "0h:1d") with { Brake = BrakeSetting.Off }, _world.Now));
        await _world.FleetAsync("p", 1, droplets: 1, old: 1, young: 1);
        var (clearance, _) = await _world.CheckAsync();
        foreach (var i in Enumerable.Range(0, 9))
        {
            await _world.CompleteAsync("p", 1, _world.Now.AddDays(-2).AddHours(i));
        }

        Assert.Equal(10, (await _world.DecideAsync(1, clearance)).OfType<SnapshotExpired>().Count());
    }

    [Fact]
    public async Task A_plan_that_changed_or_was_released_since_it_was_checked_is_not_braked_for_what_was_found()
    {
        var world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        var (_, found) = await world.CheckAsync();
        Assert.Single(found);
        await world.PlanAsync("p", "0h:1m", version: 2);
        Assert.Empty(await world.ApplyAsync(found));

        world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        (_, found) = await world.CheckAsync();
        await world.StateAsync("p", new BrakeReleased("p", null, "ann", "looked", world.Now));
        Assert.Empty(await world.ApplyAsync(found));
    }

    [Fact]
    public async Task A_paused_plan_neither_counts_nor_is_cleared()
    {
        var world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        await world.StateAsync("p", new PlanPaused("p", "ann", "", world.Now));
        var (clearance, found) = await world.CheckAsync();
        Assert.Empty(found);
        await world.StateAsync("p", new PlanResumed("p", "ann", "", world.Now));
        Assert.Empty(await world.DecideAsync(1, clearance));
    }

    [Fact]
    public void Never_does_more_than_half_and_more_than_three_of_a_droplet_go_within_a_day() => RandomLedger
        .Any(
            SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete, SnapshotPhase.Complete,
            SnapshotPhase.Expired, SnapshotPhase.Pruning, SnapshotPhase.Pruned)
        .Sample(
            random =>
            {
                var ledger = (random with { Brake = BrakeSetting.On }).Ledger();
                var before = ledger.Snapshots.Count(s => IsMember(s) && Goes(s));
                var all = ledger.Snapshots.Where(s => IsMember(s) && (s.IsComplete || Goes(s))).DistinctBy(s => s.ImageId).Count();
                var decided = Planning.Decide(ledger, World.Start, mayRequest: false);
                var going = decided.Count(e => e.Data is SnapshotExpired);
                Assert.True(going == 0 || before + going <= 3 || (before + going) * 2 <= all, $"{before} and {going} of {all}");
                // And nothing is held that may go.
                var free = Planning.Decide(random.Ledger(), World.Start, mayRequest: false).Count(e => e.Data is SnapshotExpired);
                Assert.Equal(before + free > 3 && (before + free) * 2 > all ? 0 : free, going);
                Assert.Empty(Planning.Decide(ledger.After(decided), World.Start, mayRequest: false));
            },
            iter: 5_000);

    private static bool IsMember(Snapshot s) => s.Plan is not null;

    private static bool Goes(Snapshot s) =>
        s is { Phase: SnapshotPhase.Expired or SnapshotPhase.Pruning or SnapshotPhase.Pruned, Expiry.Origin: Origin.Plan };
}
