using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Hosting.Bus;

/// <summary>
/// A command that was published by hand and not by the relay. It is decided like one of the command line's, under the droplet's lock and past the same
/// guards, and what comes of it is in the log before anything is done.
/// </summary>
public static class OutsideCommand
{
    private const string Unnamed = "message";

    /// <summary>The droplet of the snapshot that a command names; the message need not know it.</summary>
    /// <param name="log">The log.</param>
    /// <param name="command">The command's name, for what is said.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="dropletId">The droplet that the message names; 0 where it names none.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="UnknownSnapshotException">The log does not know the snapshot.</exception>
    /// <exception cref="RefusedCommandException">It is another droplet's.</exception>
    public static async Task<long> DropletAsync(IEventLog log, string command, Guid snapshotId, long dropletId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(log);
        var events = await log.ReadStreamAsync(Streams.OfSnapshot(snapshotId), ct);
        var own = events.Select(e => EventTypes.DropletOf(e.Data)).FirstOrDefault(d => d is not null)
            ?? throw new UnknownSnapshotException(command, snapshotId);
        return dropletId == 0 || dropletId == own
            ? own
            : throw new RefusedCommandException($"{command} of snapshot {snapshotId:D} names droplet {dropletId}; the snapshot is of droplet {own}.");
    }

    /// <summary>Who commands, as far as the message says it.</summary>
    public static CommandedBy By(string? actor, string? reason, DateTimeOffset at) =>
        new(string.IsNullOrWhiteSpace(actor) ? Unnamed : actor.Trim(), reason?.Trim() ?? "", at);

    /// <summary>Decides a command, and appends what comes of it.</summary>
    /// <param name="log">The log.</param>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="what">The command and what it is about, for what is said.</param>
    /// <param name="decide">The decision; null where all that it asks for is asked for already.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Whether something was appended: the relay brings it to whoever carries it out.</returns>
    /// <exception cref="RefusedCommandException">It makes no sense, or a guard holds it.</exception>
    public static async Task<bool> AskAsync(
        IEventLog log, long dropletId, string what, Func<DropletLedger, Commanded?> decide, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(decide);
        Commanded? commanded = null;
        await log.DecideAsync(
            dropletId,
            ledger =>
            {
                commanded = decide(ledger);
                return commanded?.Events ?? [];
            },
            ct);
        return commanded?.Refusal is { } why ? throw new RefusedCommandException($"{what} is refused: {why}.") : commanded is not null;
    }
}
