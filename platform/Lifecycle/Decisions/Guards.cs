using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>A guard that holds, and why.</summary>
/// <param name="Guard">Which.</param>
/// <param name="Detail">In words.</param>
public sealed record GuardHolds(Guard Guard, string Detail);

/// <summary>
/// What must never be deleted, whatever a rule says. Asked by the planner before it expires a snapshot and by the pruner before it deletes one.
/// </summary>
public static class Guards
{
    /// <summary>The first guard that holds a snapshot, or null when it may go.</summary>
    /// <param name="snapshot">The one that would go.</param>
    /// <param name="complete">The droplet's complete snapshots of the plan that are not about to go; it may contain the one in question.</param>
    /// <param name="plan">The plan.</param>
    public static GuardHolds? Check(Snapshot snapshot, IReadOnlyCollection<Snapshot> complete, Plan plan)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(plan);
        // By image: what deletes one takes every stream that claims it.
        var others = complete.Where(s => s.SnapshotId != snapshot.SnapshotId && s.ImageId != snapshot.ImageId).ToList();
        var newer = others.Where(s => IsNewer(s, snapshot)).ToList();
        if (snapshot.Pinned)
        {
            return CheckItself(snapshot);
        }

        if (newer.Count == 0)
        {
            return new GuardHolds(Guard.NewestComplete, "no newer snapshot of the droplet by its plan is complete");
        }

        if (others.Count < plan.KeepAtLeast)
        {
            return new GuardHolds(Guard.KeepAtLeast, $"{others.Count} complete snapshots would remain, and the plan wants {plan.KeepAtLeast}");
        }

        foreach (var region in plan.Regions.Where(snapshot.Regions.Contains))
        {
            if (!newer.Exists(s => s.Regions.Contains(region)))
            {
                return new GuardHolds(Guard.NewestInRegion, $"it is the newest complete copy in {region}");
            }
        }

        return CheckItself(snapshot);
    }

    /// <summary>The first guard that holds a snapshot against a rule: those of <see cref="Check"/>, and a copy that a person asked for and that is not made yet.</summary>
    /// <inheritdoc cref="Check" path="/param"/>
    public static GuardHolds? CheckByRule(Snapshot snapshot, IReadOnlyCollection<Snapshot> complete, Plan plan) =>
        Check(snapshot, complete, plan)
        ?? (snapshot.Transfers.FirstOrDefault(t => t.Value is { Phase: TransferPhase.Requested, Origin: Origin.Manual }) is { Key: { } wanted }
            ? new GuardHolds(Guard.TransferRunning, $"a copy in {wanted} was asked for by hand")
            : null);

    /// <summary>The first guard that holds a snapshot for what it is itself, whatever others there are.</summary>
    public static GuardHolds? CheckItself(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot switch
        {
            { Pinned: true } => new GuardHolds(Guard.Pinned, "it is pinned"),
            { Transferring: true } => new GuardHolds(Guard.TransferRunning, "one of its transfers is running"),
            _ => null,
        };
    }

    private static bool IsNewer(Snapshot one, Snapshot other) =>
        one.CreatedAt != other.CreatedAt ? one.CreatedAt > other.CreatedAt : one.ImageId > other.ImageId;
}
