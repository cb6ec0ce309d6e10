using System.Collections.Immutable;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.EventLog;

/// <summary>Which snapshots belong into a droplet's ledger, the same for every implementation of the log.</summary>
public static class Ledgers
{
    /// <summary>Snapshots that ended stay in the ledger this long, so that an old listing of DigitalOcean does not bring them back.</summary>
    public static readonly TimeSpan RecentlyEnded = TimeSpan.FromDays(2);

    /// <summary>Puts a ledger together.</summary>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="droplet">What is known of it.</param>
    /// <param name="plan">The plan it belongs to.</param>
    /// <param name="snapshots">Its snapshots: at least those that <see cref="Belongs"/> names and the last scheduled one.</param>
    /// <param name="plans">The plans by name, for those that its snapshots belong to and the droplet does not.</param>
    public static DropletLedger Build(
        long dropletId,
        DropletFacts? droplet,
        PlanFacts? plan,
        IEnumerable<Snapshot> snapshots,
        IReadOnlyDictionary<string, PlanFacts>? plans = null)
    {
        ImmutableArray<Snapshot> ordered =
        [
            .. snapshots.DistinctBy(s => s.SnapshotId)
                .OrderBy(s => s.RequestedAt)
                .ThenBy(s => s.Id, StringComparer.Ordinal),
        ];
        return new DropletLedger(dropletId, droplet, plan, ordered, plans is null ? [] : Others(ordered, plan, plans));
    }

    /// <summary>Puts the ledgers of several droplets together.</summary>
    /// <param name="dropletIds">The droplets; null for all there is something to look at of.</param>
    /// <param name="droplets">What is known of them.</param>
    /// <param name="plans">All plans.</param>
    /// <param name="snapshots">Their snapshots; one may come twice.</param>
    /// <param name="recent">What ended before this makes no droplet one to look at.</param>
    public static IReadOnlyList<DropletLedger> BuildAll(
        IReadOnlyCollection<long>? dropletIds,
        IReadOnlyCollection<DropletFacts> droplets,
        IReadOnlyCollection<PlanFacts> plans,
        IReadOnlyCollection<Snapshot> snapshots,
        DateTimeOffset recent)
    {
        dropletIds ??= [.. droplets.Select(d => d.DropletId).Union(snapshots.Where(s => s.Live || s.ChangedAt > recent).Select(s => s.DropletId)).Order()];
        var dropletById = droplets.ToDictionary(d => d.DropletId);
        var planByName = plans.ToDictionary(p => p.Name, StringComparer.Ordinal);
        var snapshotsByDroplet = snapshots.ToLookup(s => s.DropletId);
        return
        [
            .. dropletIds.Select(id =>
            {
                var droplet = dropletById.GetValueOrDefault(id);
                var plan = droplet?.Plan is { } name ? planByName.GetValueOrDefault(name) : null;
                return Build(id, droplet, plan, snapshotsByDroplet[id], planByName);
            }),
        ];
    }

    /// <summary>
    /// Whether a snapshot belongs into its droplet's ledger whatever its place among the others. A lost one always does: when its image turns up
    /// again it must be known for what it is, and keep its pin.
    /// </summary>
    public static bool Belongs(Snapshot snapshot, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Live || snapshot.Phase is SnapshotPhase.Lost || snapshot.ChangedAt > now - RecentlyEnded;
    }

    /// <summary>The moment from which on a snapshot that <see cref="Belongs"/> does so no more, unless something happens to it, UTC.</summary>
    public static DateTimeOffset BelongsUntil(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Live || snapshot.Phase is SnapshotPhase.Lost ? DateTimeOffset.MaxValue : snapshot.ChangedAt + RecentlyEnded;
    }

    /// <summary>Whether a snapshot makes its droplet one to look at, be it in a plan or not.</summary>
    public static bool Counts(Snapshot snapshot, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Live || snapshot.ChangedAt > now - RecentlyEnded;
    }

    private static ImmutableArray<PlanFacts> Others(
        ImmutableArray<Snapshot> snapshots, PlanFacts? plan, IReadOnlyDictionary<string, PlanFacts> plans) =>
    [
        .. snapshots.Select(s => s.Plan)
            .OfType<string>()
            .Where(other => !string.Equals(other, plan?.Name, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(plans.GetValueOrDefault)
            .OfType<PlanFacts>(),
    ];
}
