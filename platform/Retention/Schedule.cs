namespace DoSnapshot.Retention;

/// <summary>When the next snapshot is due.</summary>
public static class Schedule
{
    /// <summary>Whether a snapshot is due by the time elapsed since the newest one.</summary>
    /// <param name="newest">When the newest snapshot was made; null when there is none. Cut to whole seconds.</param>
    /// <param name="every">The age of the newest snapshot from which on the next is due, inclusive.</param>
    /// <param name="now">The moment to decide for. Cut to whole seconds.</param>
    /// <returns>True when there is no snapshot or the newest is old enough; one dated in the future is not.</returns>
    public static bool IsDue(DateTimeOffset? newest, Period every, DateTimeOffset now) =>
        newest is not { } last || Instant.Cut(now) - Instant.Cut(last) >= every.Duration;
}
