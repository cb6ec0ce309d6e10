using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Histories;
using DoSnapshot.Inquiry.Replay;

namespace DoSnapshot.Operating.Answers;

/// <summary>What happened to a snapshot, a droplet or a plan, in the order of the log.</summary>
internal static class HistoryAnswer
{
    /// <summary>Answers.</summary>
    public static async Task WriteAsync(IEventLog log, string subject, bool json, TextWriter output, CancellationToken ct)
    {
        var streams = await Subjects.StreamsAsync(log, subject, ct);
        var events = new List<LoggedEvent>();
        foreach (var stream in streams)
        {
            events.AddRange(await log.ReadStreamAsync(stream, ct));
        }

        events.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        if (json)
        {
            JsonOutput.Write(output, writer => writer.WriteObjects("events", events, e =>
            {
                writer.WriteNumber("sequence", e.Sequence);
                writer.WriteString("id", e.Id);
                writer.WriteString("stream", e.Stream);
                writer.WriteNumber("version", e.StreamVersion);
                writer.WriteString("type", EventTypes.Aliases[e.Data.GetType()]);
                writer.WriteString("at", Moments.Of(e.Data) is { } at ? Stamp.Of(at) : null);
                writer.WriteString("says", EventWords.Of(e.Data));
            }));
            return;
        }

        var several = streams.Count > 1;
        foreach (var e in events)
        {
            var whose = several && e.Stream.StartsWith("snapshot/", StringComparison.Ordinal) ? $"{e.Stream["snapshot/".Length..][..8]}  " : several ? "          " : "";
            await output.WriteLineAsync(ShownText.Of($"{(Moments.Of(e.Data) is { } at ? Stamp.Of(at) : "                    ")}  {whose}{EventWords.Of(e.Data)}"));
        }
    }
}
