using System.Diagnostics.Metrics;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Log;
using Microsoft.Extensions.Hosting;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>
/// How far the log is published, and how many requests are left: asked of the database every fifteen seconds by the planner that leads, while somebody
/// collects; never by a scrape.
/// </summary>
internal sealed class RunningMetrics : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StandBy = TimeSpan.FromSeconds(2);

    private readonly LogDatabase database;
    private readonly LeaderElection election;
    private readonly TimeProvider clock;
    private readonly Meter meter;
    private readonly Instrument lag;
    private volatile Figures? figures;

    public RunningMetrics(PlatformOptions options, LeaderElection election, TimeProvider clock, IMeterFactory meters)
    {
        database = new LogDatabase(LogConnection.ForLog(options.LogConnectionString));
        this.election = election;
        this.clock = clock;
        meter = meters.Create(Measures.MeterName);
        lag = meter.Gauge(Measures.RelayLag, () => figures is { Lag: { } seconds } ? [Measures.RelayLag.Read(seconds)] : []);
        meter.Gauge(Measures.RelayBehind, () => figures is { Behind: { } events } ? [Measures.RelayBehind.Read(events)] : []);
        meter.Gauge(Measures.BudgetLeft, () => Budget(Measures.BudgetLeft, r => r.MinuteLeft, r => r.HourLeft));
        meter.Gauge(Measures.BudgetLimit, () => Budget(Measures.BudgetLimit, r => r.MinuteLimit, r => r.HourLimit));
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var tells = lag.Enabled && election.Leads(LeaderElection.Planner);
            figures = tells ? await LookAsync(stoppingToken) : null;
            await Task.Delay(tells ? LookEvery : StandBy, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Figures?> LookAsync(CancellationToken ct)
    {
        try
        {
            var state = await database.RunningAsync(ct);
            var late = state.BehindSince is { } since ? Math.Max(0, (clock.GetUtcNow() - since).TotalSeconds) : 0;
            return new Figures(state.Behind is null ? null : late, state.Behind, state.Requests.MinBy(r => (double)r.HourLeft / r.HourLimit));
        }
#pragma warning disable CA1031 // What cannot be read is not told; that the database is away is said elsewhere.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private IEnumerable<Measurement<double>> Budget(Measure measure, Func<RequestsLeft, int> minute, Func<RequestsLeft, int> hour) =>
        figures is { Requests: { } left } ? [measure.Read(minute(left), "minute"), measure.Read(hour(left), "hour")] : [];

    private sealed record Figures(double? Lag, long? Behind, RequestsLeft? Requests);
}
