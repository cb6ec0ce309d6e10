using System.Collections.Immutable;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle;

/// <summary>
/// All that the log knows about one droplet and that a decision may need: the droplet, its plan, every snapshot that lives or is on its way,
/// the last scheduled one whatever became of it, and those that ended lately.
/// </summary>
/// <param name="DropletId">DigitalOcean's id.</param>
/// <param name="Droplet">The droplet; null when the log has never heard of it.</param>
/// <param name="PlanFacts">The plan it belongs to, if any.</param>
/// <param name="Snapshots">Its snapshots, oldest request first.</param>
public sealed record DropletLedger(long DropletId, DropletFacts? Droplet, PlanFacts? PlanFacts, ImmutableArray<Snapshot> Snapshots)
{
    /// <summary>The plan, ready to decide with; null when the droplet belongs to none.</summary>
    public Plan? Plan { get; } = Droplet?.Plan is null ? null : PlanFacts?.ToPlan();

    /// <summary>Whether the plan or the droplet is paused.</summary>
    public bool Paused => Droplet is { Paused: true } || PlanFacts is { Paused: true };

    /// <summary>A snapshot by our id; null when there is none.</summary>
    public Snapshot? Find(Guid snapshotId) => Snapshots.FirstOrDefault(s => s.SnapshotId == snapshotId);

    /// <summary>The newest snapshot that the schedule asked for, whatever became of it.</summary>
    public Snapshot? LastScheduled =>
        Snapshots.Where(s => s.Scheduled).OrderBy(s => s.RequestedAt).ThenBy(s => s.Id, StringComparer.Ordinal).LastOrDefault();
}

/// <summary>What the log knows that belongs to no single droplet.</summary>
/// <param name="Account">The account it belongs to; null before the first contact.</param>
/// <param name="Plans">Every plan that was ever stated.</param>
public sealed record FleetFacts(AccountFacts? Account, ImmutableArray<PlanFacts> Plans);
