using DoSnapshot.Contracts;
using DoSnapshot.Tests.Support;

namespace DoSnapshot.Integration.Tests.Faults;

/// <summary>The clock of the planner that leads is set a month ahead between two comparisons: by it everything is due, and old enough to go.</summary>
[Trait("Category", "Slow")]
public sealed class JumpedClockTests : IDisposable
{
    private readonly PostgresFixture _postgres;
    private readonly RabbitMqFixture _rabbitMq;
    private readonly string _clock = Path.GetTempFileName();

    public JumpedClockTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    {
        _postgres = postgres;
        _rabbitMq = rabbitMq;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_clock);

    [Fact]
    public async Task It_says_so_and_decides_nothing_until_it_is_set_right()
    {
        await using var world = await FaultWorld.StartAsync(_postgres, _rabbitMq, [], Ct, ("Planner__ReconcileEvery", "1h"));
        var platform = world.Platform;
        var now = TimeProvider.System.GetUtcNow();
        var droplet = await platform.CreateDropletAsync("db-1", tags: "thinned");
        foreach (var age in (int[])[1, 2])
        {
            await platform.PlantSnapshotAsync($"db-1-thinned-{now.AddHours(-age):yyyyMMdd'T'HHmmss'Z'}", droplet, now.AddHours(-age), "nyc3");
        }

        // One that no plan covers is seen when all is compared.
        await platform.CreateDropletAsync("cache-1", tags: "cache");
        var planner = StartPlanner(platform);
        await planner.WhenReadyAsync(Ct);
        await platform.UntilAsync("both are known", async () => (await EventsAsync()).OfType<SnapshotDiscovered>().Count() == 2, Ct);
        // A clock that jumps within a comparison, or within the look that follows, is found wrong by that, and is never in doubt.
        await platform.UntilAsync("the comparison is over", async () => (await EventsAsync()).OfType<DropletsUncovered>().Any(), Ct);
        // The day may have turned since its snapshots; then one is due, and asked for.
        var before = await EventsAsync();

        await SetAsync("30.00:00:00");
        await platform.UntilAsync(
            "it doubts its clock and finds it wrong",
            async () => planner.Output.Contains("clock is in doubt, it has jumped ahead by 43200 min", StringComparison.Ordinal)
                && await planner.HealthAsync(Ct) is { Ready: false } health
                && health.Says.Contains("This machine's clock is 43200 min ahead of DigitalOcean's: nothing is decided until it is set right", StringComparison.Ordinal),
            Ct);
        await platform.UntilAsync("it looks again", () => Task.FromResult(planner.Output.Split("failed and is repeated").Length > 2), Ct);
        Assert.Equal(before.Count, (await EventsAsync()).Count);
        // By the wrong clock there is no snapshot for a month.
        Assert.DoesNotContain("Alarm,", planner.Output, StringComparison.Ordinal);

        await SetAsync("00:00:00");
        await platform.UntilAsync("it decides again", async () => await planner.HealthAsync(Ct) is { Ready: true, Says: var says } && says.Contains("leading", StringComparison.Ordinal), Ct);
        Assert.DoesNotContain(await EventsAsync(), e => e is SnapshotExpired);

        async Task<IReadOnlyList<object>> EventsAsync() => [.. (await platform.Log.ReadAsync(0, int.MaxValue, Ct)).Select(e => e.Data)];
    }

    [Fact]
    public async Task One_that_is_wrong_from_the_beginning_raises_no_alarm_before_anything_was_compared()
    {
        await using var world = await FaultWorld.StartAsync(_postgres, _rabbitMq, [], Ct, ("Planner__ReconcileEvery", "1h"));
        var platform = world.Platform;
        var now = TimeProvider.System.GetUtcNow();
        var droplet = await platform.CreateDropletAsync("db-1", tags: "thinned");
        await platform.PlantSnapshotAsync($"db-1-thinned-{now.AddHours(-1):yyyyMMdd'T'HHmmss'Z'}", droplet, now.AddHours(-1), "nyc3");
        var earlier = StartPlanner(platform);
        await earlier.WhenReadyAsync(Ct);
        await platform.UntilAsync("it is known", async () => (await platform.Log.ReadAsync(0, int.MaxValue, Ct)).Any(e => e.Data is SnapshotDiscovered), Ct);
        await platform.KillAsync(earlier);

        await SetAsync("30.00:00:00");
        var planner = StartPlanner(platform);
        await platform.UntilAsync("it finds its clock wrong", () => Task.FromResult(planner.Output.Split("clock is 43200 min ahead of DigitalOcean's").Length > 2), Ct);
        Assert.DoesNotContain("Alarm,", planner.Output, StringComparison.Ordinal);
    }

    private ServiceProcess StartPlanner(Platform platform) => platform.Start("CrashHost", ("CrashHost__Service", "Planner"), ("CrashHost__Clock", _clock));

    /// <summary>In one step, so that nobody reads half of it.</summary>
    private async Task SetAsync(string off)
    {
        await File.WriteAllTextAsync(_clock + ".next", off, Ct);
        File.Move(_clock + ".next", _clock, overwrite: true);
    }
}
