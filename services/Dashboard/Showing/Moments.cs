using System.Globalization;

namespace DoSnapshot.Dashboard.Showing;

/// <summary>Moments, spans and sizes as text.</summary>
internal static class Moments
{
    /// <summary>For programs, such as <c>2026-11-28T03:00:00Z</c>; null for none.</summary>
    public static string? Iso(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>For people, such as <c>2026-11-28 03:00:00 UTC</c>.</summary>
    public static string Utc(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A day, such as <c>Sat 2026-11-28</c>.</summary>
    public static string Day(DateOnly day) => day.ToString("ddd yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A length of time in its largest fitting unit, such as <c>2.5 d</c>.</summary>
    public static string Span(TimeSpan span) => span.Duration() switch
    {
        { TotalHours: >= 48 } s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalDays:0.#} d"),
        { TotalMinutes: >= 60 } s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalHours:0.#} h"),
        { TotalSeconds: >= 60 } s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalMinutes:0} min"),
        var s => string.Create(CultureInfo.InvariantCulture, $"{s.TotalSeconds:0} s"),
    };

    /// <summary>Such as <c>7.36 GB</c>.</summary>
    public static string Size(decimal gigabytes) => gigabytes >= 10_000
        ? string.Create(CultureInfo.InvariantCulture, $"{gigabytes / 1000:#,0.##} TB")
        : string.Create(CultureInfo.InvariantCulture, $"{gigabytes:#,0.##} GB");

    /// <summary>Such as <c>$12.40</c>.</summary>
    public static string Dollars(decimal dollars) => string.Create(CultureInfo.InvariantCulture, $"${dollars:#,0.00}");

    /// <summary>Such as <c>1 snapshot</c>, <c>3 snapshots</c>.</summary>
    public static string Count(int number, string one, string? several = null) => number == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {several ?? $"{one}s"}");
}
