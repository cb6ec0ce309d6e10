using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.EventLog;

/// <summary>What snapshots and droplets are called: an event of the middle of a life has ids alone.</summary>
/// <param name="Snapshots">The names of snapshots, whatever became of them, by our id.</param>
/// <param name="Droplets">The present names of droplets, or of one that was never in a plan the name that a snapshot of it has, by DigitalOcean's id.</param>
public sealed record LogNames(IReadOnlyDictionary<Guid, string> Snapshots, IReadOnlyDictionary<long, string> Droplets)
{
    /// <summary>The names that these have.</summary>
    public static LogNames Of(IReadOnlyCollection<Snapshot> snapshots, IEnumerable<DropletFacts> droplets)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(droplets);
        var ofDroplets = droplets.ToDictionary(d => d.DropletId, d => d.Name);
        foreach (var s in snapshots)
        {
            ofDroplets.TryAdd(s.DropletId, s.DropletName);
        }

        return new LogNames(snapshots.ToDictionary(s => s.SnapshotId, s => s.Name), ofDroplets);
    }
}
