using System.Globalization;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Operating;

/// <summary>Finds what a person means by an id, the beginning of one, or a name.</summary>
internal static class Subjects
{
    private const int LeastPrefix = 4;
    private const int MostNamed = 5;

    /// <summary>The streams that tell of a plan, a droplet or a snapshot: a droplet's with those of its snapshots.</summary>
    /// <exception cref="SubjectException">The log knows nothing of that name, or several things.</exception>
    public static async Task<IReadOnlyList<string>> StreamsAsync(IEventLog log, string text, CancellationToken ct)
    {
        var fleet = await log.LoadLedgersAsync(null, ct);
        var plans = (await log.LoadFleetFactsAsync(ct)).Plans.Where(p => string.Equals(p.Name, text, StringComparison.Ordinal)).ToList();
        var droplets = Droplets(fleet, text);
        var snapshots = Snapshots(fleet, text);
        var found = plans.Count + droplets.Count + snapshots.Count;
        if (found > 1)
        {
            var all = plans.Select(p => $"plan '{p.Name}'")
                .Concat(droplets.Select(l => $"droplet {Number(l.DropletId)} ('{l.Droplet?.Name}')"))
                .Concat(snapshots.Select(s => $"snapshot {s.SnapshotId} ('{s.Name}')"))
                .ToList();
            throw new SubjectException("", text, SubjectTrouble.Ambiguous, $" may be several: {Listed(all)}", all);
        }

        if (found == 1)
        {
            return plans is [var plan]
                ? [plan.Id]
                : droplets is [var droplet] ? [Streams.OfDroplet(droplet.DropletId), .. droplet.Snapshots.Select(s => s.Id)] : [snapshots[0].Id];
        }

        // One that ended long ago is in no ledger any more; its stream is there for ever.
        return Guid.TryParse(text, out var id) && (await log.ReadStreamAsync(Streams.OfSnapshot(id), ct)).Count > 0
            ? [Streams.OfSnapshot(id)]
            : throw SubjectException.Unknown("", text, ": the log knows no plan, droplet or snapshot of this name or id");
    }

    /// <summary>The droplet that is meant.</summary>
    /// <exception cref="SubjectException">The log knows none, or several.</exception>
    public static DropletLedger Droplet(IReadOnlyList<DropletLedger> fleet, string argument, string text)
    {
        var found = Droplets(fleet, text);
        string[] ids = [.. found.Select(l => Number(l.DropletId))];
        return found switch
        {
            [var one] => one,
            [] => throw SubjectException.Unknown(argument, text, "the log knows no droplet of this name or id"),
            _ => throw new SubjectException(argument, text, SubjectTrouble.Ambiguous, $"several droplets are called so: {string.Join(", ", ids)}", ids),
        };
    }

    /// <summary>The snapshot that is meant.</summary>
    /// <exception cref="SubjectException">The log knows none, or several.</exception>
    public static Snapshot Snapshot(IReadOnlyList<DropletLedger> fleet, string text) => SnapshotOrNone(fleet, text) ?? throw NoSnapshot(text);

    /// <summary>The snapshot that is meant; null where none of these is.</summary>
    /// <exception cref="SubjectException">There are several.</exception>
    public static Snapshot? SnapshotOrNone(IReadOnlyList<DropletLedger> fleet, string text)
    {
        var found = Snapshots(fleet, text);
        string[] all = [.. found.Select(s => $"{s.SnapshotId} ('{s.Name}')")];
        return found.Count > 1
            ? throw new SubjectException("SNAPSHOT", text, SubjectTrouble.Ambiguous, $"it may be several: {Listed(all)}", all)
            : found.Count == 1 ? found[0] : null;
    }

    /// <summary>That the log knows no such snapshot.</summary>
    public static SubjectException NoSnapshot(string text) => SubjectException.Unknown("SNAPSHOT", text, "the log knows no snapshot of this id, image id or name");

    /// <summary>The droplets that are meant: the one of an id, or those of a name.</summary>
    public static IReadOnlyList<DropletLedger> Droplets(IReadOnlyList<DropletLedger> fleet, string text) =>
        [.. fleet.Where(l => string.Equals(Number(l.DropletId), text, StringComparison.Ordinal) || string.Equals(l.Droplet?.Name, text, StringComparison.Ordinal))];

    /// <summary>The snapshots that are meant: by our id or a beginning of it, by the image's id, or by name.</summary>
    public static IReadOnlyList<Snapshot> Snapshots(IReadOnlyList<DropletLedger> fleet, string text) =>
    [
        .. fleet.SelectMany(l => l.Snapshots).Where(s =>
            (text.Length >= LeastPrefix && s.SnapshotId.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase))
            || (s.ImageId is { } image && string.Equals(Number(image), text, StringComparison.Ordinal))
            || string.Equals(s.Name, text, StringComparison.Ordinal)),
    ];

    private static string Listed(IReadOnlyList<string> all) =>
        $"{string.Join(", ", all.Take(MostNamed))}{(all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "")}";

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
