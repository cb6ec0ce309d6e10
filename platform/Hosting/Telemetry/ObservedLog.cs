using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Hosting.Telemetry;

/// <summary>A log of which it is counted and traced what is appended by this process.</summary>
public sealed class ObservedLog : IEventLog
{
    private readonly IEventLog log;
    private readonly LogMetrics metrics;

    /// <summary>Observes this log.</summary>
    public ObservedLog(IEventLog log, LogMetrics metrics)
    {
        this.log = log;
        this.metrics = metrics;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        var began = TimeProvider.System.GetUtcNow();
        return Tell(await log.DecideAsync(dropletId, decide, ct), began);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        var began = TimeProvider.System.GetUtcNow();
        return Tell(await log.DecideFleetAsync(decide, ct), began);
    }

    /// <inheritdoc />
    public Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct) => log.LoadFleetFactsAsync(ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct) =>
        log.LoadLedgersAsync(dropletIds, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct) => log.FindWorkingAsync(ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct) => log.FindOwedPowerAsync(ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) => log.ReadStreamAsync(stream, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadStreamsAsync(IReadOnlyCollection<string> streams, CancellationToken ct) => log.ReadStreamsAsync(streams, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<Snapshot>> FindRequestedAsync(IReadOnlyDictionary<long, DateTimeOffset> since, CancellationToken ct) => log.FindRequestedAsync(since, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadDropletAsync(long dropletId, int last, CancellationToken ct) => log.ReadDropletAsync(dropletId, last, ct);

    /// <inheritdoc />
    public Task<LogNames> FindNamesAsync(IReadOnlyCollection<Guid> snapshots, IReadOnlyCollection<long> droplets, CancellationToken ct) =>
        log.FindNamesAsync(snapshots, droplets, ct);

    /// <inheritdoc />
    public Task<FoundSubjects> FindAsync(string text, CancellationToken ct) => log.FindAsync(text, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct) => log.ReadAsync(afterSequence, limit, ct);

    /// <inheritdoc />
    public Task<long> HeadAsync(CancellationToken ct) => log.HeadAsync(ct);

    private IReadOnlyList<LoggedEvent> Tell(IReadOnlyList<LoggedEvent> events, DateTimeOffset began)
    {
        foreach (var e in events)
        {
            metrics.Count(e.Data);
            Tracing.Appended(e.Data, e.Sequence, began);
        }

        return events;
    }
}
