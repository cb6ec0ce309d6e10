using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>Tells the checks of readiness as measures: what is waited for is seen by whoever does not ask <c>/health/ready</c>, too.</summary>
internal sealed class HealthMetrics : IHealthCheckPublisher, IDisposable
{
    /// <summary>Checks that have not come back for so long are not passed, whatever they said before; they are asked every ten seconds.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Meter meter;
    private readonly LogMetrics? log;
    private volatile Told? last;

    /// <summary>Tells them.</summary>
    /// <param name="meters">Makes the instrument.</param>
    /// <param name="log">The log's own measures; null in a process that has no log.</param>
    public HealthMetrics(IMeterFactory meters, LogMetrics? log = null)
    {
        this.log = log;
        meter = meters.Create(Measures.MeterName);
        meter.Gauge(Measures.Health, Read);
    }

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        last = new Told(report, TimeProvider.System.GetTimestamp());
        log?.Show();
        return Task.CompletedTask;
    }

    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<double>> Read()
    {
        if (last is not { } told)
        {
            return [];
        }

        var isFresh = TimeProvider.System.GetElapsedTime(told.At) < Fresh;
        return told.Report.Entries.Select(e => Measures.Health.Read(isFresh && e.Value.Status is HealthStatus.Healthy ? 1 : 0, e.Key));
    }

    private sealed record Told(HealthReport Report, long At);
}
