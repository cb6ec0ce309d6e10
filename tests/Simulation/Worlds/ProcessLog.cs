using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>
/// The log as one process reaches it: each access takes time, may fail before or after it was done, and the process may die between any two
/// steps of it.
/// </summary>
internal sealed class ProcessLog(World world, Incarnation process, ILogTwist? twist = null) : IEventLog
{
    public Task<IReadOnlyList<LoggedEvent>> DecideAsync(
        long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct) => WriteAsync(
        kept => world.Log.DecideAsync(
            dropletId,
            ledger =>
            {
                var decided = decide(twist?.Ledger(ledger) ?? ledger);
                return kept(twist?.Decided(decided) ?? decided);
            },
            ct));

    public Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        WriteAsync(kept => world.Log.DecideFleetAsync(facts => kept(decide(facts)), ct));

    public Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct) => ReadAsync(() => world.Log.LoadFleetFactsAsync(ct));

    public Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct) => ReadAsync(async () =>
    {
        var ledgers = await world.Log.LoadLedgersAsync(dropletIds, ct);
        return twist is null ? ledgers : [.. ledgers.Select(twist.Ledger)];
    });

    public Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct) => ReadAsync(() => world.Log.FindWorkingAsync(ct));

    public Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct) => ReadAsync(() => world.Log.FindOwedPowerAsync(ct));

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) => ReadAsync(() => world.Log.ReadStreamAsync(stream, ct));

    public Task<IReadOnlyList<LoggedEvent>> ReadStreamsAsync(IReadOnlyCollection<string> streams, CancellationToken ct) => ReadAsync(() => world.Log.ReadStreamsAsync(streams, ct));

    public Task<IReadOnlyList<Snapshot>> FindRequestedAsync(IReadOnlyDictionary<long, DateTimeOffset> since, CancellationToken ct) =>
        ReadAsync(() => world.Log.FindRequestedAsync(since, ct));

    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct) =>
        ReadAsync(() => world.Log.ReadAsync(afterSequence, limit, ct));

    public Task<IReadOnlyList<LoggedEvent>> ReadDropletAsync(long dropletId, int last, CancellationToken ct) =>
        ReadAsync(() => world.Log.ReadDropletAsync(dropletId, last, ct));

    public Task<LogNames> FindNamesAsync(IReadOnlyCollection<Guid> snapshots, IReadOnlyCollection<long> droplets, CancellationToken ct) =>
        ReadAsync(() => world.Log.FindNamesAsync(snapshots, droplets, ct));

    public Task<FoundSubjects> FindAsync(string text, CancellationToken ct) => ReadAsync(() => world.Log.FindAsync(text, ct));

    public Task<long> HeadAsync(CancellationToken ct) => ReadAsync(() => world.Log.HeadAsync(ct));

    private async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        await world.Hazard.StepAsync(process);
        if (world.Hazard.LogFails(process))
        {
            throw new TimeoutException("The log did not answer.");
        }

        return await read();
    }

    private async Task<IReadOnlyList<LoggedEvent>> WriteAsync(
        Func<Func<IReadOnlyList<NewEvent>, IReadOnlyList<NewEvent>>, Task<IReadOnlyList<LoggedEvent>>> write)
    {
        await world.Hazard.StepAsync(process);
        if (world.Hazard.LogFails(process))
        {
            throw new TimeoutException("The log did not answer.");
        }

        IReadOnlyList<NewEvent> forgotten = [];
        IReadOnlyList<LoggedEvent> events;
        try
        {
            events = await write(decided =>
            {
                if (decided.Count > 0 && world.Hazard.Dies(process, $"before {decided[0].Data.GetType().Name}"))
                {
                    throw new DiedException();
                }

                forgotten = twist?.Forgotten(decided) ?? [];
                return forgotten.Count > 0 ? [] : decided;
            });
        }
        catch (DiedException)
        {
            return await Incarnation.NeverAsync<IReadOnlyList<LoggedEvent>>();
        }

        events = world.Appended(events, forgotten, process.Name);
        if (events.Count > 0)
        {
            if (world.Hazard.Dies(process, $"after {events[0].Data.GetType().Name}"))
            {
                return await Incarnation.NeverAsync<IReadOnlyList<LoggedEvent>>();
            }

            if (world.Hazard.LogFails(process))
            {
                throw new TimeoutException("The log was cut off after the commit.");
            }
        }

        await world.Hazard.StepAsync(process);
        return events;
    }

    private sealed class DiedException : Exception;
}

/// <summary>A deliberate bug between a process and the log, to see that it is caught.</summary>
internal interface ILogTwist
{
    /// <summary>What the process is shown in place of what is.</summary>
    DropletLedger Ledger(DropletLedger ledger) => ledger;

    /// <summary>What is appended in place of what was decided.</summary>
    IReadOnlyList<NewEvent> Decided(IReadOnlyList<NewEvent> decided) => decided;

    /// <summary>What is acknowledged without being appended; none appends all.</summary>
    IReadOnlyList<NewEvent> Forgotten(IReadOnlyList<NewEvent> decided) => [];
}
