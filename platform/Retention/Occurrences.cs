using System.Runtime.InteropServices;

namespace DoSnapshot.Retention;

/// <summary>
/// The moments of an anchored schedule: an anchor plus any number of intervals, before it as well as after. They do not depend on when
/// anything ran, so nothing drifts. Reckoned in whole ticks; what would lie outside the calendar is its first or last moment.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Occurrences
{
    private readonly long anchor;
    private readonly long every;

    /// <summary>The occurrences at <paramref name="anchor"/> and every multiple of <paramref name="every"/> from it.</summary>
    /// <param name="anchor">Any one of them.</param>
    /// <param name="every">The time from each to the next, more than zero.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is zero.</exception>
    public Occurrences(DateTimeOffset anchor, Period every)
    {
        ArgumentOutOfRangeException.ThrowIfZero(every.Duration.Ticks, nameof(every));
        this.anchor = anchor.UtcTicks;
        this.every = every.Duration.Ticks;
    }

    /// <summary>The last occurrence that is not after a moment.</summary>
    /// <param name="moment">Any moment.</param>
    /// <returns>The occurrence, UTC.</returns>
    public DateTimeOffset Latest(DateTimeOffset moment) => At(LatestTicks(moment));

    /// <summary>The first occurrence after a moment.</summary>
    /// <param name="moment">Any moment.</param>
    /// <returns>The occurrence, UTC.</returns>
    public DateTimeOffset Next(DateTimeOffset moment) => At(LatestTicks(moment) + every);

    /// <summary>The occurrence nearest to a moment: what a snapshot that was not made for one stands for.</summary>
    /// <param name="moment">Any moment.</param>
    /// <returns>The occurrence, UTC; the earlier of two that are as near.</returns>
    public DateTimeOffset Nearest(DateTimeOffset moment)
    {
        long before = LatestTicks(moment);
        return At(moment.UtcTicks - before <= every / 2 ? before : before + every);
    }

    private static DateTimeOffset At(long ticks) =>
        new(Math.Clamp(ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);

    // In whole ticks: a quotient of this size as floating point is rounded, and would let an occurrence begin before its time.
    private long LatestTicks(DateTimeOffset moment)
    {
        long rest = (moment.UtcTicks - anchor) % every;
        return moment.UtcTicks - (rest < 0 ? rest + every : rest);
    }
}
