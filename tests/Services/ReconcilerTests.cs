using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Planner;
using DoSnapshot.Sandbox;

namespace DoSnapshot.Services.Tests;

/// <summary>What the log learns from the account, and what it costs to ask.</summary>
public sealed class ReconcilerTests : IAsyncDisposable
{
    private readonly World _world = new();

    [Fact]
    public async Task It_takes_one_request_for_the_account_and_one_for_each_page()
    {
        var seed = new SandboxSeedBuilder().Fleet(450);
        for (var i = 0; i < 2000; i++)
        {
            var (name, at) = ($"droplet-{(i % 450) + 1}", World.Start.AddHours(-i));
            seed.Snapshot(name, SandboxSeeds.AutosnapshotName(name, at), at);
        }

        await using var world = new World(seed: seed.Build());
        await world.LeadAsync();

        Assert.Equal(1 + 3 + 10, world.Account.Journal.Total);
        Assert.Single(world.Calls("GET", "/v2/account"));
        Assert.Equal(3, world.Calls("GET", "/v2/droplets?").Count);
        Assert.Equal(10, world.Calls("GET", "/v2/snapshots?").Count);
        Assert.Equal(450, (await world.EventsAsync()).OfType<DropletEnrolled>().Count());
        Assert.Equal(2000, (await world.EventsAsync()).OfType<SnapshotDiscovered>().Count());

        // Nothing has changed: the same requests, and nothing to write.
        var head = await world.Log.HeadAsync(World.Ct);
        await world.ReconcileAsync();
        Assert.Equal(28, world.Account.Journal.Total);
        Assert.Equal(head, await world.Log.HeadAsync(World.Ct));
    }

    [Fact]
    public async Task The_token_of_another_account_stops_it_and_nothing_is_written()
    {
        var web = _world.AddDroplet();
        _world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        var head = await _world.Log.HeadAsync(World.Ct);

        _world.Account.Settings = _world.Account.Settings with { Owner = new SandboxOwner("ffffffffffffffffffffffffffffffff") };
        _world.AddDroplet("web-2");
        var before = _world.Account.Journal.Total;
        await Assert.ThrowsAsync<AccountMismatchException>(() => _world.ReconcileAsync());

        Assert.Equal(head, await _world.Log.HeadAsync(World.Ct));
        Assert.Equal(1, _world.Account.Journal.Total - before);

        _world.Account.Settings = _world.Account.Settings with { Owner = new SandboxOwner() };
        await _world.ReconcileAsync();
        Assert.Equal(2, (await _world.Log.LoadLedgersAsync(null, World.Ct)).Count);
    }

    [Fact]
    public async Task A_region_that_there_is_not_stops_it_and_one_that_there_is_is_looked_up_once()
    {
        await using var world = new World(World.Plan(regions: "lon1 mars1"));
        world.AddDroplet();
        var wrong = await Assert.ThrowsAsync<UnknownRegionException>(world.LeadAsync);
        Assert.Contains("Plan:Regions names 'mars1'", wrong.Message, StringComparison.Ordinal);
        Assert.Empty((await world.EventsAsync()).OfType<DropletEnrolled>());

        world.Settings.Regions = "lon1";
        await world.LeadAsync();
        await world.ReconcileAsync();
        Assert.Equal(2, world.Calls("GET", "/v2/regions").Count);
    }

    [Fact]
    public async Task A_snapshot_is_lost_when_two_listings_lack_it_and_its_own_address_too()
    {
        var web = _world.AddDroplet();
        var image = _world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();

        Assert.Null(_world.Account.DeleteSnapshot(image));
        await _world.ReconcileAsync();
        Assert.True((await _world.OnlyAsync(web)).IsComplete);
        Assert.Empty(_world.Calls("GET", $"/v2/snapshots/{image}"));

        // Lists lag behind: two that follow each other closely prove nothing.
        _world.Clock.Advance(_world.Timings.AbsenceGrace - TimeSpan.FromSeconds(1));
        await _world.ReconcileAsync();
        Assert.Empty(_world.Calls("GET", $"/v2/snapshots/{image}"));

        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.ReconcileAsync();
        Assert.Equal(SnapshotPhase.Lost, (await _world.OnlyAsync(web)).Phase);
        Assert.Single(_world.Calls("GET", $"/v2/snapshots/{image}"));

        // It turns up again: it is the same one, under the same id.
        var name = (await _world.OnlyAsync(web)).Name;
        _world.Plant(web, name, World.Start.AddHours(-2), image);
        await _world.ReconcileAsync();
        Assert.True((await _world.OnlyAsync(web)).IsComplete);
    }

    [Fact]
    public async Task A_snapshot_that_two_listings_lack_but_its_own_address_has_is_not_lost()
    {
        var web = _world.AddDroplet();
        _world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        // A listing that is short for hours.
        _world.Line.Instead = r => r.RequestUri!.PathAndQuery.StartsWith("/v2/snapshots?", StringComparison.Ordinal)
            ? new HttpResponseMessage { Content = new StringContent("""{"snapshots":[],"links":{},"meta":{"total":0}}""") }
            : null;
        for (var i = 0; i < 4; i++)
        {
            await _world.ReconcileAsync();
            _world.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        Assert.True((await _world.OnlyAsync(web)).IsComplete);
    }

    [Fact]
    public async Task A_renamed_droplet_keeps_its_snapshots_and_those_made_under_any_of_its_names_are_its_own()
    {
        var web = _world.AddDroplet();
        var old = _world.PlantOld(web, "web-1", World.Start.AddDays(-3));
        await _world.LeadAsync();
        Assert.Null(_world.Account.RenameDroplet(web, "front-1").Error);
        await _world.ReconcileAsync();
        var late = _world.PlantOld(web, "web-1", World.Start.AddDays(-2));
        var @new = _world.PlantOld(web, "front-1", World.Start.AddDays(-1));
        await _world.ReconcileAsync();

        var ledger = await _world.LedgerAsync(web);
        Assert.Equal("front-1", ledger.Droplet!.Name);
        Assert.Equal(["front-1", "web-1"], ledger.Droplet.Names);
        Assert.Equal(new HashSet<long?> { old, late, @new }, ledger.Snapshots.Select(s => s.ImageId).ToHashSet());
        Assert.Single((await _world.EventsAsync()).OfType<DropletRenamed>());
    }

    [Fact]
    public async Task A_droplet_that_lost_the_tag_keeps_its_snapshots_and_gets_no_more()
    {
        await using var world = new World(World.Plan(keep: "0h:1d"));
        var web = world.AddDroplet();
        world.PlantOld(web, "web-1", World.Start.AddHours(-20));
        world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await world.LeadAsync();
        Assert.Null(world.Account.UntagDroplet(web, "autosnapshot").Error);

        await world.RunAsync(TimeSpan.FromDays(10), TimeSpan.FromMinutes(15));

        Assert.Equal(2, world.Account.State().Snapshots.Count);
        Assert.Empty(world.Calls("POST"));
        Assert.Empty(world.Calls("DELETE"));
        Assert.Single((await world.EventsAsync()).OfType<DropletWithdrawn>());

        // The tag comes back, and all goes on: one is made, and those that are too old by now go.
        Assert.Null(world.Account.TagDroplet(web, "autosnapshot").Error);
        await world.RunAsync(TimeSpan.FromHours(1));
        Assert.Single(world.Calls("POST"));
        Assert.True(Assert.Single(world.Account.State().Snapshots).CreatedAt > World.Start);
    }

    [Fact]
    public async Task A_snapshot_of_a_droplet_that_left_is_lost_like_any_other()
    {
        var web = _world.AddDroplet();
        var image = _world.PlantOld(web, "web-1", World.Start.AddHours(-2));
        await _world.LeadAsync();
        Assert.True(_world.Account.DestroyDroplet(web));
        await _world.ReconcileAsync();
        Assert.True((await _world.OnlyAsync(web)).IsComplete);

        Assert.Null(_world.Account.DeleteSnapshot(image));
        for (var i = 0; i < 3; i++)
        {
            await _world.ReconcileAsync();
            _world.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        Assert.Equal(SnapshotPhase.Lost, (await _world.OnlyAsync(web)).Phase);
        Assert.Single((await _world.EventsAsync()).OfType<SnapshotLost>());
    }

    [Fact]
    public async Task A_plan_under_a_new_name_takes_the_droplets_with_it_and_touches_nothing_that_the_old_one_made()
    {
        var (web, db) = (_world.AddDroplet(), _world.AddDroplet("db-1"));
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromHours(1));
        // The other plan's tag is another, too: one droplet comes along, the other stays behind.
        _world.Settings.Name = "production";
        _world.Settings.Tag = "production";
        _world.Settings.Keep = "0h:0h";
        Assert.Null(_world.Account.TagDroplet(web, "production").Error);
        await _world.LeadAsync();

        Assert.Equal("production", (await _world.LedgerAsync(web)).Droplet!.Plan);
        Assert.Null((await _world.LedgerAsync(db)).Droplet!.Plan);

        var made = _world.Calls("POST").Count;
        await _world.RunAsync(TimeSpan.FromDays(2), TimeSpan.FromMinutes(15));
        Assert.All(_world.Calls("POST").Skip(made), c => Assert.Contains($"/droplets/{web}/", c.Path, StringComparison.Ordinal));
        Assert.Contains(_world.Account.State().Snapshots, s => s.DropletId == db);
        Assert.Equal(1, (await _world.LedgerAsync(web)).Snapshots.Count(s => s is { Plan: "default", IsComplete: true }));
    }

    [Fact]
    public async Task A_droplet_that_a_listing_skipped_is_looked_at_before_it_is_let_go()
    {
        var web = _world.AddDroplet();
        await _world.LeadAsync();
        _world.Line.Instead = r => r.RequestUri!.PathAndQuery.StartsWith("/v2/droplets?", StringComparison.Ordinal)
            ? new HttpResponseMessage { Content = new StringContent("""{"droplets":[],"links":{},"meta":{"total":0}}""") }
            : null;

        await _world.ReconcileAsync();

        Assert.Equal("default", (await _world.LedgerAsync(web)).Droplet!.Plan);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
