using System.Collections.Immutable;
using System.Text.Json;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Slots;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Operating.Answers;

/// <summary>What came of the last turns of the schedules of several droplets.</summary>
internal static class SlotsAnswer
{
    private const string Argument = "droplet";

    /// <summary>Answers, with a handful of questions to the log however many the droplets are.</summary>
    /// <param name="log">The log.</param>
    /// <param name="texts">The droplets, by id or name.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="SubjectException">The log knows no such droplet, or several.</exception>
    public static async Task WriteAsync(IEventLog log, IReadOnlyCollection<string> texts, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct)
    {
        var ledgers = await LedgersAsync(log, texts, ct);
        var since = ledgers.Select(l => (l.DropletId, Since: SlotStrip.Since(l, now))).Where(l => l.Since is not null).ToDictionary(l => l.DropletId, l => l.Since!.Value);
        var asked = (await log.FindRequestedAsync(since, ct)).ToLookup(s => s.DropletId);
        string[] streams = [.. ledgers.Select(l => Streams.OfDroplet(l.DropletId)), .. ledgers.Select(l => l.PlanFacts?.Id).OfType<string>()];
        var events = (await log.ReadStreamsAsync(streams, ct)).ToLookup(e => e.Stream, StringComparer.Ordinal);
        List<(DropletLedger Ledger, ImmutableArray<Slot> Slots)> all = [.. ledgers.Select(l => (l, SlotsOf(l)))];
        if (json)
        {
            JsonOutput.Write(output, writer =>
            {
                writer.WriteString("at", Stamp.Of(now));
                writer.WriteObjects("droplets", all, d =>
                {
                    writer.WriteNumber("dropletId", d.Ledger.DropletId);
                    writer.WriteString("name", NameOf(d.Ledger));
                    Write(writer, d.Slots);
                });
            });
            return;
        }

        new TextTable<(DropletLedger Ledger, ImmutableArray<Slot> Slots)>()
            .Left("DROPLET", d => NameOf(d.Ledger))
            .Left("PLAN", d => d.Ledger.Plan?.Name ?? "-")
            .Left("LAST", d => string.Join(", ", d.Slots.GroupBy(s => s.State).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {SnapshotJson.Name(g.Key)}")))
            .Write(all, output);

        ImmutableArray<Slot> SlotsOf(DropletLedger ledger)
        {
            var byId = asked[ledger.DropletId].ToDictionary(s => s.Id, StringComparer.Ordinal);
            foreach (var known in ledger.Snapshots)
            {
                byId[known.Id] = known;
            }

            return SlotStrip.Of(
                ledger,
                [.. byId.Values.OrderBy(s => s.RequestedAt).ThenBy(s => s.Id, StringComparer.Ordinal)],
                [.. events[Streams.OfDroplet(ledger.DropletId)], .. ledger.PlanFacts is { } plan ? events[plan.Id] : []],
                now);
        }
    }

    /// <summary>Writes the turns of one droplet.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<Slot> slots) => json.WriteObjects("slots", slots, slot =>
    {
        json.WriteString("from", Stamp.Of(slot.From));
        json.WriteString("until", Stamp.Of(slot.Until));
        json.WriteString("state", SnapshotJson.Name(slot.State));
        if (slot.SnapshotId is { } id)
        {
            json.WriteString("snapshotId", id);
        }
        else
        {
            json.WriteNull("snapshotId");
        }
    });

    private static string NameOf(DropletLedger ledger) => ledger.Droplet?.Name ?? ledger.Snapshots.LastOrDefault()?.DropletName ?? "";

    /// <summary>Each droplet once, in the order in which they were named. Ids, which programs give, are looked up all at once.</summary>
    private static async Task<IReadOnlyList<DropletLedger>> LedgersAsync(IEventLog log, IReadOnlyCollection<string> texts, CancellationToken ct)
    {
        var byId = (await log.LoadLedgersAsync([.. texts.Select(FoundSubjects.Number).OfType<long>()], ct))
            .Where(l => l.Droplet is not null || !l.Snapshots.IsEmpty).ToDictionary(l => l.DropletId);
        var named = new List<DropletLedger>(texts.Count);
        foreach (var text in texts)
        {
            if (FoundSubjects.Number(text) is { } number && byId.TryGetValue(number, out var known))
            {
                named.Add(known);
            }
            else
            {
                var found = await Subjects.DropletAsync(log, Argument, text, ct);
                named.Add((await log.LoadLedgersAsync([found.DropletId], ct))[0]);
            }
        }

        return [.. named.DistinctBy(l => l.DropletId)];
    }
}
