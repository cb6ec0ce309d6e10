using System.Globalization;

namespace DoSnapshot.Retention.Tests;

/// <summary>One hand-made case: rows stand in the order in which their verdicts are expected.</summary>
internal sealed record SieveCase(string Name, string Policy, Row[] Rows)
{
    /// <summary>The moment that ages in rows count back from.</summary>
    public static readonly DateTimeOffset Noon = At("2026-07-01T12:00:00Z");

    public DateTimeOffset Now { get; init; } = Noon;

    /// <summary>Points that are given to the sieve but have no verdict of their own.</summary>
    public RestorePoint[] AlsoGiven { get; init; } = [];

    public RestorePoint[] Input => [.. Rows.Select(row => row.Point), .. AlsoGiven];

    public RetentionPolicy ParsedPolicy => RetentionPolicy.Parse(Policy.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static DateTimeOffset At(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.FFFK", CultureInfo.InvariantCulture, DateTimeStyles.None);

    public static TimeSpan Days(int days) => new(days, 0, 0, 0);

    public static TimeSpan Hours(int hours) => new(hours, 0, 0);

    public static TimeSpan Seconds(int seconds) => new(0, 0, seconds);

    public static TimeSpan Milliseconds(int milliseconds) => new(0, 0, 0, 0, milliseconds);

    /// <summary>Kept: younger than this age of the youngest rule, or no rule at all.</summary>
    public static Expectation NotReached(string? youngestAge) =>
        new(true, _ => new Reason.NotReached(youngestAge is null ? null : Period.Parse(youngestAge)));

    /// <summary>Kept: first of the rule's group.</summary>
    public static Expectation First(string rule) => new(true, _ => new Reason.FirstOfGroup(KeepRule.Parse(rule)));

    /// <summary>Kept: this far after the last one kept.</summary>
    public static Expectation After(long lastKept, TimeSpan distance, string rule) =>
        new(true, point => new Reason.FarEnough(KeepRule.Parse(rule), point(lastKept), distance));

    /// <summary>Deleted: the rule keeps none.</summary>
    public static Expectation None(string rule) => new(false, _ => new Reason.IntervalZero(KeepRule.Parse(rule)));

    /// <summary>Deleted: only this far after the last one kept.</summary>
    public static Expectation Near(long keptInstead, TimeSpan distance, string rule) =>
        new(false, point => new Reason.TooClose(KeepRule.Parse(rule), point(keptInstead), distance));

    /// <summary>What is expected, as data to compare with.</summary>
    public IEnumerable<(long Id, bool Keep, Reason Reason)> Expected()
    {
        Dictionary<long, RestorePoint> points = Rows.ToDictionary(row => row.Point.Id, row => row.Point);
        return Rows.Select(row => (row.Point.Id, row.Expected.Keep, row.Expected.Reason(id => points[id])));
    }
}

/// <summary>A point and what is expected of it.</summary>
internal sealed record Row(RestorePoint Point, Expectation Expected)
{
    public Row(long id, TimeSpan age, Expectation expected)
        : this(new RestorePoint(id, SieveCase.Noon - age), expected)
    {
    }

    public Row(long id, TimeSpan age, TimeSpan slotAge, Expectation expected)
        : this(new RestorePoint(id, SieveCase.Noon - age, SieveCase.Noon - slotAge), expected)
    {
    }

    public Row(long id, string createdAt, Expectation expected)
        : this(new RestorePoint(id, SieveCase.At(createdAt)), expected)
    {
    }
}

/// <summary>Whether a point stays, and the reason, which may name another point of the case.</summary>
internal sealed record Expectation(bool Keep, Func<Func<long, RestorePoint>, Reason> Reason);
