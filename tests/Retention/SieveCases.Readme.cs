using static DoSnapshot.Retention.Tests.SieveCase;

namespace DoSnapshot.Retention.Tests;

/// <summary>The cases worked out by hand, by subject.</summary>
internal static partial class SieveCases
{
    private const string Stacked = "3d:1d 1w:1w 1m:2m 0d:6m";
    private const string Broken = "2w:1w 1w:1m";

    private static SieveCase[] StackedExample =>
    [
        new("stacked example, first day", Stacked, [new(1, Days(0), NotReached("1d"))]),
        new("stacked example, daily for ten days and nothing deleted yet", Stacked,
        [
            new(1, Days(10), First("1w:1w")),
            new(2, Days(9), Near(1, Days(1), "1w:1w")),
            new(3, Days(8), Near(1, Days(2), "1w:1w")),
            new(4, Days(7), Near(1, Days(3), "1w:1w")),
            new(5, Days(6), First("3d:1d")),
            new(6, Days(5), Near(5, Days(1), "3d:1d")),
            new(7, Days(4), Near(5, Days(2), "3d:1d")),
            new(8, Days(3), After(5, Days(3), "3d:1d")),
            new(9, Days(2), Near(8, Days(1), "3d:1d")),
            new(10, Days(1), Near(8, Days(2), "3d:1d")),
            new(11, Days(0), NotReached("1d")),
        ]),
        new("stacked example, nine days apart become thirty-six at two months", Stacked,
        [
            new(1, Days(96), First("1m:2m")),
            new(2, Days(87), Near(1, Days(9), "1m:2m")),
            new(3, Days(78), Near(1, Days(18), "1m:2m")),
            new(4, Days(69), Near(1, Days(27), "1m:2m")),
            new(5, Days(60), After(1, Days(36), "1m:2m")),
            new(6, Days(51), First("1w:1w")),
            new(7, Days(42), After(6, Days(9), "1w:1w")),
        ]),
        new("stacked example, the last second before six months", Stacked,
        [
            new(1, Days(180), None("0d:6m")),
            new(2, Days(180) - Seconds(1), First("1m:2m")),
        ]),
    ];

    private static SieveCase[] BrokenExample =>
    [
        new("broken example, a week after a kept one is too close", Broken,
        [
            new(1, "2018-12-04T01:47:36Z", First("2w:1w")),
            new(2, "2018-12-18T01:47:36Z", After(1, Days(14), "2w:1w")),
            new(3, "2018-12-25T01:47:36Z", Near(2, Days(7), "2w:1w")),
            new(4, "2018-12-26T01:47:36Z", NotReached("1w")),
        ])
        {
            Now = At("2019-01-01T01:47:36Z"),
        },
        new("broken example, one comes of age and its neighbour leads the group", Broken,
        [
            new(1, "2018-11-20T01:47:36Z", First("1w:1m")),
            new(2, "2018-12-04T01:47:36Z", After(1, Days(14), "1w:1m")),
            new(3, "2018-12-18T01:47:36Z", First("2w:1w")),
            new(4, "2018-12-27T01:47:36Z", Near(3, Days(9), "2w:1w")),
        ])
        {
            Now = At("2019-01-03T01:47:36Z"),
        },
        new("broken example, the table that its simulation ends with", Broken,
        [
            new(1, "2018-10-09T01:47:36Z", First("1w:1m")),
            new(2, "2018-10-23T01:47:36Z", After(1, Days(14), "1w:1m")),
            new(3, "2018-11-06T01:47:36Z", After(2, Days(14), "1w:1m")),
            new(4, "2018-11-20T01:47:36Z", After(3, Days(14), "1w:1m")),
            new(5, "2018-12-04T01:47:36Z", After(4, Days(14), "1w:1m")),
            new(6, "2018-12-18T01:47:36Z", First("2w:1w")),
            new(7, "2018-12-31T01:47:36Z", NotReached("1w")),
            new(8, "2019-01-06T01:47:36Z", NotReached("1w")),
        ])
        {
            Now = At("2019-01-06T21:47:36Z"),
        },
    ];

    /// <summary>All of them by name; a name used twice is an error here.</summary>
    public static IReadOnlyDictionary<string, SieveCase> All { get; } = new[]
    {
        Ages, Distances, ZeroIntervals, FutureDates, Groups, EqualAges, Anchored,
        SameSecond, Fractions, Offsets, Duplicates, StackedExample, BrokenExample,
    }.SelectMany(cases => cases).ToDictionary(one => one.Name, StringComparer.Ordinal);
}
