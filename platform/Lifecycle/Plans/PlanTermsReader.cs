using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using DoSnapshot.Contracts;
using DoSnapshot.Retention;

namespace DoSnapshot.Lifecycle.Plans;

/// <summary>Reads the terms of a plan one by one, and notes what is wrong with them; a term that cannot be read is given as its type's default.</summary>
internal sealed partial class PlanTermsReader
{
    private const string PeriodWanted = "a number followed by h, d, w or m is wanted, of 36500 days at most";
    private const string TagWanted = "letters, digits, '-', '_' and ':' are allowed, 255 at most";

    private readonly List<PlanProblem> problems = [];

    /// <summary>What is wrong with what was read so far.</summary>
    public IReadOnlyList<PlanProblem> Problems => problems;

    public string Name(string? value) =>
        value is not null && NamePattern().IsMatch(value)
            ? value
            : Wrong("name", value, "letters, digits, '-' and '_' are allowed, 64 at most", "");

    public string Tag(string? value)
    {
        var tag = value?.Trim();
        return tag is not null && TagPattern().IsMatch(tag) ? tag : Wrong("tag", value, TagWanted, "");
    }

    public string? OptOutTag(string? value, string tag)
    {
        var optOut = value?.Trim();
        if (optOut is not null && !TagPattern().IsMatch(optOut))
        {
            return Wrong("opt out tag", value, TagWanted, "");
        }

        // DigitalOcean's tags do not mind their case.
        return optOut is not null && string.Equals(optOut, tag, StringComparison.OrdinalIgnoreCase)
            ? Wrong("opt out tag", value, "it is the plan's own tag, so that no droplet would belong to it", "")
            : optOut;
    }

    public string Prefix(string? value)
    {
        var prefix = value?.Trim();
        return string.IsNullOrEmpty(prefix) ? Wrong("prefix", value, "an empty prefix would claim every snapshot", "") : prefix;
    }

    public Period Every(string? value, PlanTiming timing)
    {
        if (!Period.TryParse(value, out var every))
        {
            return Wrong("every", value, PeriodWanted, every);
        }

        // By elapsed time, zero says that a snapshot is due whenever somebody asks. A calendar of moments no time apart is none.
        return every.Duration > TimeSpan.Zero || timing is PlanTiming.Elapsed
            ? every
            : Wrong("every", value, "it must be more than zero for moments of the calendar", every);
    }

    public TimeOnly At(string? value) =>
        TimeOnly.TryParseExact(value?.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at
            : Wrong("at", value, "a time of day such as 03:00 is wanted", at);

    /// <summary>The spread; must be read after the interval, which it is held against where that could be read.</summary>
    public TimeSpan Spread(string? value, string? everyText, Period every, PlanTiming timing)
    {
        if (!Period.TryParse(value, out var spread))
        {
            return Wrong("spread", value, PeriodWanted, TimeSpan.Zero);
        }

        return timing is PlanTiming.Elapsed || every.Duration <= TimeSpan.Zero || spread.Duration < every.Duration
            ? spread.Duration
            : Wrong("spread", value, $"it must be shorter than every ('{everyText}')", TimeSpan.Zero);
    }

    public RetentionPolicy Keep(IReadOnlyList<string>? values)
    {
        var rules = new List<KeepRule>();
        foreach (var (index, value) in (values ?? []).Index())
        {
            if (KeepRule.TryParse(value, out var rule))
            {
                rules.Add(rule);
            }
            else
            {
                problems.Add(new PlanProblem("keep", value, "INTERVAL:AGE is wanted, such as 1w:1m", index));
            }
        }

        return new RetentionPolicy(rules);
    }

    public ImmutableArray<string> Regions(IReadOnlyList<string>? values)
    {
        var regions = new List<string>();
        foreach (var (index, value) in (values ?? []).Index())
        {
            if (value is not null && RegionPattern().IsMatch(value.Trim()))
            {
                regions.Add(value.Trim());
            }
            else
            {
                problems.Add(new PlanProblem("regions", value, "a region's slug is wanted, such as lon1", index));
            }
        }

        return [.. regions.Distinct(StringComparer.Ordinal)];
    }

    public int KeepAtLeast(int value) =>
        value >= 0 ? value : Wrong("keep at least", value.ToString(CultureInfo.InvariantCulture), "it cannot be negative", 0);

    public PlanTiming Timing(PlanTiming value) =>
        Enum.IsDefined(value) ? value : Wrong("timing", value.ToString(), "anchored or elapsed is wanted", PlanTiming.Anchored);

    public OrphanHandling Orphans(OrphanHandling value) =>
        Enum.IsDefined(value) ? value : Wrong("orphans", value.ToString(), "keep or apply is wanted", OrphanHandling.Keep);

    public BrakeSetting Brake(BrakeSetting value) =>
        Enum.IsDefined(value) ? value : Wrong("brake", value.ToString(), "on or off is wanted", BrakeSetting.On);

    public SnapshotConsistency Consistency(SnapshotConsistency value) =>
        Enum.IsDefined(value) ? value : Wrong("consistency", value.ToString(), "live or powered-off is wanted", SnapshotConsistency.Live);

    public ForcedPowerOff ForcePowerOff(ForcedPowerOff value) =>
        Enum.IsDefined(value) ? value : Wrong("force power off", value.ToString(), "never or after-grace is wanted", ForcedPowerOff.Never);

    private T Wrong<T>(string term, string? value, string wanted, T instead)
    {
        problems.Add(new PlanProblem(term, value, wanted));
        return instead;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();

    // The vendor's own pattern for tags.
    [GeneratedRegex(@"^[A-Za-z0-9_\-:]{1,255}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TagPattern();

    [GeneratedRegex("^[a-z]{2,8}[0-9]{1,3}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RegionPattern();
}
