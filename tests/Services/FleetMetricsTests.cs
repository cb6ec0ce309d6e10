using System.Diagnostics.Metrics;
using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Telemetry;
using DoSnapshot.Lifecycle;
using DoSnapshot.Planner;
using Microsoft.Extensions.DependencyInjection;

namespace DoSnapshot.Services.Tests;

/// <summary>What is measured of a fleet, in simulated time.</summary>
public sealed class FleetMetricsTests : IAsyncDisposable
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    private readonly World _world = new(World.Plan(regions: "lon1"));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<(string Name, double Value, Dictionary<string, string> Labels)> _read = [];
    private readonly MeterListener _listener = new();
    private readonly FleetMetrics _metrics;

    public FleetMetricsTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Those of this test alone.
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            _read.Add((instrument.Name, value, tags.ToArray().ToDictionary(t => t.Key, t => (string)t.Value!))));
        _listener.Start();
        _metrics = new FleetMetrics(meters, _world.ClockWatch, _world.Clock);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _metrics.Dispose();
        await _services.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_droplet_whose_snapshot_is_made_in_time_has_an_age_of_less_than_a_day_and_a_ratio_below_one()
    {
        var web = _world.AddDroplet();
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(3), AnHour);

        await LookAsync();

        var newest = _world.Account.State().Snapshots.Max(s => s.CreatedAt);
        Assert.Equal((_world.Now - newest).TotalSeconds, Value(Measures.NewestGoodAge, ("droplet_id", $"{web}"), ("droplet_name", "web-1"), ("plan", "default")), 3);
        Assert.Equal((_world.Now - newest) / TimeSpan.FromDays(1), Value(Measures.NewestGoodAgeRatio, ("droplet_id", $"{web}")), 6);
        Assert.Equal(86_400, Value(Measures.PlanEvery, ("plan", "default")));
        Assert.Equal(_world.Account.State().Snapshots.Count, Value(Measures.Complete, ("plan", "default")));
        Assert.Equal(1, Value(Measures.Droplets, ("plan", "default"), ("condition", "good")));
        Assert.All(Of(Measures.Alarms), a => Assert.Equal(0, a.Value));
        Assert.Empty(Of(Measures.AlarmAge));

        // Between two rounds the age grows, and nothing is read anew; so does the age of the look itself, until nobody leads here.
        var before = Value(Measures.NewestGoodAge);
        Assert.Equal(0, Value(Measures.FleetAge));
        _world.Clock.Advance(AnHour);
        Assert.Equal(before + 3600, Value(Measures.NewestGoodAge), 3);
        Assert.Equal(3600, Value(Measures.FleetAge));
        _metrics.Idle();
        Assert.Empty(Of(Measures.FleetAge));
    }

    [Fact]
    public async Task By_a_clock_that_was_found_wrong_nothing_is_older_than_it_is()
    {
        _world.AddDroplet();
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(3), AnHour);
        await LookAsync();
        var (age, ratio) = (Value(Measures.NewestGoodAge), Value(Measures.NewestGoodAgeRatio));

        // It is two hours behind; by the clock alone, all would seem younger by as much.
        _world.ClockWatch.Differs(TimeSpan.FromHours(2));
        Assert.Equal(age + 7200, Value(Measures.NewestGoodAge), 3);
        Assert.Equal(ratio + (2 / 24.0), Value(Measures.NewestGoodAgeRatio), 6);
        Assert.Equal(0, Value(Measures.FleetAge));

        // It is two hours ahead.
        _world.ClockWatch.Differs(-TimeSpan.FromHours(2));
        Assert.Equal(age - 7200, Value(Measures.NewestGoodAge), 3);
        await LookAsync();
        Assert.Equal(age - 7200, Value(Measures.NewestGoodAge), 3);
        Assert.Equal(0, Value(Measures.FleetAge));
    }

    [Fact]
    public async Task What_goes_wrong_is_counted_and_the_ratio_is_above_two_when_the_alarm_is_on_and_not_before()
    {
        var web = _world.AddDroplet();
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(1), AnHour);
        _world.Line.Instead = request => request.Method == HttpMethod.Post
            ? new HttpResponseMessage(System.Net.HttpStatusCode.UnprocessableEntity) { Content = new StringContent("""{"id":"unprocessable_entity","message":"no"}""") } : null;

        var (on, off) = (0, 0);
        for (var hour = 0; hour < 72; hour++)
        {
            await _world.RunAsync(AnHour, AnHour);
            await LookAsync();
            var isOn = Value(Measures.Alarms, ("kind", "no_good_snapshot")) == 1;
            Assert.Equal(isOn, Value(Measures.NewestGoodAgeRatio, ("droplet_id", $"{web}")) > 2);
            Assert.Equal(isOn, Of(Measures.AlarmAge).Any(a => a.Labels["kind"] == "no_good_snapshot" && a.Labels["droplet_id"] == $"{web}"));
            _ = isOn ? on++ : off++;
        }

        Assert.True(on > 10 && off > 10, $"{on} {off}");
        Assert.Equal(1, Value(Measures.Droplets, ("plan", "default"), ("condition", "alarm")));
    }

    [Fact]
    public async Task A_paused_droplet_is_promised_nothing()
    {
        var web = _world.AddDroplet();
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(1), AnHour);
        await _world.Log.DecideAsync(web, _ => [new NewEvent(Streams.OfDroplet(web), new DropletPaused(web, "ann", "moving", _world.Now))], World.Ct);
        await _world.RunAsync(TimeSpan.FromDays(5), AnHour);

        await LookAsync();

        Assert.Empty(Of(Measures.NewestGoodAgeRatio));
        Assert.InRange(Value(Measures.NewestGoodAge), TimeSpan.FromDays(4).TotalSeconds, TimeSpan.FromDays(7).TotalSeconds);
        Assert.Equal(1, Value(Measures.Droplets, ("plan", "default"), ("condition", "paused")));
    }

    [Fact]
    public async Task Copies_that_are_wanted_are_counted_by_region()
    {
        _world.AddDroplet();
        await _world.LeadAsync();
        _world.Line.Instead = request => request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.Contains("/images/", StringComparison.Ordinal)
            ? new HttpResponseMessage(System.Net.HttpStatusCode.TooManyRequests) { Content = new StringContent("{}") } : null;
        await _world.RunAsync(TimeSpan.FromHours(2), TimeSpan.FromMinutes(10));

        await LookAsync();

        Assert.Equal(1, Value(Measures.AwaitingTransfer, ("region", "lon1")));
        Assert.Equal(1, Value(Measures.Deferred, ("command", "transfer")));
    }

    [Fact]
    public async Task Whoever_does_not_lead_tells_nothing()
    {
        _world.AddDroplet();
        await _world.LeadAsync();
        await _world.RunAsync(TimeSpan.FromDays(1), AnHour);
        Assert.Empty(Read());

        await LookAsync();
        Assert.NotEmpty(Read());

        _metrics.Idle();
        Assert.Empty(Read());
    }

    private async Task LookAsync()
    {
        var fleet = await _world.Decider.LookAsync(World.Ct);
        _world.Alarms.Look(fleet);
        _metrics.Look(fleet, _world.Alarms.On, _world.Decider.InForce);
    }

    private List<(string Name, double Value, Dictionary<string, string> Labels)> Read()
    {
        _read.Clear();
        _listener.RecordObservableInstruments();
        return _read;
    }

    private List<(string Name, double Value, Dictionary<string, string> Labels)> Of(Measure measure, params (string Label, string Value)[] labels) =>
        [.. Read().Where(r => r.Name == measure.Name && labels.All(l => r.Labels.GetValueOrDefault(l.Label) == l.Value))];

    private double Value(Measure measure, params (string Label, string Value)[] labels) => Assert.Single(Of(measure, labels)).Value;
}
