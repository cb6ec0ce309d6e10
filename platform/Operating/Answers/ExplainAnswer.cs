using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Explaining;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Operating.Answers;

/// <summary>Why a snapshot exists, why it is kept or was removed, and when that may change.</summary>
internal static class ExplainAnswer
{
    /// <summary>Answers.</summary>
    /// <exception cref="SubjectException">The log knows no such snapshot, or did not at that time.</exception>
    public static async Task WriteAsync(
        IEventLog log, string subject, DateTimeOffset? at, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct)
    {
        if (at > now)
        {
            throw new SubjectException("--at", Stamp.Of(at.Value), SubjectTrouble.Unusable, "it is in the future");
        }

        var life = await LifeAsync(log, subject, ct);
        if (at is { } moment)
        {
            life = [.. life.TakeWhile(e => !(Moments.Of(e.Data) > moment))];
            if (life.Count == 0)
            {
                throw SubjectException.Unknown("SNAPSHOT", subject, $"the log did not know it yet at {Stamp.Of(moment)}");
            }
        }

        var droplet = EventTypes.DropletOf(life[0].Data)!.Value;
        var ledger = at is { } then ? await LedgerAsync(log, droplet, then, ct) : (await log.LoadLedgersAsync([droplet], ct))[0];
        var explained = Explanation.Of(ledger, life, at ?? now);
        if (json)
        {
            JsonOutput.Write(output, writer =>
            {
                writer.WriteString("snapshotId", explained.Snapshot.SnapshotId);
                writer.WriteString("name", explained.Snapshot.Name);
                writer.WriteNumber("dropletId", explained.Snapshot.DropletId);
                writer.WriteString("at", Stamp.Of(at ?? now));
                writer.WriteString("exists", explained.Exists);
                writer.WriteString("verdict", explained.Verdict);
                writer.WriteString("nextChange", explained.NextChange is { } next ? Stamp.Of(next) : null);
                writer.WriteStartArray("remarks");
                foreach (var remark in explained.Remarks)
                {
                    writer.WriteStringValue(remark);
                }

                writer.WriteEndArray();
            });
            return;
        }

        await output.WriteLineAsync(ShownText.Of($"Snapshot {explained.Snapshot.SnapshotId} ('{explained.Snapshot.Name}') at {Stamp.Of(at ?? now)}"));
        await output.WriteLineAsync(ShownText.Of($"  {explained.Exists}."));
        await output.WriteLineAsync(ShownText.Of($"  {explained.Verdict}."));
        if (explained.NextChange is { } change)
        {
            await output.WriteLineAsync($"  Its age brings it under another rule at {Stamp.Of(change)}.");
        }

        foreach (var remark in explained.Remarks)
        {
            await output.WriteLineAsync(ShownText.Of($"  {remark}."));
        }
    }

    private static async Task<IReadOnlyList<LoggedEvent>> LifeAsync(IEventLog log, string subject, CancellationToken ct)
    {
        // One that ended long ago is in no ledger any more; its stream is there for ever.
        var stream = Subjects.SnapshotOrNone(await log.LoadLedgersAsync(null, ct), subject) is { } one ? one.Id : Guid.TryParse(subject, out var id) ? Streams.OfSnapshot(id) : null;
        var life = stream is null ? [] : await log.ReadStreamAsync(stream, ct);
        return life.Count > 0 ? life : throw Subjects.NoSnapshot(subject);
    }

    /// <summary>What was known about a droplet at a moment: all of the log up to it is replayed.</summary>
    private static async Task<DropletLedger> LedgerAsync(IEventLog log, long droplet, DateTimeOffset at, CancellationToken ct)
    {
        var fleet = new FleetReplay();
        await foreach (var e in log.ReadAllAsync(ct))
        {
            // Times are of several clocks: what is of later does not end the reading, and is not counted.
            if (!(Moments.Of(e.Data) > at))
            {
                fleet.Fold(e);
            }
        }

        return fleet.Droplet(droplet)?.Ledger(fleet.Plans.Current, at) ?? new DropletLedger(droplet, null, null, []);
    }
}
