using System.Globalization;
using DoSnapshot.Cli.Arguments;
using DoSnapshot.Retention;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Cli.Retention;

/// <summary>Reads the values of options; every error names the option and quotes its value.</summary>
internal static class OptionText
{
    public static readonly string Every = CommandOptions.Snapshot.Display;
    public static readonly string Keep = CommandOptions.Keep.Display;
    public static readonly string Simulate = CommandOptions.Simulate.Display;

    private const string OnePeriod = "a number followed by h, d, w or m";
    private const string Most = "of 36500 days at most";
    private const string PeriodWanted = $"{OnePeriod} is wanted, {Most}";

    /// <summary>A period above zero.</summary>
    public static Period Period(string option, string? text) => Period(option, text, text) is { Duration.Ticks: > 0 } period
        ? period
        : throw UsageException.For(option, text, "it must be more than zero");

    /// <summary>The time between snapshots, of which zero means one at every run.</summary>
    public static Period EveryOrAlways(string? text) => Period(Every, text, text);

    /// <summary>The retention rules.</summary>
    public static RetentionPolicy Policy(IReadOnlyList<string> rules) => new(rules.Select(text => KeepRule.TryParse(text, out var rule)
        ? rule
        : throw UsageException.For(Keep, text, $"INTERVAL:AGE is wanted, such as 1w:1m, each {OnePeriod}, {Most}")));

    /// <summary>Interval and duration of <c>--simulate INTERVAL:DURATION</c>.</summary>
    public static (Period Interval, Period Duration) Simulation(string? text)
    {
        if (text?.Split(':') is not [var interval, var duration])
        {
            throw UsageException.For(Simulate, text, "INTERVAL:DURATION is wanted, such as 4h:3m");
        }

        return Period(Simulate, text, interval) is { Duration.Ticks: > 0 } runs
            ? (runs, Period(Simulate, text, duration))
            : throw UsageException.For(Simulate, text, "the interval between runs must be more than zero");
    }

    /// <summary>How it is told when a snapshot is due; null is the original's way.</summary>
    public static SimulationTiming Timing(string? text) => text?.Trim() switch
    {
        null or "elapsed" => SimulationTiming.Elapsed,
        "anchored" => SimulationTiming.Anchored,
        _ => throw UsageException.For("--timing", text, "elapsed or anchored is wanted"),
    };

    /// <summary>A time of day.</summary>
    public static TimeOnly TimeOfDay(string option, string text) =>
        TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw UsageException.For(option, text, "a time of day such as 03:00 is wanted");

    /// <summary>A moment.</summary>
    public static DateTimeOffset Moment(string option, string text) =>
        TryMoment(text, out var moment) ? moment : throw UsageException.For(option, text, "a time such as 2018-10-09T01:47:36Z is wanted");

    /// <summary>Reads a moment as ISO 8601 writes it; without an offset it is UTC.</summary>
    public static bool TryMoment(string? text, out DateTimeOffset moment) => Stamp.TryRead(text, out moment);

    /// <summary>A short time: seconds as <c>5s</c>, or a period.</summary>
    public static TimeSpan Lag(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.EndsWith('s') && int.TryParse(trimmed[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DoSnapshot.Retention.Period.TryParse(text, out var period)
            ? period.Duration
            : throw UsageException.For("--lag", text, "seconds such as 5s are wanted, or a number followed by h, d, w or m");
    }

    /// <summary>A price, in dollars.</summary>
    public static decimal Price(string text) =>
        decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price < 1_000_000
            ? price
            : throw UsageException.For("--price", text, "a number of dollars such as 0.06 is wanted");

    private static Period Period(string option, string? whole, string? part) => DoSnapshot.Retention.Period.TryParse(part, out var period)
        ? period
        : throw UsageException.For(option, whole, PeriodWanted);
}
