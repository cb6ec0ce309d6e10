using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Hosting.Work;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Cli.Demo;

/// <summary>Counts every event as work from before it is committed; <see cref="RelayedEvents"/> ends that when the relay has dealt with it.</summary>
internal sealed class GaugedLog : IEventLog
{
    private readonly IEventLog _log;
    private readonly WorkGauge _gauge;

    public GaugedLog(IEventLog log, WorkGauge gauge)
    {
        _log = log;
        _gauge = gauge;
    }

    public Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        CountedAsync(count => _log.DecideAsync(dropletId, ledger => count(decide(ledger)), ct));

    public Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        CountedAsync(count => _log.DecideFleetAsync(fleet => count(decide(fleet)), ct));

    public Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct) => _log.LoadFleetFactsAsync(ct);

    public Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct) =>
        _log.LoadLedgersAsync(dropletIds, ct);

    public Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct) => _log.FindWorkingAsync(ct);

    public Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct) => _log.FindOwedPowerAsync(ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) => _log.ReadStreamAsync(stream, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamsAsync(IReadOnlyCollection<string> streams, CancellationToken ct) => _log.ReadStreamsAsync(streams, ct);

    public Task<IReadOnlyList<Snapshot>> FindRequestedAsync(IReadOnlyDictionary<long, DateTimeOffset> since, CancellationToken ct) =>
        _log.FindRequestedAsync(since, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct) =>
        _log.ReadAsync(afterSequence, limit, ct);

    public Task<IReadOnlyList<LoggedEvent>> ReadDropletAsync(long dropletId, int last, CancellationToken ct) => _log.ReadDropletAsync(dropletId, last, ct);

    public Task<LogNames> FindNamesAsync(IReadOnlyCollection<Guid> snapshots, IReadOnlyCollection<long> droplets, CancellationToken ct) =>
        _log.FindNamesAsync(snapshots, droplets, ct);

    public Task<FoundSubjects> FindAsync(string text, CancellationToken ct) => _log.FindAsync(text, ct);

    public Task<long> HeadAsync(CancellationToken ct) => _log.HeadAsync(ct);

    private async Task<IReadOnlyList<LoggedEvent>> CountedAsync(
        Func<Func<IReadOnlyList<NewEvent>, IReadOnlyList<NewEvent>>, Task<IReadOnlyList<LoggedEvent>>> append)
    {
        var counted = 0;
        try
        {
            return await append(events =>
            {
                counted = events.Count;
                _gauge.Enter(counted);
                return events;
            });
        }
        catch
        {
            _gauge.Exit(counted);
            throw;
        }
    }
}

/// <summary>Ends the work that <see cref="GaugedLog"/> began.</summary>
internal sealed class RelayedEvents : IRelayListener
{
    private readonly WorkGauge _gauge;

    public RelayedEvents(WorkGauge gauge)
    {
        _gauge = gauge;
    }

    public void Relayed(LoggedEvent @event) => _gauge.Exit();
}
