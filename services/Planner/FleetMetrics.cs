using System.Diagnostics.Metrics;
using DoSnapshot.Hosting.Telemetry;
using DoSnapshot.Inquiry.Status;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Planner;

/// <summary>
/// What is measured of the fleet, by what the planner that leads has read for its decisions anyway: a scrape reads what is at hand, and asks the log
/// nothing. Worked out by whoever collects first after a round, so that a round is neither slower by it nor in its danger.
/// </summary>
public sealed class FleetMetrics : IDisposable
{
    private readonly ClockWatch clock;
    private readonly TimeProvider time;
    private readonly Meter meter;
    private readonly Instrument age;
    private volatile Known? known;

    /// <summary>Measures by a meter of this factory, and by what is believed of this clock: what is wrong with it makes nothing old.</summary>
    public FleetMetrics(IMeterFactory meters, ClockWatch clock, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(meters);
        (this.clock, this.time) = (clock, time);
        meter = meters.Create(Measures.MeterName);
        age = Add(Measures.NewestGoodAge, (f, now) => f.Droplets.Where(d => d.NewestAt is not null)
            .Select(d => Measures.NewestGoodAge.Read(Math.Max(0, (now - d.NewestAt!.Value).TotalSeconds), d.Id, d.Name, d.Plan)));
        Add(Measures.NewestGoodAgeRatio, (f, now) => f.Droplets.Where(d => d.Promise is not null)
            .Select(d => Measures.NewestGoodAgeRatio.Read(d.Promise!.WaitedAt(now), d.Id, d.Name, d.Plan)));
        Add(Measures.PlanEvery, (f, _) => f.Every.Select(p => Measures.PlanEvery.Read(p.Value.TotalSeconds, p.Key)));
        Add(Measures.Droplets, (f, _) => f.Conditions.Select(c => Measures.Droplets.Read(c.Value, c.Key.Plan, Measure.ValueOf(c.Key.Condition))));
        AddByPlan(Measures.Complete, p => p.Complete);
        AddByPlan(Measures.Size, p => (double)p.Gigabytes);
        AddByPlan(Measures.Pending, p => p.Pending);
        AddByPlan(Measures.AtWork, p => p.AtWork);
        AddByPlan(Measures.Leaving, p => p.Leaving);
        AddByPlan(Measures.Held, p => p.Held);
        Add(Measures.AwaitingTransfer, (f, _) => f.Awaiting.Select(a => Measures.AwaitingTransfer.Read(a.Value, a.Key)));
        Add(Measures.Deferred, (f, _) => f.Deferred.Select(d => Measures.Deferred.Read(d.Value, d.Key)));
        Add(Measures.Brakes, (f, _) => f.Brakes.Select(b => Measures.Brakes.Read(b.Value, b.Key.Plan, b.Key.Scope)));
        Add(Measures.OwedPower, (f, _) => [Measures.OwedPower.Read(f.OwedPower)]);
        Add(Measures.Alarms, (f, _) => f.Alarms.Select(a => Measures.Alarms.Read(a.Value, Measure.ValueOf(a.Key))));
        Add(Measures.AlarmAge, (f, now) => f.AlarmsOn.Select(a => Measures.AlarmAge.Read(
            Math.Max(0, (now - a.Since).TotalSeconds), Measure.ValueOf(a.Kind), a.Id, a.Name, a.Plan)));
        // Told even where the figures cannot be worked out.
        meter.Gauge(Measures.FleetAge, () => known is { } last ? [Measures.FleetAge.Read(time.GetElapsedTime(last.Timestamp).TotalSeconds)] : []);
    }

    /// <summary>Looks at the fleet as it was read last.</summary>
    public void Look(IReadOnlyList<DropletLedger> fleet, IReadOnlyList<Alarm> alarms, IReadOnlyList<BrakeInForce> brakes)
    {
        if (age.Enabled)
        {
            var now = clock.Believed;
            known = new Known(time.GetTimestamp(), new Lazy<FleetFigures>(() => FleetFigures.Of(fleet, FleetStatus.Of(fleet, now, alarms, brakes), brakes)));
        }
    }

    /// <summary>This process does not lead (any more): another one tells.</summary>
    public void Idle() => known = null;

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();

    private ObservableGauge<double> Add(Measure measure, Func<FleetFigures, DateTimeOffset, IEnumerable<Measurement<double>>> read) =>
        meter.Gauge(measure, () => known is { } last ? read(last.Figures.Value, clock.Believed) : []);

    private void AddByPlan(Measure measure, Func<PlanFigures, double> read) =>
        Add(measure, (f, _) => f.Plans.Select(p => measure.Read(read(p.Value), p.Key)));

    /// <summary>What is known of the fleet.</summary>
    /// <param name="Timestamp">When it was read, by the monotonic clock.</param>
    /// <param name="Figures">What is worked out of it.</param>
    private sealed record Known(long Timestamp, Lazy<FleetFigures> Figures);
}
