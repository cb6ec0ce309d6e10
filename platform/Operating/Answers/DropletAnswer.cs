using System.Collections.Immutable;
using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Inquiry.Slots;
using DoSnapshot.Inquiry.Status;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Operating.Answers;

/// <summary>A droplet with its plan, the last turns of its schedule, and its snapshots: those that are gone, too.</summary>
internal static class DropletAnswer
{
    /// <summary>So many of its last events are looked at unless it is said: some hundreds of snapshots from beginning to end.</summary>
    public const int Last = 5_000;

    /// <summary>Answers.</summary>
    /// <param name="log">The log.</param>
    /// <param name="subject">The droplet's id or name.</param>
    /// <param name="last">How many of its last events are looked at; 0 for all. Snapshots that live are told of in any case.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="SubjectException">The log knows no such droplet, or several.</exception>
    public static async Task WriteAsync(IEventLog log, string subject, int last, DateTimeOffset now, bool json, TextWriter output, CancellationToken ct)
    {
        var droplet = await Subjects.DropletAsync(log, "subject", subject, ct);
        var most = last == 0 ? int.MaxValue : last;
        // One more tells whether there are earlier ones.
        var read = await log.ReadDropletAsync(droplet.DropletId, most == int.MaxValue ? most : most + 1, ct);
        var isCut = read.Count > most;
        IReadOnlyList<LoggedEvent> events = isCut ? [.. read.TakeLast(most)] : read;
        var ledger = (await log.LoadLedgersAsync([droplet.DropletId], ct))[0];
        var ofPlan = ledger.PlanFacts is { } plan ? await log.ReadStreamAsync(plan.Id, ct) : [];
        // The last events of all may be too few to have the pause among them.
        var ofItself = ledger.Droplet is { Paused: true } paused ? await log.ReadStreamAsync(paused.Id, ct) : [];
        IReadOnlyList<Pause> pauses = [.. Pauses(ledger, ofItself, ofPlan)];
        var snapshots = SlotStrip.SnapshotsOf(ledger, events);
        var slots = SlotStrip.Of(ledger, snapshots, [.. events, .. ofPlan], now);
        if (isCut && Moments.Of(events[0].Data) is { } since)
        {
            // What a rule has let go may be among the events that are left out: of such a turn it cannot be said that none was made.
            slots = [.. slots.Where(s => s.SnapshotId is not null || s.From >= since)];
        }

        if (json)
        {
            JsonOutput.Write(output, writer => Write(writer, droplet, ledger, pauses, isCut, slots, snapshots, now));
            return;
        }

        await output.WriteLineAsync(ShownText.Of($"{Subjects.Name(droplet)}, {(ledger.Plan is { } own ? $"plan '{own.Name}'" : "in no plan")}{(ledger.Paused ? ", paused" : "")}"));
        foreach (var left in LeftPlan.Of(ledger))
        {
            var pausedBy = left.Paused ? "it" : ledger.Droplet is { Paused: true } ? "the droplet" : null;
            await output.WriteLineAsync(ShownText.Of(
                $"The rules of plan '{left.Name}' {(pausedBy is null ? "" : "would ")}go on for the snapshots that it left here{(pausedBy is null ? "" : $", if {pausedBy} was not paused")}"));
        }

        foreach (var pause in pauses)
        {
            await output.WriteLineAsync(ShownText.Of($"{(pause.Plan is { } name ? $"Plan '{name}'" : "The droplet")} is paused since {Stamp.Of(pause.Since)} by {pause.Actor}: {pause.Reason}"));
        }

        if (snapshots.Length > 0)
        {
            new TextTable<Snapshot>()
                .Left("SNAPSHOT", s => s.Name)
                .Left("PHASE", s => SnapshotJson.Name(s.Phase))
                .Left("MADE", s => s.CreatedAt is { } made ? Stamp.Of(made) : "-")
                .Left("REGIONS", s => string.Join(' ', s.Regions))
                .Write(snapshots, output);
        }
    }

    private static IEnumerable<Pause> Pauses(DropletLedger ledger, IReadOnlyList<LoggedEvent> ofDroplet, IReadOnlyList<LoggedEvent> ofPlan)
    {
        if (ledger.Droplet is { Paused: true } && ofDroplet.Select(e => e.Data).OfType<DropletPaused>().LastOrDefault() is { } own)
        {
            yield return new Pause(null, own.Actor, own.Reason, own.At);
        }

        if (ledger.PlanFacts is { Paused: true } && ofPlan.Select(e => e.Data).OfType<PlanPaused>().LastOrDefault() is { } whole)
        {
            yield return new Pause(whole.Plan, whole.Actor, whole.Reason, whole.At);
        }
    }

    private static void Write(
        Utf8JsonWriter json,
        FoundDroplet droplet,
        DropletLedger ledger,
        IReadOnlyList<Pause> pauses,
        bool isCut,
        ImmutableArray<Slot> slots,
        ImmutableArray<Snapshot> snapshots,
        DateTimeOffset now)
    {
        json.WriteString("at", Stamp.Of(now));
        json.WriteNumber("dropletId", droplet.DropletId);
        json.WriteString("name", droplet.Name ?? ledger.Droplet?.Name ?? "");
        json.WriteBoolean("paused", ledger.Paused);
        json.WriteObjects("pauses", pauses, p =>
        {
            json.WriteString("plan", p.Plan);
            json.WriteString("actor", p.Actor);
            json.WriteString("reason", p.Reason);
            json.WriteString("since", Stamp.Of(p.Since));
        });
        json.WriteBoolean("earlierLeftOut", isCut);
        if (ledger is { Plan: not null, PlanFacts: { } facts })
        {
            json.WriteStartObject("plan");
            PlansAnswer.Write(json, facts);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("plan");
        }

        LeftPlansJson.Write(json, LeftPlan.Of(ledger));
        SlotsAnswer.Write(json, slots);
        var holds = Expiring.Holds(ledger, now);
        json.WriteObjects("snapshots", snapshots, s => SnapshotJson.Write(s, holds.GetValueOrDefault(s.SnapshotId), json));
    }

    private sealed record Pause(string? Plan, string Actor, string Reason, DateTimeOffset Since);
}
