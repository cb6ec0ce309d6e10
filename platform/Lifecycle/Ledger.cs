using System.Collections.Immutable;
using DoSnapshot.Contracts;
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
/// <param name="Others">The other plans that its snapshots were made or taken over by.</param>
public sealed record DropletLedger(
    long DropletId, DropletFacts? Droplet, PlanFacts? PlanFacts, ImmutableArray<Snapshot> Snapshots, ImmutableArray<PlanFacts> Others = default)
{
    /// <summary>The plan, ready to decide with; null when the droplet belongs to none, or to one that was removed.</summary>
    public Plan? Plan { get; } = Droplet?.Plan is null || PlanFacts is { Removed: true } ? null : PlanFacts?.ToPlan();

    /// <summary>
    /// The plans that the droplet is in no more, or that were removed, and whose rules go on applying to what they left here, because they say so.
    /// </summary>
    public ImmutableArray<Plan> OrphanPlans { get; } =
    [
        .. (Others.IsDefault ? [] : Others)
            .Concat(PlanFacts is { Removed: true } ? [PlanFacts] : [])
            .Where(p => p.Terms is { Orphans: OrphanHandling.Apply })
            .Select(p => p.ToPlan()!),
    ];

    /// <summary>What <see cref="CompleteOf"/> found; replaced as a whole, so that who asks at the same time merely finds it once more.</summary>
    private CompleteSnapshots[] complete = [];

    /// <summary>Whether the plan or the droplet is paused.</summary>
    public bool Paused => Droplet is { Paused: true } || PlanFacts is { Paused: true };

    /// <summary>Whether several plans claim the droplet, so that nothing of it may expire by rule.</summary>
    public bool Overlaps => Droplet is { Overlap.IsEmpty: false };

    /// <summary>Whether the droplet is paused, or this one of the plans that have snapshots here.</summary>
    public bool IsPaused(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Droplet is { Paused: true }
            || (Others.IsDefault ? [] : Others).Append(PlanFacts).Any(p => p is { Paused: true } && string.Equals(p.Name, plan.Name, StringComparison.Ordinal));
    }

    /// <summary>The plan whose rules apply to a snapshot; null when none does.</summary>
    public Plan? RulesFor(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Plan is { } own && string.Equals(own.Name, snapshot.Plan, StringComparison.Ordinal)
            ? own
            : OrphanPlans.FirstOrDefault(p => string.Equals(p.Name, snapshot.Plan, StringComparison.Ordinal));
    }

    /// <summary>What the log knows about the droplet's plan, or another that has snapshots here; null for one that has not.</summary>
    public PlanFacts? FactsOf(string plan) => (Others.IsDefault ? [] : Others)
        .Append(PlanFacts)
        .FirstOrDefault(p => p is not null && string.Equals(p.Name, plan, StringComparison.Ordinal));

    /// <summary>
    /// The complete snapshots of the plan of this name that are not about to go, by the key of their streams. An image counts once, however many streams
    /// claim it. Worked out once for each plan, as every decision asks several times.
    /// </summary>
    internal IReadOnlyList<Snapshot> CompleteOf(string plan)
    {
        foreach (var known in complete)
        {
            if (known.Among == Snapshots && string.Equals(known.Plan, plan, StringComparison.Ordinal))
            {
                return known.Complete;
            }
        }

        List<Snapshot> found =
        [
            .. Snapshots.Where(s => s is { IsComplete: true, ImageId: not null, CreatedAt: not null } && string.Equals(s.Plan, plan, StringComparison.Ordinal))
                .OrderBy(s => s.Id, StringComparer.Ordinal)
                .DistinctBy(s => s.ImageId),
        ];
        complete = [.. complete.Where(known => known.Among == Snapshots), new CompleteSnapshots(plan, Snapshots, found)];
        return found;
    }

    /// <summary>A snapshot by our id; null when there is none.</summary>
    public Snapshot? Find(Guid snapshotId) => Snapshots.FirstOrDefault(s => s.SnapshotId == snapshotId);

    /// <summary>The newest snapshot that the schedule asked for, whatever became of it.</summary>
    public Snapshot? LastScheduled =>
        Snapshots.Where(s => s.Scheduled).OrderBy(s => s.RequestedAt).ThenBy(s => s.Id, StringComparer.Ordinal).LastOrDefault();

    private sealed record CompleteSnapshots(string Plan, ImmutableArray<Snapshot> Among, IReadOnlyList<Snapshot> Complete);
}

/// <summary>What the log knows that belongs to no single droplet.</summary>
/// <param name="Account">The account it belongs to; null before the first contact.</param>
/// <param name="Plans">Every plan that was ever stated, those that were removed too.</param>
/// <param name="Applied">What the configuration stated last; null before that was noted.</param>
public sealed record FleetFacts(AccountFacts? Account, ImmutableArray<PlanFacts> Plans, AppliedPlans? Applied = null)
{
    /// <summary>The plans in force, by name.</summary>
    public IEnumerable<PlanFacts> InForce => Plans.Where(p => p is { Removed: false, Terms: not null }).OrderBy(p => p.Name, StringComparer.Ordinal);
}
