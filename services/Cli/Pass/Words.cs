using System.Globalization;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Retention;

namespace DoSnapshot.Cli.Pass;

/// <summary>Times and reasons as the log tells them.</summary>
internal static class Words
{
    /// <summary>Such as <c>3 d 4 h</c>, <c>4 h 12 min</c>, <c>12 min</c> or <c>7.3 s</c>: the largest units that matter.</summary>
    public static string Of(TimeSpan time) => time.Duration() switch
    {
        { Days: > 0 } t => $"{Sign(time)}{t.Days} d {t.Hours} h",
        { Hours: > 0 } t => $"{Sign(time)}{t.Hours} h {t.Minutes} min",
        { Minutes: > 0 } t => $"{Sign(time)}{t.Minutes} min",
        var t => string.Create(CultureInfo.InvariantCulture, $"{Sign(time)}{t.TotalSeconds:0.0} s"),
    };

    /// <summary>Such as <c>2026-03-01T12:00:00Z</c>.</summary>
    public static string Of(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "unknown time";

    /// <summary>The reason of a verdict, without the verdict.</summary>
    public static string Of(Reason reason)
    {
        var text = reason.Describe();
        return text[(text.IndexOf(": ", StringComparison.Ordinal) + 2)..];
    }

    /// <summary>How far an action is that is not over for us.</summary>
    public static string StageOf(CloudAction action) =>
        action.Status is CloudActionStatus.Completed ? "is completed but does not show yet" : "is in progress";

    private static string Sign(TimeSpan time) => time < TimeSpan.Zero ? "-" : "";
}
