using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Planner;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>A large account: none of its droplets is left out.</summary>
public sealed class CardinalityTests
{
    private const int Droplets = 2_500;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_of_thousands_of_droplets_has_its_series()
    {
        var clock = new Fixed(Start.AddDays(3));
        var log = new InMemoryEventLog(clock);
        var terms = new PlanTerms("autosnapshot", "$droplet-", "1d", "03:00", "0h", [], [], 1, PlanTiming.Anchored);
        await log.DecideFleetAsync(_ => [new NewEvent(Streams.OfPlan("default"), new PlanChanged("default", 1, terms, Start))], Ct);
        for (var id = 1L; id <= Droplets; id++)
        {
            await log.DecideAsync(id, _ => [new NewEvent(Streams.OfDroplet(id), new DropletEnrolled(id, $"web-{id}", "default", Start))], Ct);
        }

        var fleet = await log.LoadLedgersAsync(null, Ct);
        FleetMetrics? metrics = null;
        var all = await Scrape.ReadAsync(
            meters =>
            {
                metrics = new FleetMetrics(meters, new ClockWatch(clock, new LifecycleTimings()), clock);
                metrics.Look(fleet, Alarms.Of(fleet, clock.GetUtcNow(), new LifecycleTimings()), []);
            },
            Ct);

        Assert.Equal(Droplets, all.Of("dosnapshot_snapshot_newest_good_age_ratio", ("plan", "default")).DistinctBy(s => s.Labels["droplet_id"]).Count());
        Assert.All(all.Of("dosnapshot_snapshot_newest_good_age_ratio"), s => Assert.Equal(3, s.Value, 6));
        Assert.Equal(Droplets, all.Of("dosnapshot_alarm_age_seconds", ("kind", "no_good_snapshot")).Count());
        Assert.DoesNotContain("overflow", all.Text, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Droplets} droplets, each late: {all.All.Count} series, {all.Text.Length / 1024} KB");
        metrics!.Dispose();
    }

    [Fact]
    public async Task Where_it_is_off_there_is_nothing()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => Scrape.ReadAsync(_ => { }, Ct, "--Telemetry:Prometheus=false"));
        Assert.Empty((await Scrape.ReadAsync(_ => { }, Ct)).Of("dosnapshot_alarms"));
    }

    private sealed class Fixed(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
