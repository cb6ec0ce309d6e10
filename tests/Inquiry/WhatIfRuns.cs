using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.WhatIf;
using DoSnapshot.Retention;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>Runs of the what-if over a log.</summary>
internal static class WhatIfRuns
{
    public static WhatIfResult WhatIf(this IEnumerable<LoggedEvent> log, DateTimeOffset asOf, WhatIfTerms terms)
    {
        var replay = new WhatIfReplay(terms);
        foreach (var e in log)
        {
            replay.See(e);
        }

        return replay.Finish(asOf);
    }

    public static WhatIfTerms Terms(string? keep, string? every = null) => new()
    {
        Keep = keep is null ? null : RetentionPolicy.Parse(keep.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        Every = every is null ? null : Period.Parse(every),
    };

    /// <summary>What differs, for a test that fails.</summary>
    public static IEnumerable<string> Differences(this WhatIfResult result) => result.Today.Where(s => s.Differs).Concat(result.Past)
        .Select(s => $"{s.Name} of {s.CreatedAt:MM-dd HH:mm:ss}: {s.Truth.Kind} {s.Truth.At:MM-dd HH:mm:ss} {s.Truth.Rule}, other {s.Other.Kind} {s.Other.At:MM-dd HH:mm:ss} {s.Other.Rule}");
}
