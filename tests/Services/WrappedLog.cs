using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Services.Tests;

/// <summary>A log that passes everything on, for those that differ in one thing.</summary>
internal abstract class WrappedLog : IEventLog
{
    private readonly IEventLog _log;

    protected WrappedLog(IEventLog log)
    {
        _log = log;
    }

    public virtual Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct) => _log.DecideAsync(dropletId, decide, ct);

    public virtual Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        _log.DecideFleetAsync(decide, ct);

    public Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct) => _log.LoadFleetFactsAsync(ct);

    public virtual Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct) =>
        _log.LoadLedgersAsync(dropletIds, ct);

    public Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct) => _log.FindWorkingAsync(ct);

    public Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct) => _log.FindOwedPowerAsync(ct);

    public virtual Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) => _log.ReadStreamAsync(stream, ct);

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
}

/// <summary>A log before whose decisions something else happens.</summary>
internal sealed class EarlyLog(IEventLog log, Action beforeDecision) : WrappedLog(log)
{
    public override Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        beforeDecision();
        return base.DecideAsync(dropletId, decide, ct);
    }
}

/// <summary>A log after whose decisions something else happens, before the one who decided goes on.</summary>
internal sealed class LateLog(IEventLog log, Action afterDecision) : WrappedLog(log)
{
    public override async Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct)
    {
        var events = await base.DecideAsync(dropletId, decide, ct);
        afterDecision();
        return events;
    }
}

/// <summary>A log whose head is there before what lies behind it, and which may break for one droplet.</summary>
internal sealed class LaggingLog(IEventLog log) : WrappedLog(log)
{
    public bool Lags { get; set; } = true;

    public long Breaks { get; init; }

    public override Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct) =>
        Lags ? Task.FromResult<IReadOnlyList<DropletLedger>>([]) : base.LoadLedgersAsync(dropletIds, ct);

    public override Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        dropletId == Breaks ? throw new InvalidOperationException("This droplet's state cannot be read.") : base.DecideAsync(dropletId, decide, ct);
}

/// <summary>A log of which one stream cannot be read.</summary>
internal sealed class UnreadableLog(IEventLog log, string unreadable) : WrappedLog(log)
{
    public override Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) =>
        string.Equals(stream, unreadable, StringComparison.Ordinal) ? throw new InvalidOperationException("No such event type.") : base.ReadStreamAsync(stream, ct);
}

/// <summary>A log that goes away when an event of this kind is to be written.</summary>
internal sealed class RefusingLog<T>(IEventLog log) : WrappedLog(log)
{
    public override Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct) => base.DecideFleetAsync(
        facts => decide(facts) is var events && events.Any(e => e.Data is T) ? throw new IOException("The database is away.") : events, ct);
}
