using System.Globalization;

namespace DoSnapshot.Cli.Retention;

/// <summary>Moments as text; UTC, whole seconds.</summary>
internal static class Stamp
{
    /// <summary>Such as <c>2018-10-09T01:47:36Z</c>.</summary>
    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>20181009T014736Z</c>, as names of snapshots end.</summary>
    public static string Compact(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>2018-10-09</c>.</summary>
    public static string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
