using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using DoSnapshot.Contracts;
using DoSnapshot.Retention;

namespace DoSnapshot.Lifecycle.Plans;

/// <summary>Reads the terms of a plan one by one; every error names the term and its value.</summary>
internal static partial class PlanTermsReader
{
    public static string Name(string? value) =>
        value is not null && NamePattern().IsMatch(value)
            ? value
            : throw new PlanException("name", value, "letters, digits, '-' and '_' are allowed, 64 at most");

    public static string Tag(string? value)
    {
        var tag = value?.Trim();
        return tag is not null && TagPattern().IsMatch(tag)
            ? tag
            : throw new PlanException("tag", value, "letters, digits, '-', '_' and ':' are allowed, 255 at most");
    }

    public static string Prefix(string? value)
    {
        var prefix = value?.Trim();
        return string.IsNullOrEmpty(prefix)
            ? throw new PlanException("prefix", value, "an empty prefix would claim every snapshot")
            : prefix;
    }

    public static Period Every(string? value, PlanTiming timing)
    {
        if (!Period.TryParse(value, out var every))
        {
            throw new PlanException("every", value, "a number followed by h, d, w or m is wanted");
        }

        // By elapsed time, zero says that a snapshot is due whenever somebody asks. A calendar of moments no time apart is none.
        return every.Duration > TimeSpan.Zero || timing is PlanTiming.Elapsed
            ? every
            : throw new PlanException("every", value, "it must be more than zero for moments of the calendar");
    }

    public static TimeOnly At(string? value) =>
        TimeOnly.TryParseExact(value?.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at
            : throw new PlanException("at", value, "a time of day such as 03:00 is wanted");

    public static TimeSpan Spread(string? value) =>
        Period.TryParse(value, out var spread)
            ? spread.Duration
            : throw new PlanException("spread", value, "a number followed by h, d, w or m is wanted");

    public static RetentionPolicy Keep(IReadOnlyList<string>? values)
    {
        var rules = new List<KeepRule>();
        foreach (var value in values ?? [])
        {
            rules.Add(KeepRule.TryParse(value, out var rule)
                ? rule
                : throw new PlanException("keep", value, "INTERVAL:AGE is wanted, such as 1w:1m"));
        }

        return new RetentionPolicy(rules);
    }

    public static ImmutableArray<string> Regions(IReadOnlyList<string>? values) =>
    [
        .. (values ?? []).Select(value => value is not null && RegionPattern().IsMatch(value.Trim())
                ? value.Trim()
                : throw new PlanException("regions", value, "a region's slug is wanted, such as lon1"))
            .Distinct(StringComparer.Ordinal),
    ];

    public static int KeepAtLeast(int value) =>
        value >= 0 ? value : throw new PlanException("keep at least", value.ToString(CultureInfo.InvariantCulture), "it cannot be negative");

    public static PlanTiming Timing(PlanTiming value) =>
        Enum.IsDefined(value) ? value : throw new PlanException("timing", value.ToString(), "anchored or elapsed is wanted");

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();

    // The vendor's own pattern for tags.
    [GeneratedRegex(@"^[A-Za-z0-9_\-:]{1,255}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TagPattern();

    [GeneratedRegex("^[a-z]{2,8}[0-9]{1,3}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RegionPattern();
}
