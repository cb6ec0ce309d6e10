namespace DoSnapshot.Sandbox.Tests;

public sealed class DurationTests
{
    [Fact]
    public void Durations_vary_within_their_bounds_and_are_the_same_every_time()
    {
        static TimeSpan[] Live()
        {
            using var world = new World(World.Plain with { Variation = 0.3 }, new SandboxSeedBuilder().Fleet(100).Build());
            foreach (var droplet in world.Account.Droplets())
                world.Account.StartDropletAction(droplet.Id, "snapshot", "n").OrThrow();
            return [.. world.Account.State().Actions.Select(action => action.EndsAt - action.StartedAt)];
        }

        var durations = Live();

        Assert.Equal(durations, Live());
        Assert.All(durations, duration => Assert.InRange(duration / World.SnapshotTime, 0.7, 1.3));
        Assert.True(durations.Max() - durations.Min() > World.SnapshotTime * 0.5);
    }

    [Fact]
    public void A_snapshot_takes_longer_the_more_is_in_use()
    {
        using var world = new World(World.Plain with { SnapshotDuration = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)) });
        var droplet = world.Account.AddDroplet(new NewDroplet { Name = "db", Disk = 100, UsedGigabytes = 30 }).OrThrow();

        var action = world.Account.StartDropletAction(droplet.Id, "snapshot", "n").OrThrow();

        Assert.Equal(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(5), action.EndsAt - action.StartedAt);
        Assert.Equal(action.EndsAt, world.Account.NextChange());
    }

    [Fact]
    public void What_takes_no_time_is_done_at_the_next_look()
    {
        using var world = new World(World.Plain with { SnapshotDuration = new(TimeSpan.Zero), ListingLag = TimeSpan.Zero });
        var droplet = world.AddDroplet();

        var action = world.Account.StartDropletAction(droplet.Id, "snapshot", "n").OrThrow();

        Assert.Equal(SandboxActionStatus.InProgress, action.Status);
        Assert.Single(world.Account.Images());
        Assert.Equal(SandboxActionStatus.Completed, world.Account.Action(action.Id)!.Status);
        Assert.Null(world.Account.NextChange());
    }

    [Fact]
    public void New_settings_hold_for_what_starts_after_them()
    {
        using var world = new World();
        var (first, second) = (world.AddDroplet("a"), world.AddDroplet("b"));
        world.Account.StartDropletAction(first.Id, "snapshot", "slow").OrThrow();
        world.Account.Settings = World.Plain with { SnapshotDuration = new(TimeSpan.FromSeconds(1)) };
        world.Account.StartDropletAction(second.Id, "snapshot", "fast").OrThrow();

        world.Clock.Advance(TimeSpan.FromSeconds(1) + World.ListingLag);

        Assert.Equal("fast", Assert.Single(world.Account.Images()).Name);
    }

    [Fact]
    public void A_year_of_a_fleet_passes_at_once()
    {
        using var world = new World(seed: new SandboxSeedBuilder().Fleet(50).Build());
        for (var day = 0; day < 365; day++)
        {
            foreach (var droplet in world.Account.Droplets())
                world.Account.StartDropletAction(droplet.Id, "snapshot", $"{droplet.Name}-{day}").OrThrow();
            world.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(50 * 365, world.Account.Images().Count);
        Assert.All(world.Account.State().Actions, action => Assert.Equal(SandboxActionStatus.Completed, action.Status));
    }
}
