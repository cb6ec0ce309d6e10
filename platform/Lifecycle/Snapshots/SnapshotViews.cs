using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Snapshots;

/// <summary>The questions that the API of DigitalOcean cannot answer and the log can.</summary>
public static class SnapshotViews
{
    /// <summary>Wanted, and nothing of it is at work yet.</summary>
    public static IEnumerable<Snapshot> Pending(this IEnumerable<Snapshot> snapshots) => snapshots.Where(s => s.Phase is SnapshotPhase.Requested);

    /// <summary>Sent or at work; such a snapshot is in none of DigitalOcean's lists.</summary>
    public static IEnumerable<Snapshot> InFlight(this IEnumerable<Snapshot> snapshots) => snapshots.Where(s => s.InFlight);

    /// <summary>Complete, and not yet in every region that the plan wants, with the regions that lack it.</summary>
    public static IEnumerable<(Snapshot Snapshot, IReadOnlyList<string> Missing)> AwaitingRegions(
        this IEnumerable<Snapshot> snapshots, Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return snapshots
            .Where(s => s.IsComplete && string.Equals(s.Plan, plan.Name, StringComparison.Ordinal))
            .Select(s => (s, (IReadOnlyList<string>)[.. plan.Regions.Where(r => !s.Regions.Contains(r))]))
            .Where(pair => pair.Item2.Count > 0);
    }

    /// <summary>The newest complete snapshot of each droplet.</summary>
    public static IReadOnlyDictionary<long, Snapshot> LatestPerDroplet(this IEnumerable<Snapshot> snapshots) => snapshots
        .Where(s => s.IsComplete && s.CreatedAt is not null)
        .GroupBy(s => s.DropletId)
        .ToDictionary(g => g.Key, g => g.MaxBy(s => s.CreatedAt)!);

    /// <summary>Decided to go, and not gone yet.</summary>
    public static IEnumerable<Snapshot> ExpiredNotGone(this IEnumerable<Snapshot> snapshots) =>
        snapshots.Where(s => s.Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning);
}
