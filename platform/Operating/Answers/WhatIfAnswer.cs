using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.WhatIf;

namespace DoSnapshot.Operating.Answers;

/// <summary>What another policy would have made of the real history.</summary>
internal static class WhatIfAnswer
{
    /// <summary>Answers. The log is read a page at a time.</summary>
    /// <exception cref="SubjectException">There is no such plan, or the time is yet to come.</exception>
    public static async Task WriteAsync(
        IEventLog log, WhatIfTerms terms, DateTimeOffset now, bool json, bool chart, TextWriter output, CancellationToken ct)
    {
        if (terms.Plan is { } plan && (await log.LoadFleetFactsAsync(ct)).Plans.All(p => !string.Equals(p.Name, plan, StringComparison.Ordinal)))
        {
            throw SubjectException.Unknown("--plan", plan, "the log knows no such plan");
        }

        if (terms.From > now)
        {
            throw new SubjectException("--from", Stamp.Of(terms.From.Value), SubjectTrouble.Unusable, "it is in the future");
        }

        var replay = new WhatIfReplay(terms);
        await foreach (var e in log.ReadAllAsync(ct))
        {
            ct.ThrowIfCancellationRequested();
            replay.See(e);
        }

        var result = replay.Finish(now);
        if (json)
        {
            WhatIfJson.Write(result, output);
        }
        else
        {
            WhatIfText.Write(result, chart, output);
        }
    }
}
