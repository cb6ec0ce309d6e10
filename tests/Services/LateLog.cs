using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Services.Tests;

/// <summary>A log after whose decisions something else happens, before the one who decided goes on.</summary>
internal sealed class LateLog : IEventLog
{
    private readonly IEventLog _log;
    private readonly Action _afterDecision;

    public LateLog(IEventLog log, Action afterDecision)
    {
        _log = log;
        _afterDecision = afterDecision;
    }

    public async Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        var events = await _log.DecideAsync(dropletId, decide, ct);
        _afterDecision();
        return events;
    }

    public Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        _log.DecideFleetAsync(decide, ct);

    public Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct) => _log.LoadFleetFactsAsync(ct);

    public Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct) =>
        _log.LoadLedgersAsync(dropletIds, ct);

    public Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct) => _log.FindWorkingAsync(ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) => _log.ReadStreamAsync(stream, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct) =>
        _log.ReadAsync(afterSequence, limit, ct);

    public Task<long> HeadAsync(CancellationToken ct) => _log.HeadAsync(ct);
}
