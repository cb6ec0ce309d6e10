using DoSnapshot.Contracts;
using DoSnapshot.EventLog;

namespace DoSnapshot.Inquiry.Slots;

/// <summary>Spans of time in which something was so, as events began and ended it.</summary>
internal sealed class Spans
{
    private readonly List<(DateTimeOffset From, DateTimeOffset Until)> spans = [];

    /// <summary>When the droplet was paused, or its plan.</summary>
    /// <param name="events">Those of the droplet and of its plan.</param>
    public static IReadOnlyList<Spans> Pauses(IReadOnlyList<LoggedEvent> events) =>
    [
        Of(events, e => e switch { DropletPaused p => (p.At, true), DropletResumed r => (r.At, false), _ => null }),
        Of(events, e => e switch { PlanPaused p => (p.At, true), PlanResumed r => (r.At, false), _ => null }),
    ];

    /// <summary>When the droplet was in a plan.</summary>
    /// <param name="events">Those of the droplet.</param>
    public static Spans Enrolments(IReadOnlyList<LoggedEvent> events) =>
        Of(events, e => e switch { DropletEnrolled d => (d.At, true), DropletWithdrawn w => (w.At, false), _ => null });

    /// <summary>Whether it was so at some time from a moment on and before another.</summary>
    public bool Touch(DateTimeOffset from, DateTimeOffset until) => spans.Exists(s => s.From < until && s.Until > from);

    private static Spans Of(IReadOnlyList<LoggedEvent> events, Func<object, (DateTimeOffset At, bool Begins)?> read)
    {
        var found = new Spans();
        DateTimeOffset? since = null;
        foreach (var e in events)
        {
            if (read(e.Data) is not { } change)
            {
                continue;
            }

            if (change.Begins)
            {
                since ??= change.At;
            }
            else if (since is { } from)
            {
                found.spans.Add((from, change.At));
                since = null;
            }
        }

        if (since is { } open)
        {
            found.spans.Add((open, DateTimeOffset.MaxValue));
        }

        return found;
    }
}
