using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.EventLog;

/// <summary>
/// The log port: the only way to read or write what happened. It has one way to write, and that is to decide: state is read under a lock,
/// a pure function says what follows, and its events are appended before the lock is let go. So no decision is ever made on stale state.
/// </summary>
public interface IEventLog
{
    /// <summary>Decides for one droplet. Decisions for the same droplet happen one after the other, in every process.</summary>
    /// <param name="dropletId">The droplet whose lock is taken.</param>
    /// <param name="decide">Pure; called once, with the state read under the lock. No events mean that nothing is written.</param>
    /// <param name="ct">Cancels before the append; never half of it.</param>
    /// <returns>The appended events in the order of the log: stream by stream, each in the order of the decision.</returns>
    /// <exception cref="LogConflictException">A new stream exists already, under another droplet.</exception>
    Task<IReadOnlyList<LoggedEvent>> DecideAsync(long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct);

    /// <summary>Decides what belongs to no single droplet: the account, the plans.</summary>
    /// <param name="decide">Pure; called once, with the state read under the lock.</param>
    /// <param name="ct">Cancels before the append; never half of it.</param>
    /// <returns>The appended events, in order.</returns>
    Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct);

    /// <summary>What is known that belongs to no single droplet.</summary>
    Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct);

    /// <summary>
    /// What is known about each of these droplets; null means about all that were ever enrolled or have a snapshot that lives or ended lately: one that
    /// was asked for by hand, of a droplet in no plan, is counted, swept and told of like any other.
    /// </summary>
    Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct);

    /// <summary>The snapshots of which something is on its way or at work at DigitalOcean: what the followers have to look at.</summary>
    Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct);

    /// <summary>The droplets that are owed power (<see cref="Contracts.PowerOnOwed"/>), by id: what the power follower has to look at.</summary>
    Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct);

    /// <summary>The events of one stream, oldest first; empty when there is no such stream.</summary>
    Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct);

    /// <summary>The last events of a droplet's stream and of those of all its snapshots, whenever they ended; in the order of the log.</summary>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="last">How many at most; the older ones are left out.</param>
    /// <param name="ct">Ends it.</param>
    Task<IReadOnlyList<LoggedEvent>> ReadDropletAsync(long dropletId, int last, CancellationToken ct);

    /// <summary>The events of several streams, each oldest first; in the order of the log. A stream that there is not has none.</summary>
    Task<IReadOnlyList<LoggedEvent>> ReadStreamsAsync(IReadOnlyCollection<string> streams, CancellationToken ct);

    /// <summary>The snapshots that were asked for lately, whatever became of them: what the last turns of a schedule came to.</summary>
    /// <param name="since">The droplets, and of each the moment, UTC, since when.</param>
    /// <param name="ct">Ends it.</param>
    Task<IReadOnlyList<Snapshot>> FindRequestedAsync(IReadOnlyDictionary<long, DateTimeOffset> since, CancellationToken ct);

    /// <summary>What these are called, as far as the log knows them; each once, however often it is asked for.</summary>
    /// <param name="snapshots">Snapshots, by our id.</param>
    /// <param name="droplets">Droplets, by DigitalOcean's id.</param>
    /// <param name="ct">Ends it.</param>
    Task<LogNames> FindNamesAsync(IReadOnlyCollection<Guid> snapshots, IReadOnlyCollection<long> droplets, CancellationToken ct);

    /// <summary>What a person may mean by an id, the beginning of one, or a name; what ended long ago, too.</summary>
    Task<FoundSubjects> FindAsync(string text, CancellationToken ct);

    /// <summary>The events after a place in the log, in the order of the log, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct);

    /// <summary>The highest sequence that is visible; 0 for an empty log.</summary>
    Task<long> HeadAsync(CancellationToken ct);
}

/// <summary>An event as it stands in the log.</summary>
/// <param name="Id">Its id, which is the id of the message that tells of it.</param>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Stream">Key of its stream.</param>
/// <param name="StreamVersion">Its place in the stream, from 1.</param>
/// <param name="Data">The event, a record of the contracts.</param>
public sealed record LoggedEvent(Guid Id, long Sequence, string Stream, long StreamVersion, object Data);

/// <summary>Somebody else has written what was to be written. Whoever gets this reads again and decides again, or leaves it.</summary>
public sealed class LogConflictException : Exception
{
    /// <summary>A conflict, with what the store said.</summary>
    public LogConflictException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
