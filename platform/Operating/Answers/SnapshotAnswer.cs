using System.Globalization;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Operating.Answers;

/// <summary>How one snapshot stands.</summary>
internal static class SnapshotAnswer
{
    /// <summary>Answers.</summary>
    /// <param name="log">The log.</param>
    /// <param name="subject">The snapshot's id (or a unique beginning of it), image id or name.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="SubjectException">The log knows no such snapshot, or several.</exception>
    public static async Task WriteAsync(IEventLog log, string subject, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct)
    {
        var s = await Subjects.SnapshotAsync(log, subject, ct);
        // Of one that is not complete, nothing has to be known besides.
        var hold = s.IsComplete ? Expiring.Holds((await log.LoadLedgersAsync([s.DropletId], ct))[0], now).GetValueOrDefault(s.SnapshotId) : null;
        if (json)
        {
            JsonOutput.Write(output, writer => SnapshotJson.Write(s, hold, writer));
            return;
        }

        foreach (var line in Lines(s, hold))
        {
            await output.WriteLineAsync(ShownText.Of(line));
        }
    }

    private static IEnumerable<string> Lines(Snapshot s, StandingHold? hold)
    {
        yield return $"Snapshot {s.SnapshotId} ('{s.Name}') of droplet {Number(s.DropletId)} ('{s.DropletName}'), {(s.Plan is { } plan ? $"plan '{plan}'" : "in no plan")}";
        var image = s.ImageId is { } made ? $": image {Number(made)}, {s.SizeGigabytes.ToString("0.##", CultureInfo.InvariantCulture)} GB, made at {Stamp.Of(s.CreatedAt!.Value)}" : "";
        yield return $"  {SnapshotJson.Name(s.Phase)}{image}.";
        if (s.Regions.Count > 0)
        {
            yield return $"  In {string.Join(", ", s.Regions)}.";
        }

        foreach (var (region, t) in s.Transfers)
        {
            yield return $"  Copy to {region}: {SnapshotJson.Name(t.Phase)}{(t.Trouble is { } trouble ? $", {trouble}" : "")}{Again(t.RetryAt)}.";
        }

        if (s.Expiry is { } expiry)
        {
            yield return $"  To go by {(expiry.Rule is { } rule ? $"rule {rule}" : "a person's command")}, decided at {Stamp.Of(expiry.DecidedAt)}.";
        }

        if (s.Pinned)
        {
            yield return "  Pinned.";
        }

        if (hold is { Guard: { } guard })
        {
            yield return $"  A rule lets it go, and guard {guard} holds it: {hold.Detail}.";
        }

        if (s.LeftAlone)
        {
            yield return "  Left alone: its deletion was refused for good.";
        }

        if (s.Trouble is { } last)
        {
            yield return $"  {last}{Again(s.RetryAt)}.";
        }
    }

    private static string Again(DateTimeOffset? retry) => retry is { } at ? $", again from {Stamp.Of(at)}" : "";

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
