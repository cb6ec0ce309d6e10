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

        var life = await log.ReadStreamAsync((await Subjects.SnapshotAsync(log, subject, ct)).Id, ct);
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
                writer.WriteBoolean("kept", explained.Kept);
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

    /// <summary>What was known about a droplet at a moment: what is about it, and about the plans, is replayed up to it.</summary>
    private static async Task<DropletLedger> LedgerAsync(IEventLog log, long droplet, DateTimeOffset at, CancellationToken ct)
    {
        var events = new List<LoggedEvent>(await log.ReadDropletAsync(droplet, int.MaxValue, ct));
        foreach (var plan in (await log.LoadFleetFactsAsync(ct)).Plans)
        {
            events.AddRange(await log.ReadStreamAsync(plan.Id, ct));
        }

        var fleet = new FleetReplay();
        foreach (var e in events.OrderBy(e => e.Sequence))
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
