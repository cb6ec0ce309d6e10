using System.Globalization;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.EventLog;

/// <summary>A droplet that the log knows.</summary>
/// <param name="DropletId">DigitalOcean's id.</param>
/// <param name="Name">Its present name; null for one that was never in a plan and only has snapshots here.</param>
public sealed record FoundDroplet(long DropletId, string? Name);

/// <summary>What a person may mean by a text.</summary>
/// <param name="Droplets">The droplets that have it as id or present name, by id.</param>
/// <param name="Snapshots">
/// The snapshots that have it as image id or name, or whose own id it is or begins with it, oldest request first; whatever became of them.
/// </param>
public sealed record FoundSubjects(IReadOnlyList<FoundDroplet> Droplets, IReadOnlyList<Snapshot> Snapshots)
{
    /// <summary>As many of each are found at most: a text that means more means nothing.</summary>
    public const int Most = 100;

    /// <summary>Fewer characters of a snapshot's id are not taken for its beginning.</summary>
    private const int LeastPrefix = 4;

    private const string Lowest = "00000000-0000-0000-0000-000000000000";
    private const string Highest = "ffffffff-ffff-ffff-ffff-ffffffffffff";

    /// <summary>Puts together what was found.</summary>
    public static FoundSubjects Of(IEnumerable<FoundDroplet> droplets, IEnumerable<Snapshot> snapshots) => new(
        [.. droplets.DistinctBy(d => d.DropletId).OrderBy(d => d.DropletId).Take(Most)],
        [.. snapshots.DistinctBy(s => s.SnapshotId).OrderBy(s => s.RequestedAt).ThenBy(s => s.Id, StringComparer.Ordinal).Take(Most)]);

    /// <summary>The id of a droplet or an image that a text is, in the one way of writing it; null where it is none.</summary>
    public static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && string.Equals(id.ToString(CultureInfo.InvariantCulture), text, StringComparison.Ordinal)
            ? id
            : null;

    /// <summary>The first and the last of the snapshots' ids that begin with a text; null where none can.</summary>
    public static (Guid First, Guid Last)? IdsFrom(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length >= LeastPrefix && text.Length <= Lowest.Length
            && Guid.TryParseExact(text + Lowest[text.Length..], "D", out var first)
            && Guid.TryParseExact(text + Highest[text.Length..], "D", out var last)
                ? (first, last)
                : null;
    }
}
