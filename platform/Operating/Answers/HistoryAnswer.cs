using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Histories;
using DoSnapshot.Inquiry.Replay;

namespace DoSnapshot.Operating.Answers;

/// <summary>What happened to a snapshot, a droplet or a plan, in the order of the log.</summary>
internal static class HistoryAnswer
{
    /// <summary>So many events are shown where nobody says how many.</summary>
    public const int Last = 500;

    /// <summary>Answers.</summary>
    /// <param name="log">The log.</param>
    /// <param name="subject">A plan's name, a droplet's id or name, a snapshot's id (or a unique beginning of it), image id or name.</param>
    /// <param name="last">How many of the last events at most; 0 for all.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="SubjectException">The log knows nothing of that name, or several things.</exception>
    public static async Task WriteAsync(IEventLog log, string subject, int last, bool json, TextWriter output, CancellationToken ct)
    {
        var most = last == 0 ? int.MaxValue : last;
        // One more tells whether there are earlier ones.
        var wanted = most == int.MaxValue ? most : most + 1;
        var (plan, droplet, snapshot) = await Subjects.AnyAsync(log, subject, ct);
        var read = droplet is not null
            ? await log.ReadDropletAsync(droplet.DropletId, wanted, ct)
            : await log.ReadStreamAsync(plan?.Id ?? snapshot!.Id, ct);
        var isCut = read.Count > most;
        var events = isCut ? [.. read.TakeLast(most)] : read;
        if (json)
        {
            var names = await EventJson.NamesAsync(log, events, ct);
            JsonOutput.Write(output, writer =>
            {
                writer.WriteBoolean("earlierLeftOut", isCut);
                writer.WriteObjects("events", events, e => EventJson.Write(writer, e, names));
            });
            return;
        }

        if (isCut)
        {
            await output.WriteLineAsync(events.Count == 1 ? "(the last event; there are earlier ones)" : $"(the last {events.Count} events; there are earlier ones)");
        }

        // Of a droplet it is always said which of its snapshots it was.
        var several = droplet is not null || events.Any(e => !string.Equals(e.Stream, events[0].Stream, StringComparison.Ordinal));
        foreach (var e in events)
        {
            var whose = several && e.Stream.StartsWith("snapshot/", StringComparison.Ordinal) ? $"{e.Stream["snapshot/".Length..][..8]}  " : several ? "          " : "";
            await output.WriteLineAsync(ShownText.Of($"{(Moments.Of(e.Data) is { } at ? Stamp.Of(at) : "                    ")}  {whose}{EventWords.Of(e.Data)}"));
        }
    }
}
