using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>Tells the checks of readiness as measures: what is waited for is seen by whoever does not ask <c>/health/ready</c>, too.</summary>
internal sealed class HealthMetrics : IHealthCheckPublisher, IDisposable
{
    private readonly Meter meter;
    private readonly LogMetrics log;
    private volatile HealthReport? last;

    public HealthMetrics(IMeterFactory meters, LogMetrics log)
    {
        this.log = log;
        meter = meters.Create(Measures.MeterName);
        meter.Gauge(Measures.Health, Read);
    }

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        last = report;
        log.Show();
        return Task.CompletedTask;
    }

    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<double>> Read() =>
        last?.Entries.Select(e => Measures.Health.Read(e.Value.Status is HealthStatus.Healthy ? 1 : 0, e.Key)) ?? [];
}
