namespace DoSnapshot.Inquiry.Replay;

/// <summary>
/// A time that the log has certainly reached: the earliest moment of a whole run of events, so that a few of them by a clock that is far ahead do not
/// move it.
/// </summary>
internal sealed class SteadyTime
{
    private const int Run = 256;

    private DateTimeOffset earliest = DateTimeOffset.MaxValue;
    private int seen;

    /// <summary>The time; the beginning of the calendar until enough was seen.</summary>
    public DateTimeOffset Value { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Notes the moment of an event.</summary>
    public void Note(DateTimeOffset moment)
    {
        earliest = moment < earliest ? moment : earliest;
        if (++seen == Run)
        {
            (Value, earliest, seen) = (earliest, DateTimeOffset.MaxValue, 0);
        }
    }
}
