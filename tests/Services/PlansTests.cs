using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Planner;
using DoSnapshot.Planner.Plans;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Services.Tests;

/// <summary>Several plans in one planner: each droplet goes by its own, and what becomes of it when plans or tags change.</summary>
public sealed class PlansTests : IAsyncDisposable
{
    private readonly World _world = new(plans:
    [
        World.Stating("web", every: "12h", keep: ["0h:1d"], regions: ["lon1"]),
        World.Stating("db", every: "1d", regions: ["ams3"]),
    ]);

    [Fact]
    public async Task Each_droplet_goes_by_its_own_plan()
    {
        var (web, db, other) = (_world.AddDroplet("web-1", "web"), _world.AddDroplet("db-1", "db"), _world.AddDroplet("other", "autosnapshot"));
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(4), TimeSpan.FromMinutes(5));

        var there = _world.Account.State().Snapshots.ToLookup(s => s.DropletId);
        // Web's rule lets none grow older than a day, and db has none.
        Assert.InRange(there[web].Count(), 2, 3);
        Assert.Equal(5, there[db].Count());
        Assert.Empty(there[other]);
        Assert.All(there[web], s => Assert.StartsWith("web-1-web-", s.Name, StringComparison.Ordinal));
        Assert.All(there[db], s => Assert.StartsWith("db-1-db-", s.Name, StringComparison.Ordinal));
        Assert.All(there[web], s => Assert.DoesNotContain("ams3", s.Regions));
        Assert.All(there[db].OrderBy(s => s.CreatedAt).SkipLast(1), s => Assert.Equal([World.Home, "ams3"], s.Regions.OrderDescending()));
    }

    [Fact]
    public async Task It_takes_a_request_for_each_page_of_each_tag()
    {
        _world.AddDroplet("web-1", "web");
        _world.AddDroplet("db-1", "db");
        await _world.LeadAsync();
        Assert.Equal(2, _world.Calls("GET", "/v2/droplets?").Count);
        Assert.Single(_world.Calls("GET", "/v2/snapshots?"));
        Assert.Single(_world.Calls("GET", "/v2/regions"));

        await _world.ReconcileAsync();
        Assert.Single(_world.Calls("GET", "/v2/regions"));
    }

    [Fact]
    public async Task A_region_that_there_is_not_is_named_with_its_plan_and_nothing_is_decided()
    {
        _world.Stated = [World.Stating("web", regions: ["lon1", "mars1"]), World.Stating("db", regions: ["venus2", "mars1"])];
        await using var world = new World(plans: _world.Stated);
        world.AddDroplet("web-1", "web");

        var wrong = await Assert.ThrowsAsync<UnknownRegionException>(world.LeadAsync);

        Assert.StartsWith(
            "plans.yaml: db: regions names 'venus2', 'mars1', which DigitalOcean does not have; plans.yaml: web: regions names 'mars1', which DigitalOcean does not have. It has ",
            wrong.Message,
            StringComparison.Ordinal);
        Assert.Empty((await world.EventsAsync()).OfType<DropletEnrolled>());
    }

    [Fact]
    public async Task A_tag_keeps_a_droplet_out_of_its_plan_for_as_long_as_it_has_it()
    {
        _world.Stated = [_world.Stated[0] with { Terms = _world.Stated[0].Terms with { OptOutTag = "no-snapshots" } }];
        var (web, never) = (_world.AddDroplet("web-1", "web"), _world.AddDroplet("web-2", "web", "No-Snapshots"));
        await _world.LeadAsync();
        Assert.Null((await _world.LedgerAsync(never)).Droplet);

        Assert.Null(_world.Account.TagDroplet(web, "no-snapshots").Error);
        await _world.ReconcileAsync();
        Assert.Equal(
            "the droplet has the tag 'no-snapshots', which keeps it out of plan 'web'",
            Assert.Single((await _world.EventsAsync()).OfType<DropletWithdrawn>()).Reason);
        await _world.RunAsync(TimeSpan.FromDays(1), TimeSpan.FromMinutes(15));
        Assert.Empty(_world.Calls("POST"));

        Assert.Null(_world.Account.UntagDroplet(web, "no-snapshots").Error);
        await _world.RunAsync(TimeSpan.FromHours(1));
        Assert.Equal("web", (await _world.LedgerAsync(web)).Droplet!.Plan);
        Assert.Single(_world.Calls("POST"), c => c.Path.Contains($"/{web}/actions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_droplet_with_the_tags_of_two_plans_is_said_and_loses_nothing_until_it_has_one()
    {
        var web = _world.AddDroplet("web-1", "web");
        for (var days = 5; days > 1; days--)
        {
            _world.Plant(web, $"web-1-web-{World.Start.AddDays(-days):yyyyMMdd'T'HHmmss'Z'}", World.Start.AddDays(-days));
        }

        Assert.Null(_world.Account.TagDroplet(web, "db").Error);
        await _world.LeadAsync();
        // A new droplet joins the first by name; it is in none yet.
        Assert.Equal(["db", "web"], Assert.Single((await _world.EventsAsync()).OfType<PlansOverlapped>()).Plans);
        Assert.Equal("db", (await _world.LedgerAsync(web)).Droplet!.Plan);
        Assert.Equal(
            $"Droplet {web} ('web-1') has the tags of plans 'db', 'web': nothing of it expires until it has the tag of one",
            Assert.Single(_world.Reconciler.Overlaps));

        await _world.RunAsync(TimeSpan.FromDays(2), TimeSpan.FromMinutes(10));
        Assert.Empty(_world.Calls("DELETE"));
        Assert.Equal(3, _world.Calls("POST", $"/v2/droplets/{web}/actions").Count);
        Assert.Single((await _world.EventsAsync()).OfType<PlansOverlapped>());

        Assert.Null(_world.Account.UntagDroplet(web, "db").Error);
        await _world.RunAsync(TimeSpan.FromHours(2), TimeSpan.FromMinutes(5));
        Assert.Empty(_world.Reconciler.Overlaps);
        Assert.Equal("web", (await _world.LedgerAsync(web)).Droplet!.Plan);
        // Those with web's name are web's by now. Its rule lets all of them go: three before there is a newer one, and with the fourth it is too much.
        Assert.Equal(3, _world.Calls("DELETE").Count);
        Assert.Equal([web], Braking.InForce([await _world.LedgerAsync(web)], _world.Now).Select(b => b.DropletId!.Value));
        await _world.ReleaseAsync(web, "web");
        await _world.RunAsync(TimeSpan.FromMinutes(10));

        // What db made stays as it is.
        Assert.Equal(4, _world.Calls("DELETE").Count);
        Assert.Equal(3, (await _world.LedgerAsync(web)).Snapshots.Count(s => s is { Plan: "db", IsComplete: true }));
    }

    [Theory]
    [InlineData(OrphanHandling.Keep, 0)]
    [InlineData(OrphanHandling.Apply, 2)]
    public async Task Of_a_plan_that_is_stated_no_more_nothing_is_made_and_goes_only_what_it_says(OrphanHandling orphans, int deleted)
    {
        var (web, db) = (_world.AddDroplet("web-1", "web"), _world.AddDroplet("db-1", "db"));
        _world.Stated = [_world.Stated[0] with { Terms = _world.Stated[0].Terms with { Keep = ["0h:10d"], Orphans = orphans } }, _world.Stated[1]];
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(1), TimeSpan.FromMinutes(5));
        var made = _world.Calls("POST", $"/v2/droplets/{web}/actions").Count;
        Assert.Equal(3, made);

        _world.Stated = [_world.Stated[1]];
        await _world.LeadAsync();
        Assert.Equal("plan 'web' is no more", Assert.Single((await _world.EventsAsync()).OfType<DropletWithdrawn>()).Reason);
        await _world.RunAsync(TimeSpan.FromDays(20), TimeSpan.FromMinutes(30));

        Assert.Equal(made, _world.Calls("POST", $"/v2/droplets/{web}/actions").Count);
        Assert.Equal(deleted, _world.Calls("DELETE").Count);
        var left = _world.Account.State().Snapshots.Where(s => s.DropletId == web).ToList();
        Assert.Equal(made - deleted, left.Count);
        // The newest of a droplet stays in any case.
        Assert.Equal((await _world.LedgerAsync(web)).Snapshots.Max(s => s.CreatedAt), left.Max(s => s.CreatedAt));
        Assert.InRange(_world.Account.State().Snapshots.Count(s => s.DropletId == db), 21, 22);
    }

    [Theory]
    [InlineData(OrphanHandling.Keep, 3)]
    [InlineData(OrphanHandling.Apply, 1)]
    public async Task What_a_destroyed_droplet_left_goes_by_its_plan_where_that_says_so(OrphanHandling orphans, int left)
    {
        var web = _world.AddDroplet("web-1", "web");
        _world.Stated = [_world.Stated[0] with { Terms = _world.Stated[0].Terms with { Keep = ["0h:10d"], Orphans = orphans } }];
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(1), TimeSpan.FromMinutes(5));
        Assert.True(_world.Account.DestroyDroplet(web));

        await _world.RunAsync(TimeSpan.FromDays(15), TimeSpan.FromMinutes(30));

        Assert.Equal(left, _world.Account.State().Snapshots.Count(s => s.DropletId == web));
        Assert.Equal(3 - left, (await _world.EventsAsync()).OfType<SnapshotPruned>().Count());
        Assert.All((await _world.LedgerAsync(web)).Snapshots, s => Assert.True(s.Phase is SnapshotPhase.Complete or SnapshotPhase.Pruned));
    }

    [Fact]
    public async Task A_planner_that_is_started_again_writes_nothing()
    {
        _world.AddDroplet("web-1", "web");
        await _world.LeadAsync();
        var head = await _world.Log.HeadAsync(World.Ct);
        await _world.LeadAsync();
        Assert.Equal(head, await _world.Log.HeadAsync(World.Ct));
    }

    [Fact]
    public async Task A_planner_that_leads_again_after_a_newer_one_goes_by_the_log_until_it_is_started_again()
    {
        var older = _world.Keeper;
        await older.ApplyAsync(World.Ct);
        _world.Stated = [_world.Stated[0]];
        await _world.Keeper.ApplyAsync(World.Ct);
        var head = await _world.Log.HeadAsync(World.Ct);

        await older.ApplyAsync(World.Ct);

        Assert.Equal(head, await _world.Log.HeadAsync(World.Ct));
        Assert.Equal(["web"], (await _world.Log.LoadFleetFactsAsync(World.Ct)).InForce.Select(p => p.Name));
    }

    [Fact]
    public async Task A_standby_that_never_led_does_not_bring_back_what_it_was_started_with()
    {
        await _world.Keeper.ApplyAsync(World.Ct);
        var standby = _world.Keeper;
        await standby.NoteAsync(World.Ct);
        _world.Stated = [_world.Stated[0]];
        var newer = _world.Keeper;
        await newer.NoteAsync(World.Ct);
        await newer.ApplyAsync(World.Ct);
        var head = await _world.Log.HeadAsync(World.Ct);

        await standby.ApplyAsync(World.Ct);

        Assert.Equal(head, await _world.Log.HeadAsync(World.Ct));
        Assert.NotNull(standby.NotUsed);
        Assert.Null(newer.NotUsed);
        Assert.Equal(["web"], (await _world.Log.LoadFleetFactsAsync(World.Ct)).InForce.Select(p => p.Name));
    }

    [Fact]
    public void What_each_plan_does_and_what_it_cannot_do_is_said_at_start()
    {
        var lines = new RecordingLogger();
        var plans = new PlanSet([World.Stating("good", keep: ["1w:1m", "0h:6m"]), World.Stating("bad", every: "1w", keep: ["1d:1m", "0h:6m"]), World.Stating("short", every: "1h", keep: ["0h:12h"]), World.Stating("shorter", every: "12h", keep: ["0h:1d"]), World.Stating("shortest", keep: ["0h:12h"])]);

        PlanLint.Say(new ConfiguredPlans(plans, "plans.yaml", false, (plan, term) => $"plans.yaml: {plan}: {term}"), lines);

        Assert.Equal(
            [
                "Information: Plan 'bad', droplets with the tag 'bad': A snapshot is taken every week",
                "Warning: plans.yaml: bad: keep: 1d:1m cannot be met: it asks for one every day, but only one every 7 days comes to it, and it gives one every 7 days",
                "Information: Plan 'good', droplets with the tag 'good': A snapshot is taken every day",
                "Information: Plan 'short', droplets with the tag 'short': A snapshot is taken every hour",
                "Warning: plans.yaml: short: brake: in its ordinary course the plan lets 12 of 23 snapshots of a droplet go within a day, "
                + "which the brake holds for an operator: keep more of them, or turn the brake off",
                "Information: Plan 'shorter', droplets with the tag 'shorter': A snapshot is taken every 12 hours",
                "Warning: plans.yaml: shorter: brake: in its ordinary course the plan lets 2 of 3 snapshots of a droplet go within a day, "
                + "which with 6 droplets or more the brake holds for an operator: keep more of them, or turn the brake off",
                "Information: Plan 'shortest', droplets with the tag 'shortest': A snapshot is taken every day",
                "Warning: plans.yaml: shortest: keep: 0h:12h deletes the last snapshot before the next is taken: for 12 hours of every day there is none, "
                + "were it not that guard NewestComplete holds the newest",
            ],
            lines.Lines.Select(l => l.Split(" and kept", 2)[0]));
    }

    [Fact]
    public async Task Health_says_which_droplets_have_the_tags_of_several_plans_and_is_well_all_the_same()
    {
        var status = new PlannerStatus();
        status.Reconciled();
        status.Overlapping([.. Enumerable.Range(1, 7).Select(i => $"droplet {i}")]);
        var health = await status.CheckHealthAsync(new(), World.Ct);
        Assert.Equal(
            (HealthStatus.Healthy, "leading; droplet 1; droplet 2; droplet 3; droplet 4; droplet 5; and 2 more of this kind"),
            (health.Status, health.Description));

        status.Idle();
        Assert.Equal("standing by", (await status.CheckHealthAsync(new(), World.Ct)).Description);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
