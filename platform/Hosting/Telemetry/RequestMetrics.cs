using System.Diagnostics.Metrics;
using System.Globalization;
using DoSnapshot.DigitalOcean;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>Counts this process's requests to DigitalOcean.</summary>
public sealed class RequestMetrics : IRequestObserver, IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> requests;

    /// <summary>Counts by a meter of this factory.</summary>
    public RequestMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meter = meters.Create(Measures.MeterName);
        requests = meter.Counter(Measures.Requests);
    }

    /// <inheritdoc />
    public void Attempted(RequestAttempt attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        requests.Add(
            Measures.Requests,
            1,
            attempt.Method,
            attempt.Route,
            attempt switch
            {
                { HeldBack: true } => "held_back",
                { Status: { } status } => status.ToString(CultureInfo.InvariantCulture),
                _ => "none",
            },
            Measure.ValueOf(attempt.Purpose));
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
