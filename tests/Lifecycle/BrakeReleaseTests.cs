using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What an operator's release lets go, for how long, and what ends it.</summary>
public sealed class BrakeReleaseTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>What ends a release before its day is over.</summary>
    public static TheoryData<string> Ends => ["resumed", "changed"];

    [Fact]
    public async Task Released_as_a_whole_everything_goes_also_of_droplets_that_were_braked_by_themselves()
    {
        var world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        await world.FleetAsync("p", 9, droplets: 1, old: 4, young: 1);
        await world.DecideAsync(9, Clearance.All);
        Assert.Equal([9L], (await world.InForceAsync()).Select(b => b.DropletId!.Value));
        Assert.Single((await world.RoundAsync()).Brakes);
        Assert.Equal([(long?)null], (await world.InForceAsync()).Select(b => b.DropletId));

        await world.ReleaseAsync();
        Assert.Empty(await world.InForceAsync());
        Assert.Equal(16, (await world.RoundAsync()).Expired.Count);
        Assert.Empty((await world.RoundAsync()).Events);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_plan_that_was_resumed_or_changed_is_checked_although_it_was_released(string how)
    {
        var world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        await world.RoundAsync();
        await world.ReleaseAsync();
        await EndAsync(world, how, "0h:2d");
        Assert.Single((await world.RoundAsync()).Brakes);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task What_went_under_a_release_that_was_ended_so_does_not_count_again(string how)
    {
        var world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        await world.RoundAsync();
        await world.ReleaseAsync();
        Assert.Equal(12, (await world.RoundAsync()).Expired.Count);
        world.Now += Hour;
        await EndAsync(world, how, "0h:1d");
        await world.CompleteAsync("p", 1, world.Now.AddDays(-2));
        Assert.Single((await world.RoundAsync()).Expired);
        Assert.Empty(await world.InForceAsync());
    }

    [Fact]
    public async Task Where_nothing_would_go_nothing_is_braked_however_much_went()
    {
        // 3 of 6 go; then three of those that stay are gone without us.
        var world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 3);
        Assert.Equal(12, (await world.RoundAsync()).Expired.Count);
        foreach (var ledger in await world.LedgersAsync())
        {
            foreach (var s in ledger.Snapshots.Where(s => s.IsComplete).Take(2))
            {
                await world.AppendAsync(s.DropletId, NewEvent.Of(s.SnapshotId, new SnapshotLost(s.SnapshotId, s.DropletId, s.ImageId!.Value, world.Now)));
            }
        }

        Assert.Empty((await world.RoundAsync()).Events);
        Assert.Empty(await world.InForceAsync());
    }

    [Fact]
    public async Task A_droplets_brake_that_the_plans_release_ended_does_not_come_back_with_a_pause()
    {
        var world = await FleetWorld.OfAsync(droplets: 1, old: 5, young: 2);
        await world.RoundAsync();
        await world.ReleaseAsync();
        Assert.Equal(5, (await world.RoundAsync()).Expired.Count);
        world.Now += TimeSpan.FromDays(9);
        await world.CompleteAsync("p", 1, world.Now - Hour);
        await EndAsync(world, "resumed", "");
        Assert.Empty((await world.RoundAsync()).Brakes);
        Assert.Empty(await world.InForceAsync());
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task The_release_of_one_droplet_ends_likewise(string how)
    {
        var world = await FleetWorld.OfAsync(droplets: 1, old: 5, young: 3);
        await world.RoundAsync();
        await world.ReleaseAsync(droplet: 1);
        world.Now += Hour;
        await EndAsync(world, how, "0h:2d");
        var round = await world.RoundAsync();
        Assert.Empty(round.Expired);
        Assert.Single(round.Brakes);
    }

    [Theory]
    [InlineData(null, "resumed")]
    [InlineData(null, "changed")]
    [InlineData(1L, "resumed")]
    [InlineData(1L, "changed")]
    public async Task A_release_is_in_force_for_a_day_or_until_it_is_ended(long? droplet, string how)
    {
        var world = await FleetWorld.OfAsync(droplets: 1, old: 5, young: 3);
        await world.RoundAsync();
        Assert.Empty(await world.ReleasesAsync());
        await world.ReleaseAsync(droplet: droplet);
        var until = world.Now + Brake.ReleaseLasts;
        world.Now += Hour;
        Assert.Equal([new ReleaseInForce("p", droplet, droplet is null ? null : "web", until)], await world.ReleasesAsync());
        world.Now = until;
        Assert.Empty(await world.ReleasesAsync());
        world.Now -= Hour;
        await EndAsync(world, how, "0h:2d");
        Assert.Empty(await world.ReleasesAsync());
    }

    [Theory]
    [InlineData(OrphanHandling.Keep, 0)]
    [InlineData(OrphanHandling.Apply, 2)]
    public async Task A_release_of_what_a_plan_has_left_is_in_force_where_its_rules_go_on(OrphanHandling orphans, int inForce)
    {
        var world = new FleetWorld();
        await world.StateAsync("p", new PlanChanged("p", 1, FleetWorld.Terms("p", "0h:1d") with { Orphans = orphans }, world.Now));
        await world.FleetAsync("p", 1, droplets: 1, old: 5, young: 3);
        await world.RoundAsync();
        await world.ReleaseAsync(droplet: 1);
        await world.StateAsync("p", new BrakeReleased("p", null, "ann", "looked", world.Now));
        Assert.Equal(2, (await world.ReleasesAsync()).Count);
        await world.TellAsync(1, new DropletWithdrawn(1, "p", "untagged", world.Now));
        Assert.Equal(inForce, (await world.ReleasesAsync()).Count);
    }

    [Fact]
    public async Task A_release_of_a_moment_that_is_far_ahead_is_in_force_no_more_than_it_releases()
    {
        var world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        await world.RoundAsync();
        await world.ReleaseAsync(at: world.Now.AddDays(30));
        Assert.Empty(await world.ReleasesAsync());
    }

    [Fact]
    public async Task What_went_of_one_released_droplet_does_not_count_for_the_plan()
    {
        var world = await FleetWorld.OfAsync(droplets: 1, old: 9, young: 1);
        await world.FleetAsync("p", 2, droplets: 4, old: 0, young: 3);
        await world.RoundAsync();
        await world.ReleaseAsync(droplet: 1);
        Assert.Equal(9, (await world.RoundAsync()).Expired.Count);

        // Of the others, twelve come of age that day: less than half of them by then.
        world.Now += TimeSpan.FromHours(22);
        for (var droplet = 2; droplet < 6; droplet++)
        {
            foreach (var i in Enumerable.Range(0, 4))
            {
                await world.CompleteAsync("p", droplet, world.Now.AddMinutes(-i));
            }
        }

        world.Now += TimeSpan.FromHours(1.5);
        Assert.Equal(12, (await world.RoundAsync()).Expired.Count);
        Assert.Empty(await world.InForceAsync());
    }

    [Fact]
    public async Task An_operators_clock_that_is_behind_releases_all_the_same_and_one_far_ahead_does_not()
    {
        var world = await FleetWorld.OfAsync(droplets: 1, old: 5, young: 3);
        await world.RoundAsync();
        await world.ReleaseAsync(at: world.Now.AddMinutes(-1));
        Assert.Empty(await world.InForceAsync());
        Assert.Equal(5, (await world.RoundAsync()).Expired.Count);

        world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        await world.RoundAsync();
        await world.ReleaseAsync(at: world.Now.AddYears(1));
        Assert.Empty((await world.RoundAsync()).Expired);
        world.Now += TimeSpan.FromDays(200);
        Assert.Empty((await world.RoundAsync()).Expired);
    }

    [Fact]
    public async Task A_pause_does_not_hide_a_brake()
    {
        var world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        await world.RoundAsync();
        await world.StateAsync("p", new PlanPaused("p", "ann", "", world.Now));
        var brake = Assert.Single(await world.InForceAsync());
        Assert.Equal("12 snapshots of 4 droplets would go, made between 2025-12-23 12:00 and 2025-12-23 14:00", brake.DescribeHeld());
        await world.ReleaseAsync();
        Assert.Empty(await world.InForceAsync());
    }

    [Fact]
    public async Task What_it_holds_is_told_as_it_is_now_and_not_as_it_was()
    {
        var world = await FleetWorld.OfAsync(droplets: 4, old: 3, young: 1);
        await world.RoundAsync();
        await world.FleetAsync("p", 100, droplets: 40, old: 3, young: 1);
        var brake = Assert.Single(await world.InForceAsync());
        Assert.EndsWith(": 12 of 16 snapshots of plan 'p' would go within a day", brake.Describe(), StringComparison.Ordinal);
        Assert.StartsWith("132 snapshots of 44 droplets would go, ", brake.DescribeHeld(), StringComparison.Ordinal);
    }

    private static async Task EndAsync(FleetWorld world, string how, string keep)
    {
        if (how == "resumed")
        {
            await world.StateAsync("p", new PlanPaused("p", "ann", "", world.Now));
            await world.StateAsync("p", new PlanResumed("p", "ann", "", world.Now));
        }
        else
        {
            await world.PlanAsync("p", keep, version: 2);
        }
    }
}
