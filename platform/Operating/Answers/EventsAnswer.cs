using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Histories;
using DoSnapshot.Inquiry.Replay;

namespace DoSnapshot.Operating.Answers;

/// <summary>What is asked of the log's events.</summary>
/// <param name="After">Those after this place.</param>
/// <param name="Limit">So many at most.</param>
/// <param name="Search">Those alone that have all of these words in what they say, in their type or in whose they are; empty for all.</param>
internal sealed record EventsQuestion(long After, int Limit, string Search = "")
{
    /// <summary>So many at once unless it is said.</summary>
    public const int UsualLimit = 500;

    /// <summary>No more than this at once.</summary>
    public const int MostAtOnce = 5_000;
}

/// <summary>What happened in the log after one of its places, whatever it is about.</summary>
internal static class EventsAnswer
{
    /// <summary>So many are looked through for one answer, which takes a few seconds; whoever searches goes on where it ended.</summary>
    private const int MostSearched = 50_000;

    private const int Page = 5_000;

    /// <summary>Answers.</summary>
    /// <param name="log">The log.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task WriteAsync(IEventLog log, EventsQuestion question, bool json, TextWriter output, CancellationToken ct)
    {
        var (events, last, isAll) = await FindAsync(log, question, ct);
        if (json)
        {
            var names = await EventJson.NamesAsync(log, events, ct);
            JsonOutput.Write(output, writer =>
            {
                writer.WriteNumber("last", last);
                writer.WriteBoolean("isAll", isAll);
                writer.WriteObjects("events", events, e =>
                {
                    EventJson.Write(writer, e, names);
                    writer.WriteNumberOrNull("dropletId", EventTypes.DropletOf(e.Data));
                    writer.WriteString("snapshotId", EventTypes.SnapshotOf(e.Data)?.ToString("D"));
                });
            });
            return;
        }

        foreach (var e in events)
        {
            await output.WriteLineAsync(ShownText.Of($"{(Moments.Of(e.Data) is { } at ? Stamp.Of(at) : "                    ")}  {e.Stream}  {EventWords.Of(e.Data)}"));
        }
    }

    /// <summary>The events, up to where it was looked, and whether that is the end of the log.</summary>
    private static async Task<(IReadOnlyList<LoggedEvent> Events, long Last, bool IsAll)> FindAsync(IEventLog log, EventsQuestion question, CancellationToken ct)
    {
        var words = question.Search.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var page = words.Length == 0 ? question.Limit : Page;
        var found = new List<LoggedEvent>();
        var (place, looked) = (question.After, 0);
        // A place that an append was given and did not fill is no event: whoever waited after the last event would be told again and again that there is more.
        var head = await log.HeadAsync(ct);
        if (head < place)
        {
            return (found, head, true);
        }

        while (looked < MostSearched)
        {
            var read = await log.ReadAsync(place, page, ct);
            foreach (var e in read)
            {
                place = e.Sequence;
                if (words.Length == 0 || Has(e, words))
                {
                    found.Add(e);
                    if (found.Count == question.Limit)
                    {
                        return (found, place, read.Count < page && e == read[^1]);
                    }
                }
            }

            looked += read.Count;
            if (read.Count < page)
            {
                return (found, Math.Max(place, head), true);
            }
        }

        return (found, place, false);
    }

    private static bool Has(LoggedEvent e, string[] words)
    {
        var says = EventWords.Of(e.Data);
        var type = EventTypes.Aliases[e.Data.GetType()];
        return words.All(w =>
            says.Contains(w, StringComparison.OrdinalIgnoreCase) || e.Stream.Contains(w, StringComparison.OrdinalIgnoreCase) || type.Contains(w, StringComparison.OrdinalIgnoreCase));
    }
}
