using System.Runtime.InteropServices;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>Something that there is more or less of, summed up by days: what is there at the end of each, and for how long what was.</summary>
internal sealed class DailyLevel
{
    private readonly Dictionary<int, (decimal Delta, decimal Area)> days = [];

    /// <summary>From this moment on there is so much more, or less.</summary>
    public void Add(DateTimeOffset moment, decimal amount)
    {
        var day = DayOf(moment);
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(days, day, out _);
        sum = (sum.Delta + amount, sum.Area + (amount * (1 - Fraction(moment))));
    }

    /// <summary>For each day in turn: how much there is at its end, and the sum over it in days of one.</summary>
    /// <param name="first">The first day, by its number.</param>
    /// <param name="end">The moment at which the last ends, UTC.</param>
    public IEnumerable<(int Day, decimal AtEnd, decimal Area)> Series(int first, DateTimeOffset end)
    {
        var level = days.Where(d => d.Key < first).Sum(d => d.Value.Delta);
        var last = DayOf(end);
        for (var day = first; day <= last; day++)
        {
            var (delta, area) = days.GetValueOrDefault(day);
            var whole = level + area;
            level += delta;
            yield return (day, level, day == last ? whole - (level * (1 - Fraction(end))) : whole);
        }
    }

    /// <summary>The number of a moment's day.</summary>
    public static int DayOf(DateTimeOffset moment) => (int)(moment.UtcTicks / TimeSpan.TicksPerDay);

    private static decimal Fraction(DateTimeOffset moment) => (decimal)(moment.UtcTicks % TimeSpan.TicksPerDay) / TimeSpan.TicksPerDay;
}
