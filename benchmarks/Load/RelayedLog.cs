using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Load.Benchmarks;

/// <summary>
/// A log that says when something was appended, so that it can be relayed, and that finds a stream as fast as a database does: the one in memory
/// looks through all its events for it.
/// </summary>
internal sealed class RelayedLog(IEventLog log) : IEventLog
{
    private readonly Dictionary<string, List<LoggedEvent>> _streams = new(StringComparer.Ordinal);

    public Action? Appended { get; set; }

    public async Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct) => Told(await log.DecideAsync(dropletId, decide, ct).ConfigureAwait(false));

    public async Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        Told(await log.DecideFleetAsync(decide, ct).ConfigureAwait(false));

    public Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct) => log.LoadFleetFactsAsync(ct);

    public Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct) =>
        log.LoadLedgersAsync(dropletIds, ct);

    public Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct) => log.FindWorkingAsync(ct);

    public Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct) => log.FindOwedPowerAsync(ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<LoggedEvent>>([.. _streams.GetValueOrDefault(stream, [])]);

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamsAsync(IReadOnlyCollection<string> streams, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<LoggedEvent>>([.. streams.SelectMany(stream => _streams.GetValueOrDefault(stream, [])).OrderBy(e => e.Sequence)]);

    public Task<IReadOnlyList<Snapshot>> FindRequestedAsync(IReadOnlyDictionary<long, DateTimeOffset> since, CancellationToken ct) => log.FindRequestedAsync(since, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct) => log.ReadAsync(afterSequence, limit, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadDropletAsync(long dropletId, int last, CancellationToken ct) => log.ReadDropletAsync(dropletId, last, ct);

    public Task<LogNames> FindNamesAsync(IReadOnlyCollection<Guid> snapshots, IReadOnlyCollection<long> droplets, CancellationToken ct) =>
        log.FindNamesAsync(snapshots, droplets, ct);

    public Task<FoundSubjects> FindAsync(string text, CancellationToken ct) => log.FindAsync(text, ct);

    public Task<long> HeadAsync(CancellationToken ct) => log.HeadAsync(ct);

    private IReadOnlyList<LoggedEvent> Told(IReadOnlyList<LoggedEvent> events)
    {
        foreach (var e in events)
        {
            if (!_streams.TryGetValue(e.Stream, out var stream))
            {
                _streams[e.Stream] = stream = [];
            }

            stream.Add(e);
        }

        if (events.Count > 0)
        {
            Appended?.Invoke();
        }

        return events;
    }
}
