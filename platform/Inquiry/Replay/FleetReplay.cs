using System.Globalization;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Replay;

/// <summary>
/// The fleet as the log knew it at one of its places: folded event by event, by the code that folds them in production. Holds what lives and what ended
/// lately, however long the log is.
/// </summary>
public sealed class FleetReplay
{
    private const string OfSnapshot = "snapshot/";
    private const string OfDroplet = "droplet/";
    private const string OfPlan = "plan/";

    private readonly StreamBook streams = new();
    private readonly SteadyTime steady = new();
    private readonly Dictionary<long, DropletReplay> droplets = [];
    private readonly Dictionary<Guid, long> dropletOf = [];
    private readonly List<LogFault> faults = [];

    /// <summary>The plans in all their versions.</summary>
    public PlanHistory Plans { get; } = new();

    /// <summary>Every droplet that the log knows.</summary>
    public IReadOnlyCollection<DropletReplay> Droplets => droplets.Values;

    /// <summary>How many streams were seen.</summary>
    public int Streams => streams.Count;

    /// <summary>How many events were folded.</summary>
    public long Events { get; private set; }

    /// <summary>The moment of the last event, UTC; null before the first.</summary>
    public DateTimeOffset? Last { get; private set; }

    /// <summary>A droplet; null when the log has not heard of it yet.</summary>
    public DropletReplay? Droplet(long dropletId) => droplets.GetValueOrDefault(dropletId);

    /// <summary>A snapshot; null when the log has not heard of it yet, or it ended long ago.</summary>
    public Snapshot? Snapshot(Guid snapshotId) => dropletOf.TryGetValue(snapshotId, out var droplet) ? droplets[droplet].Find(snapshotId) : null;

    /// <summary>Goes on by one event.</summary>
    /// <returns>What is wrong with the event; nothing, as a rule. The list is used again for the next.</returns>
    public IReadOnlyList<LogFault> Fold(LoggedEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        faults.Clear();
        Events++;
        var moment = Moments.Of(e.Data);
        if (moment is { } at)
        {
            steady.Note(at);
            Last = at;
        }

        var snapshot = SnapshotOf(e.Stream);
        streams.Note(e, snapshot, faults);
        try
        {
            Fold(e, snapshot, moment ?? Last ?? default);
        }
#pragma warning disable CA1031 // What cannot be applied is told of, whatever is the matter with it; the rest of the log counts all the same.
        catch (Exception trouble)
#pragma warning restore CA1031
        {
            faults.Add(new LogFault(
                snapshot is { } id && Snapshot(id) is null ? LogFaultKind.CannotStart : LogFaultKind.CannotBeApplied, trouble.Message.TrimEnd('.')));
        }

        return faults;
    }

    /// <summary>The snapshot that a stream is of; null for one of something else.</summary>
    public static Guid? SnapshotOf(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.StartsWith(OfSnapshot, StringComparison.Ordinal) && Guid.TryParseExact(stream.AsSpan(OfSnapshot.Length), "D", out var id) ? id : null;
    }

    /// <summary>The droplet that a stream of a droplet is of; null for one of something else.</summary>
    public static long? DropletOf(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.StartsWith(OfDroplet, StringComparison.Ordinal)
            && long.TryParse(stream.AsSpan(OfDroplet.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    private void Fold(LoggedEvent e, Guid? snapshot, DateTimeOffset at)
    {
        if (snapshot is { } id)
        {
            FoldSnapshot(e, id);
        }
        else if (DropletOf(e.Stream) is { } droplet)
        {
            FoldDroplet(e, droplet);
        }
        else if (e.Stream.StartsWith(OfPlan, StringComparison.Ordinal))
        {
            Plans.Fold(e.Stream, e.Data, at, faults);
        }
    }

    private void FoldSnapshot(LoggedEvent e, Guid id)
    {
        var before = Snapshot(id);
        if (SnapshotIdOf(e.Data) is { } said && said != id)
        {
            faults.Add(new LogFault(LogFaultKind.WrongStream, $"it is about snapshot {said}, and stands in {e.Stream}"));
            return;
        }

        if (before is not null && EventTypes.DropletOf(e.Data) is { } droplet && droplet != before.DropletId)
        {
            faults.Add(new LogFault(LogFaultKind.WrongStream, $"it is about droplet {droplet}, and the snapshot is of {before.DropletId}"));
            return;
        }

        if (before is not null && e.Data is SnapshotRequested)
        {
            faults.Add(new LogFault(LogFaultKind.CannotBeApplied, "the snapshot was asked for already"));
            return;
        }

        var after = SnapshotEvolution.Evolve(before, e.Stream, e.Data);
        dropletOf[id] = after.DropletId;
        var owner = DropletFor(after.DropletId);
        owner.Put(after, steady.Value, forgotten => dropletOf.Remove(forgotten));
    }

    private void FoldDroplet(LoggedEvent e, long id)
    {
        if (EventTypes.DropletOf(e.Data) is { } droplet && droplet != id)
        {
            faults.Add(new LogFault(LogFaultKind.WrongStream, $"it is about droplet {droplet}, and stands in {e.Stream}"));
            return;
        }

        var owner = DropletFor(id);
        owner.Facts = DropletFacts.Evolve(owner.Facts, e.Stream, e.Data);
    }

    private DropletReplay DropletFor(long id)
    {
        if (!droplets.TryGetValue(id, out var droplet))
        {
            droplets[id] = droplet = new DropletReplay(id);
        }

        return droplet;
    }

    private static Guid? SnapshotIdOf(object @event) => @event switch
    {
        SnapshotRequested e => e.SnapshotId,
        SnapshotAttempted e => e.SnapshotId,
        SnapshotStarted e => e.SnapshotId,
        SnapshotDeferred e => e.SnapshotId,
        SnapshotCompleted e => e.SnapshotId,
        SnapshotFailed e => e.SnapshotId,
        SnapshotDiscovered e => e.SnapshotId,
        SnapshotLost e => e.SnapshotId,
        SnapshotPinned e => e.SnapshotId,
        SnapshotUnpinned e => e.SnapshotId,
        RetryRequested e => e.SnapshotId,
        SnapshotExpired e => e.SnapshotId,
        ExpiryHeld e => e.SnapshotId,
        ExpiryWithdrawn e => e.SnapshotId,
        PruneAttempted e => e.SnapshotId,
        SnapshotPruned e => e.SnapshotId,
        PruneRefused e => e.SnapshotId,
        PruneDeferred e => e.SnapshotId,
        TransferRequested e => e.SnapshotId,
        TransferAttempted e => e.SnapshotId,
        TransferStarted e => e.SnapshotId,
        TransferDeferred e => e.SnapshotId,
        TransferCompleted e => e.SnapshotId,
        TransferFailed e => e.SnapshotId,
        _ => null,
    };
}
