using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.EventLog;

/// <summary>What snapshots and droplets are called: an event of the middle of a life has ids alone.</summary>
/// <param name="Snapshots">The names of snapshots, whatever became of them, by our id.</param>
/// <param name="Droplets">The present names of droplets, or of one that was never in a plan the name that a snapshot of it has, by DigitalOcean's id.</param>
public sealed record LogNames(IReadOnlyDictionary<Guid, string> Snapshots, IReadOnlyDictionary<long, string> Droplets)
{
    /// <summary>The names of nothing.</summary>
    public static LogNames None { get; } = new(new Dictionary<Guid, string>(), new Dictionary<long, string>());

    /// <summary>The names that these have.</summary>
    public static LogNames Of(IEnumerable<Snapshot> snapshots, IEnumerable<DropletFacts> droplets) =>
        Of(snapshots.Select(s => (s.SnapshotId, s.Name, s.DropletId, s.DropletName)), droplets.Select(d => (d.DropletId, d.Name)));

    /// <summary>The names of snapshots, with their droplets', and of droplets.</summary>
    public static LogNames Of(IEnumerable<(Guid Id, string Name, long DropletId, string DropletName)> snapshots, IEnumerable<(long Id, string Name)> droplets)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(droplets);
        var ofSnapshots = new Dictionary<Guid, string>();
        var ofDroplets = droplets.ToDictionary(d => d.Id, d => d.Name);
        foreach (var s in snapshots)
        {
            ofSnapshots[s.Id] = s.Name;
            ofDroplets.TryAdd(s.DropletId, s.DropletName);
        }

        return new LogNames(ofSnapshots, ofDroplets);
    }
}
