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

    /// <summary>
    /// The occurrences that moments were most likely meant for: the middle between two occurrences lies in the longest stretch of time of
    /// day (or of the interval, whatever it is) that is free of moments, as far from any as can be.
    /// </summary>
    /// <param name="moments">When something happened that happens about once in an interval; with none, any occurrences will do.</param>
    /// <param name="every">The time from each occurrence to the next, more than zero.</param>
    /// <returns>The occurrences.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="moments"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is zero.</exception>
    public static Occurrences Through(IEnumerable<DateTimeOffset> moments, Period every)
    {
        ArgumentNullException.ThrowIfNull(moments);
        ArgumentOutOfRangeException.ThrowIfZero(every.Duration.Ticks, nameof(every));
        long length = every.Duration.Ticks;
        long[] rests = [.. moments.Select(moment => moment.UtcTicks % length).Order()];
        long middle = 0;
        long longest = -1;
        for (int index = 0; index < rests.Length; index++)
        {
            long next = index + 1 < rests.Length ? rests[index + 1] : rests[0] + length;
            if (next - rests[index] > longest)
            {
                longest = next - rests[index];
                middle = rests[index] + (longest / 2);
            }
        }

        return new Occurrences(new DateTimeOffset(middle + (length / 2), TimeSpan.Zero), every);
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
