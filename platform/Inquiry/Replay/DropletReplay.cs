using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Replay;

/// <summary>One droplet as the log knows it at a place of the log.</summary>
public sealed class DropletReplay
{
    /// <summary>Longer than the product keeps what ended, so that clocks that differ do not matter.</summary>
    private static readonly TimeSpan Forget = Ledgers.RecentlyEnded + TimeSpan.FromDays(1);

    private readonly Dictionary<Guid, Snapshot> snapshots = [];
    private readonly Queue<Guid> ended = new();

    internal DropletReplay(long dropletId)
    {
        DropletId = dropletId;
    }

    /// <summary>DigitalOcean's id.</summary>
    public long DropletId { get; }

    /// <summary>The droplet itself; null where the log has only heard of its snapshots.</summary>
    public DropletFacts? Facts { get; internal set; }

    /// <summary>Its snapshots: those that live, that were lost or that ended lately.</summary>
    public IReadOnlyCollection<Snapshot> Snapshots => snapshots.Values;

    /// <summary>The newest snapshot that the schedule asked for, whatever became of it.</summary>
    private Snapshot? LastScheduled { get; set; }

    /// <summary>A snapshot by our id; null when there is none, or it ended long ago.</summary>
    public Snapshot? Find(Guid snapshotId) => snapshots.GetValueOrDefault(snapshotId);

    /// <summary>What a decision read: the ledger of this moment, by these plans.</summary>
    /// <param name="plans">The plans, see <see cref="PlanHistory.Readings"/>.</param>
    /// <param name="moment">The moment, UTC.</param>
    /// <exception cref="PlanException">A plan of it cannot be read.</exception>
    public DropletLedger Ledger(IReadOnlyDictionary<string, PlanFacts> plans, DateTimeOffset moment)
    {
        ArgumentNullException.ThrowIfNull(plans);
        var plan = Facts?.Plan is { } name ? plans.GetValueOrDefault(name) : null;
        var known = snapshots.Values.Where(s => Ledgers.Belongs(s, moment));
        return Ledgers.Build(DropletId, Facts, plan, LastScheduled is { } last ? known.Append(last) : known, plans);
    }

    internal void Put(Snapshot snapshot, DateTimeOffset steady, Action<Guid> forget)
    {
        snapshots[snapshot.SnapshotId] = snapshot;
        if (snapshot.Scheduled && (LastScheduled is null || LastScheduled.SnapshotId == snapshot.SnapshotId || snapshot.RequestedAt >= LastScheduled.RequestedAt))
        {
            LastScheduled = snapshot;
        }

        if (!MustStay(snapshot))
        {
            ended.Enqueue(snapshot.SnapshotId);
        }

        // A pin outlasts the end, should the image turn up again.
        while (ended.TryPeek(out var id) && (!snapshots.TryGetValue(id, out var old) || MustStay(old) || old.ChangedAt < Before(steady)))
        {
            ended.Dequeue();
            if (old is not null && !MustStay(old))
            {
                snapshots.Remove(id);
                forget(id);
            }
        }
    }

    private static bool MustStay(Snapshot s) => s.Live || s.Pinned || s.Phase is SnapshotPhase.Lost;

    private static DateTimeOffset Before(DateTimeOffset steady) => steady - DateTimeOffset.MinValue > Forget ? steady - Forget : DateTimeOffset.MinValue;
}
