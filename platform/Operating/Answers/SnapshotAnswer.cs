using System.Globalization;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Operating.Answers;

/// <summary>How one snapshot stands.</summary>
internal static class SnapshotAnswer
{
    /// <summary>Answers.</summary>
    /// <exception cref="SubjectException">The log knows no such snapshot, or several.</exception>
    public static async Task WriteAsync(IEventLog log, string subject, bool json, TextWriter output, CancellationToken ct)
    {
        var s = await Subjects.SnapshotAsync(log, subject, ct);
        if (json)
        {
            JsonOutput.Write(output, writer => SnapshotJson.Write(s, writer));
            return;
        }

        foreach (var line in Lines(s))
        {
            await output.WriteLineAsync(ShownText.Of(line));
        }
    }

    private static IEnumerable<string> Lines(Snapshot s)
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

        if (s.HeldBy is { } guard)
        {
            yield return $"  Guard {guard} holds it.";
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
