using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.CrashHost.Tests;

/// <summary>
/// Points around an append. <c>before-append</c>: it is decided, nothing is written, the droplet's lock is held. <c>after-append</c>: it is committed,
/// and whoever decided has not heard of it.
/// </summary>
internal sealed class CrashingLog(IEventLog log, CrashPoint point) : IEventLog
{
    public async Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        After(await log.DecideAsync(dropletId, ledger => Before(decide(ledger)), ct));

    public async Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        After(await log.DecideFleetAsync(facts => Before(decide(facts)), ct));

    public Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct) => log.LoadFleetFactsAsync(ct);

    public Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct) =>
        log.LoadLedgersAsync(dropletIds, ct);

    public Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct) => log.FindWorkingAsync(ct);

    public Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct) => log.FindOwedPowerAsync(ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) => log.ReadStreamAsync(stream, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamsAsync(IReadOnlyCollection<string> streams, CancellationToken ct) => log.ReadStreamsAsync(streams, ct);

    public Task<IReadOnlyList<Snapshot>> FindRequestedAsync(IReadOnlyDictionary<long, DateTimeOffset> since, CancellationToken ct) =>
        log.FindRequestedAsync(since, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct) => log.ReadAsync(afterSequence, limit, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadDropletAsync(long dropletId, int last, CancellationToken ct) => log.ReadDropletAsync(dropletId, last, ct);

    public Task<LogNames> FindNamesAsync(IReadOnlyCollection<Guid> snapshots, IReadOnlyCollection<long> droplets, CancellationToken ct) =>
        log.FindNamesAsync(snapshots, droplets, ct);

    public Task<FoundSubjects> FindAsync(string text, CancellationToken ct) => log.FindAsync(text, ct);

    public Task<long> HeadAsync(CancellationToken ct) => log.HeadAsync(ct);

    private IReadOnlyList<NewEvent> Before(IReadOnlyList<NewEvent> events)
    {
        foreach (var e in events)
        {
            point.Reached("before-append", e.Data.GetType().Name);
        }

        return events;
    }

    private IReadOnlyList<LoggedEvent> After(IReadOnlyList<LoggedEvent> events)
    {
        foreach (var e in events)
        {
            point.Reached("after-append", e.Data.GetType().Name);
        }

        return events;
    }
}
