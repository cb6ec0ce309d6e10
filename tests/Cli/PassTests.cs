namespace DoSnapshot.Cli.Tests;

/// <summary>What a pass does on an account where all goes well.</summary>
public sealed class PassTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly World world = new();

    [Fact]
    public async Task A_droplet_without_a_snapshot_gets_one_named_as_the_original_names_it()
    {
        var droplet = world.AddDroplet();

        var outcome = await world.PassAsync("-s", "1d");

        Assert.Equal(0, outcome.Code);
        Assert.Equal([droplet], outcome.Snapshotted);
        Assert.Equal("web-1-autosnapshot-20260301T120000Z", Assert.Single(world.Account.State().Snapshots).Name);
        Assert.Contains("Information: snapshotting droplet web-1 -> web-1-autosnapshot-20260301T120000Z", outcome.Lines);
    }

    [Theory]
    [InlineData(24 * 3600, true)]
    [InlineData((24 * 3600) - 1, false)]
    public async Task The_next_is_due_when_the_newest_is_exactly_that_old(int seconds, bool due)
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, TimeSpan.FromSeconds(seconds));

        var outcome = await world.PassAsync("-s", "1d");

        Assert.Equal(due ? [droplet] : [], outcome.Snapshotted);
        Assert.Equal(0, outcome.Code);
        Assert.Equal(!due, outcome.Text.Contains("skipping snapshot of droplet web-1, most recent is 23 h 59 min old", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_due_is_measured_before_anything_is_deleted()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 3 * Hour);
        world.PlantOwn(droplet, 2 * Hour);

        var outcome = await world.PassAsync("-s", "4h", "-k", "1d:1h");

        Assert.Empty(outcome.Snapshotted);
        // What the rules let go is the newest complete one.
        Assert.Empty(outcome.Deleted);
        outcome.Tells("", "guard NewestComplete holds it");
    }

    [Fact]
    public async Task Nothing_that_does_not_bear_the_name_is_touched_or_counts()
    {
        var droplet = world.AddDroplet();
        world.Plant(droplet, "web-1 before the upgrade", 200 * Day);
        world.Plant(droplet, "copy of web-1-autosnapshot-20250101T000000Z", 200 * Day);
        world.Plant(droplet, "web-1-autosnapshot-keep", 200 * Day);
        world.Plant(droplet, "web-10-autosnapshot-20250101T000000Z", Hour);
        world.PlantOwn(world.AddDroplet("untagged", "other"), 200 * Day);

        var outcome = await world.PassAsync("-s", "1d", "-k", "0d:1w", "-r", "lon1");

        Assert.Equal([droplet], outcome.Snapshotted);
        Assert.Empty(outcome.Deleted);
        Assert.Empty(outcome.Transferred);
    }

    [Fact]
    public async Task A_prefix_of_its_own_claims_only_its_own()
    {
        var droplet = world.AddDroplet("web-1", "prod");
        world.Plant(droplet, "daily-20260228T000000Z", 200 * Day);
        world.Plant(droplet, "daily-20260301T000000Z", 100 * Day);
        world.Plant(droplet, "daily-db-20260228T000000Z", 200 * Day);

        var outcome = await world.PassAsync("-s", "1d", "-t", " prod ", "-p", " daily- ", "-k", "0d:1w");

        Assert.Equal([droplet], outcome.Snapshotted);
        Assert.Equal("daily-20260301T120000Z", world.Account.State().Snapshots.Single(s => s.CreatedAt == World.Start).Name);
        Assert.Single(outcome.Deleted);
    }

    [Fact]
    public async Task Every_page_is_read()
    {
        var droplets = Enumerable.Range(1, 60).Select(i => world.AddDroplet($"web-{i}")).ToList();
        foreach (var droplet in droplets)
        {
            world.PlantOwn(droplet, 2 * Hour);
        }

        for (var i = 1; i <= 60; i++)
        {
            world.PlantOwn(droplets[0], i * Day);
        }

        for (var i = 0; i < 150; i++)
        {
            world.Plant(droplets[1], $"somebody else's {i}", 300 * Day);
        }

        var outcome = await world.PassAsync("-s", "1d", "-k", "0d:30d");

        Assert.Equal(0, outcome.Code);
        Assert.Empty(outcome.Snapshotted);
        Assert.Equal(31, outcome.Deleted.Count);
        Assert.Contains("Information: 60 droplets found with tag autosnapshot", outcome.Lines);
        Assert.Contains("Information: 61 autosnapshots found for droplet web-1", outcome.Lines);
        // One listing of the account, and no request for a droplet at which nothing is due.
        Assert.Equal(2, outcome.Count("GET", "/v2/snapshots?"));
        Assert.Equal(0, outcome.Count("GET", "/actions"));
    }

    [Fact]
    public async Task Survivors_that_a_region_lacks_are_transferred_and_no_other()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, 2 * Day, World.Home, "lon1", "fra1");
        var half = world.PlantOwn(droplet, Hour, World.Home, "lon1");

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1", "-r", "fra1", "-k", "0d:1w");

        Assert.Equal([half], outcome.Transferred);
        Assert.Single(outcome.Deleted);
    }

    [Fact]
    public async Task A_second_pass_doubles_neither_a_snapshot_nor_a_transfer_in_progress()
    {
        var droplet = world.AddDroplet();
        var old = world.PlantOwn(droplet, 25 * Hour);
        string[] arguments = ["-s", "1d", "-r", "lon1"];

        var first = await world.PassAsync(arguments);
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        var second = await world.PassAsync(arguments);

        Assert.Equal([droplet], first.Snapshotted);
        Assert.Equal([old], first.Transferred);
        Assert.Equal(0, second.Code);
        Assert.Empty(second.Snapshotted);
        Assert.Empty(second.Transferred);
        second.Tells("Information: skipping snapshot of droplet web-1, action ");
        second.Tells("", "is on its way to region lon1");
    }

    [Fact]
    public async Task A_snapshot_of_the_same_second_does_not_hide_the_one_in_progress()
    {
        var droplet = world.AddDroplet();
        world.Plant(droplet, "by hand", TimeSpan.Zero);
        await world.PassAsync("-s", "1d");

        Assert.Empty((await world.PassAsync("-s", "1d")).Snapshotted);
    }

    [Fact]
    public async Task A_snapshot_that_is_made_but_not_yet_listed_is_not_made_again()
    {
        var droplet = world.AddDroplet();
        await world.PassAsync("-s", "1d");
        world.Clock.Advance(World.SnapshotTime + TimeSpan.FromSeconds(10));
        Assert.Empty(world.Account.SnapshotsOf(droplet));

        var outcome = await world.PassAsync("-s", "1d");

        Assert.Empty(outcome.Snapshotted);
        Assert.Contains("is completed but does not show yet", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_that_somebody_deleted_is_made_again()
    {
        var droplet = world.AddDroplet();
        await world.PassAsync("-s", "1d");
        world.Clock.Advance(2 * Hour);
        Assert.Null(world.Account.DeleteSnapshot(Assert.Single(world.Account.SnapshotsOf(droplet)).Id));

        Assert.Equal([droplet], (await world.PassAsync("-s", "1d")).Snapshotted);
    }

    [Fact]
    public async Task A_snapshot_being_transferred_is_not_deleted()
    {
        var droplet = world.AddDroplet();
        var old = world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, Hour, World.Home, "lon1");
        await world.PassAsync("-s", "1d", "-r", "lon1");

        var outcome = await world.PassAsync("-s", "1d", "-r", "lon1", "-k", "0d:1w");

        Assert.Equal(0, outcome.Code);
        Assert.Empty(outcome.Deleted);
        Assert.Empty(outcome.Transferred);
        outcome.Tells("", "guard TransferRunning holds it");
        world.Clock.Advance(World.TransferTime);
        Assert.Equal([old], (await world.PassAsync("-s", "1d", "-r", "lon1", "-k", "0d:1w")).Deleted);
    }

    [Fact]
    public async Task The_newest_is_never_deleted_whatever_the_rules_say()
    {
        var droplet = world.AddDroplet();
        var copy = world.PlantOwn(droplet, 30 * Day, World.Home, "lon1");
        var older = world.PlantOwn(droplet, 20 * Day);
        world.PlantOwn(droplet, 10 * Day);

        var outcome = await world.PassAsync("-s", "1h", "-r", "lon1", "-k", "0d:1w");

        Assert.Equal([older], outcome.Deleted);
        outcome.Tells("", "20260130T120000Z, which the rules would delete: guard NewestInRegion holds it");
        outcome.Tells("", "20260219T120000Z, which the rules would delete: guard NewestComplete holds it");
        Assert.NotNull(world.Account.Image(copy));
    }

    [Fact]
    public async Task Zero_asks_for_a_snapshot_at_every_pass_but_not_while_one_is_made()
    {
        var droplet = world.AddDroplet();
        Assert.Equal([droplet], (await world.PassAsync("-s", "0h")).Snapshotted);
        Assert.Empty((await world.PassAsync("-s", "0h")).Snapshotted);
        world.Clock.Advance(World.SnapshotTime + World.ListingLag);
        Assert.Equal([droplet], (await world.PassAsync("-s", "0h")).Snapshotted);
    }

    [Fact]
    public async Task Anchored_timing_is_due_at_its_moment_and_not_before()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 5 * Hour);
        string[] arguments = ["-s", "1d", "--timing", "anchored", "--at", "12:30"];

        var before = await world.PassAsync(arguments);
        world.Clock.Advance(TimeSpan.FromMinutes(30));
        var then = await world.PassAsync(arguments);

        Assert.Empty(before.Snapshotted);
        Assert.Equal([droplet], then.Snapshotted);
        Assert.Contains("Information: will snapshot every 1d at 12:30 UTC", then.Lines);
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_changes_nothing()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 30 * Day);
        world.PlantOwn(droplet, 2 * Day);
        string[] arguments = ["-s", "1d", "-r", "lon1", "-k", "0d:1w"];

        var dry = await world.PassAsync([.. arguments, "--dryrun", "--wait"]);
        var real = await world.PassAsync(arguments);

        Assert.Equal(0, dry.Code);
        Assert.All(dry.Calls, c => Assert.Equal("GET", c.Method));
        Assert.Contains("Information: would snapshot droplet web-1 -> web-1-autosnapshot-20260301T120000Z", dry.Lines);
        dry.Tells("Information: would delete snapshot web-1-autosnapshot-20260130T120000Z: ");
        Assert.Contains("Information: would transfer snapshot web-1-autosnapshot-20260227T120000Z to region lon1", dry.Lines);
        Assert.Equal((1, 1, 1), (real.Snapshotted.Count, real.Deleted.Count, real.Transferred.Count));
    }

    [Fact]
    public async Task It_is_told_why_each_stays_when_asked_and_what_is_done_always()
    {
        var droplet = world.AddDroplet();
        world.PlantOwn(droplet, 3 * Day);
        world.PlantOwn(droplet, 2 * Day);
        world.PlantOwn(droplet, Hour);
        string[] arguments = ["-s", "1d", "-k", "2d:1d"];

        var told = await world.PassAsync([.. arguments, "-v", "--dryrun"]);
        var quiet = await world.PassAsync(arguments);

        Assert.Contains("Debug: keeping snapshot web-1-autosnapshot-20260226T120000Z: the oldest of those that fall to 2d:1d", told.Lines);
        Assert.Contains("Debug: keeping snapshot web-1-autosnapshot-20260301T110000Z: not yet 1d old, and no rule reaches anything younger", told.Lines);
        Assert.DoesNotContain(quiet.Lines, l => l.StartsWith("Debug", StringComparison.Ordinal));
        quiet.Tells("Information: deleting snapshot web-1-autosnapshot-20260227T120000Z: only 1 d 0 h after");
        Assert.Contains(
            "Information: done in 0.0 s: snapshots begun 0, transfers begun 0, deleted 1, held by guards 0, failures 0", quiet.Lines);
    }

    [Fact]
    public async Task A_rule_younger_than_the_snapshots_is_warned_about() => Assert.Contains(
        "Warning: retention policy 3d:1h uses lower age than snapshot age (1d)", (await world.PassAsync("-s", "1d", "-k", "3d:1h")).Lines);

    [Fact]
    public async Task An_account_without_such_droplets_is_nothing_wrong() => Assert.Equal(0, (await world.PassAsync("-s", "1d")).Code);

    public void Dispose() => world.Dispose();
}
