using System.Text.Json;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Histories;
using DoSnapshot.Inquiry.Replay;

namespace DoSnapshot.Operating.Answers;

/// <summary>An event of the log, for programs.</summary>
internal static class EventJson
{
    /// <summary>What these events are about is called.</summary>
    public static Task<LogNames> NamesAsync(IEventLog log, IReadOnlyCollection<LoggedEvent> events, CancellationToken ct) => events.Count == 0
        ? Task.FromResult(LogNames.None)
        : log.FindNamesAsync(
            [.. events.Select(e => EventTypes.SnapshotOf(e.Data)).OfType<Guid>().Distinct()], [.. events.Select(e => EventTypes.DropletOf(e.Data)).OfType<long>().Distinct()], ct);

    /// <summary>Writes the members; what the event does not name is called as it is now.</summary>
    public static void Write(Utf8JsonWriter json, LoggedEvent e, LogNames names)
    {
        var facts = EventFacts.Of(e.Data);
        json.WriteNumber("sequence", e.Sequence);
        json.WriteString("id", e.Id);
        json.WriteString("stream", e.Stream);
        json.WriteNumber("version", e.StreamVersion);
        json.WriteString("type", EventTypes.Aliases[e.Data.GetType()]);
        json.WriteString("at", Moments.Of(e.Data) is { } at ? Stamp.Of(at) : null);
        json.WriteString("snapshotName", facts.SnapshotName ?? (EventTypes.SnapshotOf(e.Data) is { } snapshot ? names.Snapshots.GetValueOrDefault(snapshot) : null));
        json.WriteString("dropletName", facts.DropletName ?? (EventTypes.DropletOf(e.Data) is { } droplet ? names.Droplets.GetValueOrDefault(droplet) : null));
        json.WriteString("plan", facts.Plan);
        json.WriteString("region", facts.Region);
        if (facts.Final is { } final)
        {
            json.WriteBoolean("final", final);
        }
        else
        {
            json.WriteNull("final");
        }

        json.WriteString("retryAt", facts.RetryAt is { } retry ? Stamp.Of(retry) : null);
        json.WriteString("guard", facts.Guard is { } guard ? SnapshotJson.Name(guard) : null);
        json.WriteString("origin", facts.Origin is { } origin ? SnapshotJson.Name(origin) : null);
        json.WriteString("actor", facts.Actor);
        json.WriteString("reason", facts.Reason);
        json.WriteString("says", EventWords.Of(e.Data));
    }
}
