using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>An audit's report for programs: names do not change, times are UTC as ISO 8601 writes them.</summary>
public static class AuditJson
{
    // The output is no web page, so that only what JSON itself wants escaped is.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the report as one JSON object, and ends the line.</summary>
    public static void Write(AuditReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(report, json);
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>Writes the report as one JSON object.</summary>
    public static void Write(AuditReport report, Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteBoolean("holds", report.Holds);
        json.WriteString("asOf", Words.Of(report.AsOf));
        WriteTime(json, "from", report.Terms.From);
        WriteTime(json, "to", report.Terms.To);
        WriteDroplets(json, report.Terms.Droplets);
        WriteTime(json, "lastEventAt", report.LastEventAt);
        json.WriteNumber("lastSequence", report.LastSequence);
        WriteCounts(json, report.Counts);
        WriteAll(json, "findings", report.Findings, f => Write(json, f));
        json.WriteNumber("findingsCut", report.FindingsCut);
        WriteAll(json, "openExpiries", report.Open, o => Write(json, o));
        WriteAll(json, "manualRemovals", report.ManualRemovals, m => Write(json, m));
        json.WriteEndObject();
    }

    private static void WriteDroplets(Utf8JsonWriter json, IReadOnlySet<long>? droplets)
    {
        if (droplets is null)
        {
            json.WriteNull("droplets");
            return;
        }

        json.WriteStartArray("droplets");
        foreach (var droplet in droplets.Order())
        {
            json.WriteNumberValue(droplet);
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, AuditCounts c)
    {
        json.WriteStartObject("counts");
        foreach (var (name, value) in ((string, long)[])
        [
            ("events", c.Events), ("streams", c.Streams),
            ("decisions", c.Decisions), ("replayed", c.Replayed), ("confirmed", c.Confirmed), ("explainedByManualCommand", c.Manual),
            ("differing", c.Differing), ("notReplayed", c.NotReplayed),
            ("deletions", c.Deletions), ("deletionsConfirmed", c.DeletionsConfirmed),
            ("pruned", c.Pruned), ("withdrawn", c.Withdrawn), ("refused", c.Refused), ("lost", c.Lost), ("open", c.Open),
            ("errors", c.Errors), ("warnings", c.Warnings),
        ])
        {
            json.WriteNumber(name, value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Finding f)
    {
        json.WriteString("severity", Name(f.Severity));
        json.WriteString("kind", Name(f.Kind));
        json.WriteString("what", f.What);
        WriteTime(json, "at", f.At);
        json.WriteNumber("sequence", f.Sequence);
        json.WriteString("stream", f.Stream);
        json.WriteString("eventId", f.EventId);
        WriteId(json, "snapshotId", f.SnapshotId);
        json.WriteString("snapshotName", f.SnapshotName);
        WriteNumber(json, "dropletId", f.DropletId);
        json.WriteString("dropletName", f.DropletName);
        json.WriteString("plan", f.Plan);
        WriteNumber(json, "planVersion", f.PlanVersion);
        json.WriteString("recorded", f.Recorded);
        json.WriteString("replayed", f.Replayed);
    }

    private static void Write(Utf8JsonWriter json, OpenExpiry o)
    {
        json.WriteString("snapshotId", o.SnapshotId);
        json.WriteString("snapshotName", o.SnapshotName);
        json.WriteNumber("dropletId", o.DropletId);
        json.WriteString("dropletName", o.DropletName);
        json.WriteString("plan", o.Plan);
        json.WriteString("rule", o.Rule);
        json.WriteString("decidedAt", Words.Of(o.DecidedAt));
        json.WriteNumber("ageSeconds", (long)o.Age.TotalSeconds);
        json.WriteString("trouble", o.Trouble);
    }

    private static void Write(Utf8JsonWriter json, ManualRemoval m)
    {
        json.WriteString("snapshotId", m.SnapshotId);
        json.WriteString("snapshotName", m.SnapshotName);
        json.WriteNumber("dropletId", m.DropletId);
        json.WriteString("at", Words.Of(m.At));
        json.WriteString("actor", m.Actor);
        json.WriteString("reason", m.Reason);
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Name(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) => json.WriteString(name, time is { } at ? Words.Of(at) : null);

    private static void WriteId(Utf8JsonWriter json, string name, Guid? id) => json.WriteString(name, id?.ToString("D"));

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
