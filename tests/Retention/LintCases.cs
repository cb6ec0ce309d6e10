using DoSnapshot.Retention.Linting;

namespace DoSnapshot.Retention.Tests;

/// <summary>One hand-made case of lint: what is found, in its order, and how it is said.</summary>
internal sealed record LintCase(string Every, string Rules, params (Finding Finding, Severity Severity, string Text)[] Expected)
{
    public RetentionPolicy Policy => RetentionPolicy.Parse(Rules.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The cases worked out by hand.</summary>
internal static class LintCases
{
    public static IReadOnlyDictionary<string, LintCase> All { get; } = new Dictionary<string, LintCase>(StringComparer.Ordinal)
    {
        ["the readme's first example gives 3, 9 and 36 days"] = new(
            "1d",
            "3d:1d 1w:1w 1m:2m 0d:6m",
            (Spacing("3d:1d", 24, 72, "1w:1w"), Severity.Info, "3d:1d gives one every 3 days, as it asks"),
            (
                Spacing("1w:1w", 72, 216, "1m:2m"),
                Severity.Warning,
                "1w:1w gives one every 9 days, not one every week: one every 3 days comes to it"),
            (
                Spacing("1m:2m", 216, 864, "0d:6m"),
                Severity.Warning,
                "1m:2m gives one every 36 days, not one every month: one every 9 days comes to it")),
        ["the readme's broken example"] = new(
            "1d",
            "2w:1w 1w:1m",
            (Spacing("2w:1w", 24, 336, "1w:1m"), Severity.Info, "2w:1w gives one every 14 days, as it asks"),
            (
                Spacing("1w:1m", 336, 336, null),
                Severity.Error,
                "1w:1m cannot be met: it asks for one every week, but only one every 14 days comes to it, and it gives one every 14 days"),
            (NoEnd(33, 336), Severity.Warning, "no rule ends it: 33 snapshots after a year, and one more every 14 days for ever")),
        ["no rule"] = new(
            "1d", "", (NoEnd(365, 24), Severity.Warning, "no rule ends it: 365 snapshots after a year, and one more every day for ever")),
        ["one snapshot a year is one"] = new(
            "400d",
            "",
            (
                NoEnd(1, 400 * 24),
                Severity.Warning,
                "no rule ends it: 1 snapshot after a year, and one more every 400 days for ever")),
        ["more is asked for than is taken"] = new(
            "36h",
            "4h:2d 0d:4d",
            (
                Spacing("4h:2d", 36, 36, "0d:4d"),
                Severity.Error,
                "4h:2d cannot be met: it asks for one every 4 hours, but only one every 1 day 12 hours comes to it, and it gives one every "
                + "1 day 12 hours")),
        ["a band too narrow for its interval"] = new(
            "1d",
            "1m:2d 2w:7d 0d:3m",
            (
                Spacing("1m:2d", 24, 120, "2w:7d"),
                Severity.Warning,
                "1m:2d gives one every 5 days, not one every month: 2w:7d takes over before two so far apart can be compared"),
            (
                Spacing("2w:7d", 120, 360, "0d:3m"),
                Severity.Warning,
                "2w:7d gives one every 15 days, not one every 2 weeks: one every 5 days comes to it")),
        ["a band as wide as its interval is wide enough"] = new(
            "1d",
            "5d:2d 0d:7d",
            (Spacing("5d:2d", 24, 120, "0d:7d"), Severity.Info, "5d:2d gives one every 5 days, as it asks")),
        ["a narrow band that gives what is asked for by chance"] = new(
            "4d",
            "8d:4d 0d:11d",
            (Spacing("8d:4d", 96, 192, "0d:11d"), Severity.Info, "8d:4d gives one every 8 days, as it asks")),
        ["an age below the time between snapshots"] = new(
            "1d",
            "3d:6h 0d:2w",
            (Spacing("3d:6h", 24, 72, "0d:2w"), Severity.Info, "3d:6h gives one every 3 days, as it asks"),
            (
                new Finding.AgeBelowEvery(KeepRule.Parse("3d:6h"), Period.Parse("1d"), Deletes: true),
                Severity.Warning,
                "3d:6h applies to a snapshot before the next is taken, which is only every day: it may delete the newest, and by elapsed "
                + "time another is then taken too early")),
        ["a low age does no harm where nothing is deleted"] = new(
            "2d",
            "48h:47h 0d:2w",
            (Spacing("48h:47h", 48, 48, "0d:2w"), Severity.Info, "48h:47h gives one every 2 days, as it asks"),
            (
                new Finding.AgeBelowEvery(KeepRule.Parse("48h:47h"), Period.Parse("2d"), Deletes: false),
                Severity.Info,
                "48h:47h applies to a snapshot before the next is taken, which is only every 2 days: no harm, since it deletes none")),
        ["an age as high as the time between snapshots is high enough"] = new(
            "1d", "3d:1d 0d:2w", (Spacing("3d:1d", 24, 72, "0d:2w"), Severity.Info, "3d:1d gives one every 3 days, as it asks")),
        ["a policy that keeps nothing"] = new(
            "1d",
            "0d:0h",
            (KeepsNothing("0d:0h", 24, 24), Severity.Error, "0d:0h deletes every snapshot at the run after it was taken: nothing is kept")),
        ["a policy that keeps nothing for some hours"] = new(
            "1d",
            "0d:20h",
            (
                KeepsNothing("0d:20h", 4, 24),
                Severity.Error,
                "0d:20h deletes the last snapshot before the next is taken: for 4 hours of every day there is none")),
        ["the last one goes just as the next is taken"] = new(
            "1d",
            "0h:24h",
            (
                KeepsNothing("0h:24h", 0, 24),
                Severity.Error,
                "0h:24h deletes the last snapshot just as the next is taken: while that is in progress, there is none")),
        ["the last one goes an hour after the next was taken"] = new("1d", "0h:25h"),
        // Snapshots of 0 h, 24 h, 48 h ...: every other one is deleted 6 h old, the rest 40 h old. So of 48 h, the last 8 have none.
        ["the last one goes before the next that stays, with another in between"] = new(
            "1d",
            "2d:6h 0d:40h",
            (Spacing("2d:6h", 24, 48, "0d:40h"), Severity.Info, "2d:6h gives one every 2 days, as it asks"),
            (
                new Finding.AgeBelowEvery(KeepRule.Parse("2d:6h"), Period.Parse("1d"), Deletes: true),
                Severity.Warning,
                "2d:6h applies to a snapshot before the next is taken, which is only every day: it may delete the newest, and by elapsed "
                + "time another is then taken too early"),
            (
                KeepsNothing("0d:40h", 8, 48),
                Severity.Error,
                "0d:40h deletes the last snapshot before the next is taken: for 8 hours of every 2 days there is none")),
        ["equal ages"] = new(
            "1d",
            "1d:7d 2d:1w 3d:1w 0d:2w",
            (Spacing("1d:7d", 24, 24, "0d:2w"), Severity.Info, "1d:7d gives one every day, as it asks"),
            (Equal("3d:1w", "1d:7d"), Severity.Error, "3d:1w never applies: 1d:7d, given before it, has the same age"),
            (Equal("2d:1w", "1d:7d"), Severity.Error, "2d:1w never applies: 1d:7d, given before it, has the same age")),
        ["older rules after one that keeps none"] = new(
            "1d",
            "1d:1d 0d:7d 1w:2w 0d:1m 2d:1m",
            (Spacing("1d:1d", 24, 24, "0d:7d"), Severity.Info, "1d:1d gives one every day, as it asks"),
            (Never("1w:2w", "0d:7d"), Severity.Error, "1w:2w never applies: 0d:7d deletes what would come to it"),
            (Equal("2d:1m", "0d:1m"), Severity.Error, "2d:1m never applies: 0d:1m, given before it, has the same age"),
            (Never("0d:1m", "0d:7d"), Severity.Error, "0d:1m never applies: 0d:7d deletes what would come to it")),
        ["a snapshot at every run"] = new(
            "0h",
            "1d:1d 1d:24h",
            (
                new Finding.EveryRun(),
                Severity.Warning,
                "a snapshot is taken at every run, however soon: what the rules give depends on how often that is"),
            (Equal("1d:24h", "1d:1d"), Severity.Error, "1d:24h never applies: 1d:1d, given before it, has the same age"),
            (new Finding.NoEnd(null, null), Severity.Warning, "no rule ends it: the number of snapshots grows for ever")),
        ["a snapshot at every run, with an end"] = new(
            "0h",
            "0d:0h",
            (
                new Finding.EveryRun(),
                Severity.Warning,
                "a snapshot is taken at every run, however soon: what the rules give depends on how often that is")),
    };

    private static Finding.Spacing Spacing(string rule, int reaching, int given, string? next) => new(
        KeepRule.Parse(rule), TimeSpan.FromHours(reaching), next is null ? null : KeepRule.Parse(next), TimeSpan.FromHours(given));

    private static Finding.NoEnd NoEnd(int count, int spacing) => new(count, TimeSpan.FromHours(spacing));

    private static Finding.KeepsNothing KeepsNothing(string rule, int gap, int cycle) =>
        new(KeepRule.Parse(rule), TimeSpan.FromHours(gap), TimeSpan.FromHours(cycle));

    private static Finding.EqualAge Equal(string rule, string first) => new(KeepRule.Parse(rule), KeepRule.Parse(first));

    private static Finding.NeverReached Never(string rule, string younger) => new(KeepRule.Parse(rule), KeepRule.Parse(younger));
}
