using System.Globalization;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Operating;

/// <summary>Finds what a person means by an id, the beginning of one, or a name; what ended long ago, too.</summary>
internal static class Subjects
{
    private const int MostNamed = 5;

    /// <summary>The plan, the droplet or the snapshot that is meant: one of the three, and the others null.</summary>
    /// <exception cref="SubjectException">The log knows nothing of that name, or several things.</exception>
    public static async Task<(PlanFacts? Plan, FoundDroplet? Droplet, Snapshot? Snapshot)> AnyAsync(IEventLog log, string text, CancellationToken ct)
    {
        var (facts, finding) = (log.LoadFleetFactsAsync(ct), log.FindAsync(text, ct));
        await Task.WhenAll(facts, finding);
        var plan = (await facts).Plans.FirstOrDefault(p => string.Equals(p.Name, text, StringComparison.Ordinal));
        var found = await finding;
        string[] all = [.. plan is null ? [] : (string[])[$"plan '{plan.Name}'"], .. found.Droplets.Select(Name), .. found.Snapshots.Select(s => $"snapshot {Name(s)}")];
        return all.Length switch
        {
            0 => throw SubjectException.Unknown("", text, ": the log knows no plan, droplet or snapshot of this name or id"),
            1 => (plan, found.Droplets is [var droplet] ? droplet : null, found.Snapshots is [var snapshot] ? snapshot : null),
            _ => throw new SubjectException("", text, SubjectTrouble.Ambiguous, $" may be several: {Listed(all)}", all),
        };
    }

    /// <summary>The droplet that is meant.</summary>
    /// <exception cref="SubjectException">The log knows none, or several.</exception>
    public static async Task<FoundDroplet> DropletAsync(IEventLog log, string argument, string text, CancellationToken ct)
    {
        var found = (await log.FindAsync(text, ct)).Droplets;
        string[] ids = [.. found.Select(d => Number(d.DropletId))];
        return found switch
        {
            [var one] => one,
            [] => throw SubjectException.Unknown(argument, text, "the log knows no droplet of this name or id"),
            _ => throw new SubjectException(argument, text, SubjectTrouble.Ambiguous, $"several droplets are called so: {string.Join(", ", ids)}", ids),
        };
    }

    /// <summary>The ids of the droplets that are meant; null where none is named.</summary>
    /// <exception cref="SubjectException">The log knows no such droplet, or a name is several droplets'.</exception>
    public static async Task<IReadOnlySet<long>?> DropletsAsync(IEventLog log, string argument, IReadOnlyCollection<string>? texts, CancellationToken ct)
    {
        if (texts is not { Count: > 0 })
        {
            return null;
        }

        var ids = new HashSet<long>();
        foreach (var text in texts)
        {
            ids.Add((await DropletAsync(log, argument, text, ct)).DropletId);
        }

        return ids;
    }

    /// <summary>The snapshot that is meant.</summary>
    /// <exception cref="SubjectException">The log knows none, or several.</exception>
    public static async Task<Snapshot> SnapshotAsync(IEventLog log, string text, CancellationToken ct)
    {
        const string Argument = "SNAPSHOT";
        var found = (await log.FindAsync(text, ct)).Snapshots;
        string[] all = [.. found.Select(Name)];
        return found switch
        {
            [var one] => one,
            [] => throw SubjectException.Unknown(Argument, text, "the log knows no snapshot of this id, image id or name"),
            _ => throw new SubjectException(Argument, text, SubjectTrouble.Ambiguous, $"it may be several: {Listed(all)}", all),
        };
    }

    /// <summary>How a droplet is named to people.</summary>
    public static string Name(FoundDroplet droplet) => $"droplet {Number(droplet.DropletId)} ('{droplet.Name}')";

    private static string Name(Snapshot s) => $"{s.SnapshotId} ('{s.Name}')";

    private static string Listed(IReadOnlyList<string> all) =>
        $"{string.Join(", ", all.Take(MostNamed))}{(all.Count > MostNamed ? $" and {(all.Count < FoundSubjects.Most ? "" : "at least ")}{all.Count - MostNamed} more" : "")}";

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
