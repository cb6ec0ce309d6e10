using System.Globalization;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Lives;

/// <summary>What snapshots and droplets are called, as far as what was heard names them: an event of the middle of a life has its id alone.</summary>
internal sealed class LifeNames
{
    private const string Asked = "snapshot '";
    private const string Found = "found at DigitalOcean: '";
    private const string Joined = "droplet '";
    private const string OfDroplet = " of droplet ";

    private readonly Dictionary<Guid, string> snapshots = [];
    private readonly Dictionary<long, string> droplets = [];

    /// <summary>The names that these tell.</summary>
    /// <param name="status">How the droplets stand; null where that is not known.</param>
    /// <param name="going">What goes next; null where that is not known.</param>
    /// <param name="newestFirst">What happened: a name that was given later holds.</param>
    public static LifeNames Of(StatusShape? status, ForecastShape? going, IEnumerable<LogEventShape> newestFirst)
    {
        var names = new LifeNames();
        foreach (var d in status?.Droplets ?? [])
        {
            names.droplets[d.DropletId] = d.Name;
            foreach (var (id, name) in d.Pending.Select(p => (p.SnapshotId, p.Name)).Concat(d.Transfers.Select(t => (t.SnapshotId, t.Name))))
            {
                names.snapshots[id] = name;
            }

            if (d.LastGood is { } good)
            {
                names.snapshots[good.SnapshotId] = good.Name;
            }
        }

        foreach (var s in going?.Snapshots ?? [])
        {
            names.snapshots[s.SnapshotId] = s.Name;
            names.droplets.TryAdd(s.DropletId, s.DropletName);
        }

        foreach (var e in newestFirst)
        {
            names.Hear(e);
        }

        return names;
    }

    /// <summary>What a life is called, and the short id that stands after it; the id is null where the name has it already.</summary>
    /// <param name="last">An event of it.</param>
    /// <param name="snapshot">The snapshot; null where it is no snapshot's.</param>
    public (string Name, string? ShortId) NameOf(LogEventShape last, Guid? snapshot)
    {
        var droplet = last.DropletId is { } id ? droplets.GetValueOrDefault(id) : null;
        if (snapshot is { } one)
        {
            var shortId = one.ToString("D")[..8];
            return snapshots.TryGetValue(one, out var name) ? (name, shortId)
                : droplet is not null ? ($"snapshot of {droplet}", shortId)
                : ($"snapshot {shortId}", null);
        }

        return droplet is not null && last.Stream.StartsWith("droplet/", StringComparison.Ordinal)
            ? ($"droplet {droplet}", last.DropletId!.Value.ToString(CultureInfo.InvariantCulture))
            : (last.Stream.Replace('/', ' '), null);
    }

    private void Hear(LogEventShape e)
    {
        var isOfSnapshot = e.Says.StartsWith(Asked, StringComparison.Ordinal) || e.Says.StartsWith(Found, StringComparison.Ordinal);
        if (!isOfSnapshot && !e.Says.StartsWith(Joined, StringComparison.Ordinal))
        {
            return;
        }

        var parts = e.Says.Split('\'', 5);
        if (!isOfSnapshot)
        {
            Add(e.DropletId, parts[1]);
            return;
        }

        if (e.SnapshotId is { } id)
        {
            snapshots.TryAdd(id, parts[1]);
        }

        if (parts.Length > 3 && string.Equals(parts[2], OfDroplet, StringComparison.Ordinal))
        {
            Add(e.DropletId, parts[3]);
        }
    }

    private void Add(long? droplet, string name)
    {
        if (droplet is { } id)
        {
            droplets.TryAdd(id, name);
        }
    }
}
