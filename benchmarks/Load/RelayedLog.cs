using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Load.Benchmarks;

/// <summary>A log that says when something was appended, so that it can be relayed.</summary>
internal sealed class RelayedLog(IEventLog log) : IEventLog
{
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

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) => log.ReadStreamAsync(stream, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct) => log.ReadAsync(afterSequence, limit, ct);

    public Task<long> HeadAsync(CancellationToken ct) => log.HeadAsync(ct);

    private IReadOnlyList<LoggedEvent> Told(IReadOnlyList<LoggedEvent> events)
    {
        if (events.Count > 0)
        {
            Appended?.Invoke();
        }

        return events;
    }
}
