using System.Runtime.CompilerServices;
using DoSnapshot.EventLog;

namespace DoSnapshot.Operating;

/// <summary>Reads a whole log a page at a time, so that it may be longer than what memory holds.</summary>
internal static class LogReading
{
    private const int Page = 5_000;

    /// <summary>Every event in the order of the log, up to where it ended when the reading began.</summary>
    public static async IAsyncEnumerable<LoggedEvent> ReadAllAsync(this IEventLog log, [EnumeratorCancellation] CancellationToken ct)
    {
        var end = await log.HeadAsync(ct);
        var read = log.ReadAsync(0, Page, ct);
        while (await read is { Count: > 0 } page && page[0].Sequence <= end)
        {
            // The next page comes while this one is looked at.
            read = log.ReadAsync(page[^1].Sequence, Page, ct);
            foreach (var e in page.TakeWhile(e => e.Sequence <= end))
            {
                yield return e;
            }
        }
    }
}
