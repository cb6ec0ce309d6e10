using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Planner;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Services.Tests;

/// <summary>Planner and pruner where more would go at once than a slip should cost.</summary>
public sealed class BrakeTests : IAsyncDisposable
{
    private readonly World _world = new(World.Plan(keep: "0h:1d"));

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_is_taken_over_and_would_go_for_the_most_part_waits_for_an_operator_and_everything_else_goes_on()
    {
        var droplets = Fleet(droplets: 3, old: 5);
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromHours(30), TimeSpan.FromMinutes(10));

        Assert.Empty(_world.Calls("DELETE"));
        // One at once for each, since none is of the last occurrence, and one at 03:00.
        Assert.Equal(6, _world.Calls("POST").Count);
        var brake = Assert.Single((await _world.EventsAsync()).OfType<BrakeApplied>());
        Assert.Equal(("default", null, "12 of 15 snapshots of plan 'default' would go within a day"), (brake.Plan, brake.DropletId, brake.Detail));
        Assert.Contains("nothing of plan 'default' expires since 2026-03-01T12:", Assert.Single(_world.Decider.Brakes), StringComparison.Ordinal);

        await _world.ReleaseAsync();
        await _world.RunAsync(TimeSpan.FromMinutes(10));
        // The five that were taken over, and the one made at noon, which has come of age since.
        Assert.Equal(18, _world.Calls("DELETE").Count);
        Assert.Empty(_world.Decider.Brakes);
        foreach (var droplet in droplets)
        {
            Assert.Single((await _world.LedgerAsync(droplet)).Snapshots, s => s.IsComplete);
        }
    }

    [Fact]
    public async Task A_slip_in_the_plan_costs_nothing_and_mended_it_needs_no_release()
    {
        _world.Settings.Keep = "0h:1m";
        Fleet(droplets: 3, old: 5);
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));
        Assert.Empty(_world.Calls("DELETE"));

        // Meant was 1m.
        _world.Settings.Keep = "0h:1h";
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));
        Assert.Empty(_world.Calls("DELETE"));
        Assert.Single(_world.Decider.Brakes);

        _world.Settings.Keep = "0h:1m";
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));
        Assert.Empty(_world.Calls("DELETE"));
        Assert.Empty(_world.Decider.Brakes);
    }

    [Fact]
    public async Task Many_droplets_lose_one_by_one_no_more_than_all_at_once()
    {
        // Each comes of age an hour after the other, and each loses three of four, which the brake on one droplet lets go.
        var droplets = Enumerable.Range(0, 8).Select(i => _world.AddDroplet($"web-{i}")).ToList();
        foreach (var (hour, droplet) in droplets.Index())
        {
            foreach (var i in Enumerable.Range(0, 3))
            {
                Plant(droplet, $"web-{hour}", World.Start.AddDays(-1).AddHours(hour + 1).AddMinutes(i));
            }
        }

        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromHours(12), TimeSpan.FromMinutes(10));

        // A quarter of them is new; half of all is 16.
        Assert.InRange(_world.Calls("DELETE").Count, 10, 16);
        Assert.Single(_world.Decider.Brakes);
    }

    [Fact]
    public async Task What_had_expired_when_the_brake_came_on_is_not_deleted()
    {
        var droplet = Fleet(droplets: 1, old: 2)[0];
        await _world.LeadAsync();
        // The older of the two expires, and the brake comes on before the pruner has the message.
        await _world.Decider.DecideAllAsync(World.Ct);
        Assert.Single((await _world.LedgerAsync(droplet)).Snapshots, s => s.Phase is SnapshotPhase.Expired);
        await _world.Log.DecideFleetAsync(
            _ => [new Lifecycle.NewEvent("plan/default", new BrakeApplied("default", null, "too much", _world.Now, 1))], World.Ct);
        await _world.DeliverAsync();

        Assert.Empty(_world.Calls("DELETE"));
        Assert.Equal([Guard.Brake], (await _world.EventsAsync()).OfType<ExpiryWithdrawn>().Select(e => e.Guard));
    }

    [Fact]
    public async Task A_fact_about_one_droplet_lets_nothing_of_it_expire_before_the_plan_was_checked()
    {
        var droplet = Fleet(droplets: 1, old: 2)[0];
        Plant(droplet, "web-0", World.Start.AddHours(-10));
        await _world.LeadAsync();
        Assert.DoesNotContain(await _world.Decider.DecideOneAsync(droplet, World.Ct), e => e.Data is SnapshotExpired);
        await _world.Decider.DecideAllAsync(World.Ct);
        Assert.Equal(2, (await _world.EventsAsync()).OfType<SnapshotExpired>().Count());
    }

    [Fact]
    public async Task Health_says_that_it_is_on()
    {
        var status = new PlannerStatus();
        status.Reconciled();
        status.Braked(["nothing of plan 'default' expires since noon: all would go"]);
        var result = await status.CheckHealthAsync(new HealthCheckContext(), World.Ct);
        Assert.Equal(
            (HealthStatus.Healthy, "leading; the brake is on, nothing of plan 'default' expires since noon: all would go"), (result.Status, result.Description));
    }

    private long[] Fleet(int droplets, int old)
    {
        var ids = Enumerable.Range(0, droplets).Select(i => _world.AddDroplet($"web-{i}")).ToArray();
        foreach (var (i, id) in ids.Index())
        {
            foreach (var day in Enumerable.Range(2, old))
            {
                Plant(id, $"web-{i}", World.Start.AddDays(-day));
            }
        }

        return ids;
    }

    private void Plant(long droplet, string name, DateTimeOffset at) => _world.PlantOld(droplet, name, at);
}
