using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Histories;
using DoSnapshot.Inquiry.Replay;

namespace DoSnapshot.Operating.Answers;

/// <summary>What happened in the log after one of its places, whatever it is about.</summary>
internal static class EventsAnswer
{
    /// <summary>So many at once unless it is said.</summary>
    public const int Limit = 500;

    /// <summary>No more than this at once.</summary>
    public const int MostAtOnce = 5_000;

    /// <summary>Answers.</summary>
    /// <param name="log">The log.</param>
    /// <param name="after">A place in the log.</param>
    /// <param name="limit">So many events at most.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task WriteAsync(IEventLog log, long after, int limit, bool json, TextWriter output, CancellationToken ct)
    {
        var events = await log.ReadAsync(after, limit, ct);
        if (json)
        {
            JsonOutput.Write(output, writer =>
            {
                writer.WriteNumber("last", events.Count > 0 ? events[^1].Sequence : after);
                writer.WriteObjects("events", events, e =>
                {
                    writer.WriteNumber("sequence", e.Sequence);
                    writer.WriteString("id", e.Id);
                    writer.WriteString("stream", e.Stream);
                    writer.WriteNumber("version", e.StreamVersion);
                    writer.WriteString("type", EventTypes.Aliases[e.Data.GetType()]);
                    writer.WriteString("at", Moments.Of(e.Data) is { } at ? Stamp.Of(at) : null);
                    writer.WriteNumberOrNull("dropletId", EventTypes.DropletOf(e.Data));
                    writer.WriteString("snapshotId", EventTypes.SnapshotOf(e.Data)?.ToString("D"));
                    writer.WriteString("says", EventWords.Of(e.Data));
                });
            });
            return;
        }

        foreach (var e in events)
        {
            await output.WriteLineAsync(ShownText.Of($"{(Moments.Of(e.Data) is { } at ? Stamp.Of(at) : "                    ")}  {e.Stream}  {EventWords.Of(e.Data)}"));
        }
    }
}
