using System.Globalization;

namespace DoSnapshot.Retention;

/// <summary>What an instant is to retention: UTC and whole seconds.</summary>
internal static class Instant
{
    /// <summary>The same instant in UTC without its fraction of a second.</summary>
    public static DateTimeOffset Cut(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    /// <summary>The instant after a period, or null where that is past the end of the calendar.</summary>
    public static DateTimeOffset? After(DateTimeOffset time, Period period) =>
        DateTimeOffset.MaxValue - time < period.Duration ? null : time + period.Duration;

    /// <summary>Such as <c>2026-01-01T00:00:00Z</c>.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A length of whole hours in words, such as <c>9 days</c>, <c>1 day 12 hours</c> or <c>0 hours</c>.</summary>
    public static string Words(TimeSpan length)
    {
        string hours = Counted(length.Hours, "hour");
        return length.Days == 0 ? hours : length.Hours == 0 ? Counted(length.Days, "day") : $"{Counted(length.Days, "day")} {hours}";
    }

    /// <summary>What follows "every": <c>day</c>, <c>9 days</c>.</summary>
    public static string Repeat(TimeSpan length) => length.Ticks switch
    {
        TimeSpan.TicksPerHour => "hour",
        TimeSpan.TicksPerDay => "day",
        _ => Words(length),
    };

    /// <summary>Such as <c>3 d 0 h</c>; minutes and seconds follow only where they are not zero.</summary>
    public static string Text(TimeSpan distance)
    {
        string text = $"{distance.Days} d {distance.Hours} h";
        return distance is { Minutes: 0, Seconds: 0 } ? text : $"{text} {distance.Minutes} min {distance.Seconds} s";
    }

    /// <summary>Such as <c>1 day</c> or <c>2 days</c>.</summary>
    public static string Counted(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
