using System.Globalization;

namespace DoSnapshot.Operating;

/// <summary>Moments as text; UTC, whole seconds.</summary>
internal static class Stamp
{
    // With K, an offset may be missing; such a time is UTC.
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    /// <summary>Such as <c>2018-10-09T01:47:36Z</c>.</summary>
    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a moment as ISO 8601 writes it; without an offset it is UTC.</summary>
    public static bool TryRead(string? text, out DateTimeOffset moment) => DateTimeOffset.TryParseExact(
        text?.Trim(),
        Forms,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out moment);

    /// <summary>Such as <c>20181009T014736Z</c>, as names of snapshots end.</summary>
    public static string Compact(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>2018-10-09</c>.</summary>
    public static string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
