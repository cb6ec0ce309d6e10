using static DoSnapshot.Retention.Tests.SieveCase;

namespace DoSnapshot.Retention.Tests;

internal static partial class SieveCases
{
    private static SieveCase[] SameSecond =>
    [
        new("same second: the lower id stays", "1d:0h", [new(1, Days(2), First("1d:0h")), new(2, Days(2), Near(1, Days(0), "1d:0h"))]),
        new("same second: ids compare as numbers", "1d:0h", [new(9, Days(2), First("1d:0h")), new(10, Days(2), Near(9, Days(0), "1d:0h"))]),
        new("same second far from the last kept: the lowest id stays", "1d:0h",
        [
            new(50, Days(4), First("1d:0h")),
            new(7, Days(2), After(50, Days(2), "1d:0h")),
            new(8, Days(2), Near(7, Days(0), "1d:0h")),
            new(60, Days(2), Near(7, Days(0), "1d:0h")),
        ]),
        new("same second with interval zero: all go", "0d:0h", [new(1, Days(2), None("0d:0h")), new(2, Days(2), None("0d:0h"))]),
        new("same second without a rule: all stay", "1d:1w", [new(1, Days(2), NotReached("1w")), new(2, Days(2), NotReached("1w"))]),
    ];

    private static SieveCase[] Fractions =>
    [
        new("fractions of the same second do not order points", "1d:0h",
        [
            new(1, "2026-06-29T12:00:00.999Z", First("1d:0h")),
            new(2, "2026-06-29T12:00:00.001Z", Near(1, Days(0), "1d:0h")),
        ]),
        new("a creation's fraction is cut, which completes the age", "1d:1d", [new(1, "2026-06-30T12:00:00.999Z", First("1d:1d"))]),
        new("a creation's fraction is cut, not rounded down to the age", "1d:1d", [new(1, "2026-06-30T12:00:01.001Z", NotReached("1d"))]),
        new("the present's fraction is cut, not rounded up to the age", "1d:1d", [new(1, "2026-06-30T12:00:01Z", NotReached("1d"))])
        {
            Now = Noon + Milliseconds(999),
        },
        new("a distance is taken between whole seconds", "1d:0h",
        [
            new(1, "2026-06-28T12:00:00.900Z", First("1d:0h")),
            new(2, "2026-06-29T12:00:00.100Z", After(1, Days(1), "1d:0h")),
        ]),
        new("a fraction of a second ahead is now, not the future", "1d:0h", [new(1, "2026-07-01T12:00:00.999Z", First("1d:0h"))]),
    ];

    private static SieveCase[] Offsets =>
    [
        new("an offset east of UTC", "1d:1d",
        [
            new(1, "2026-06-30T14:00:00+02:00", First("1d:1d")),
            new(2, "2026-06-30T14:00:01+02:00", NotReached("1d")),
        ]),
        new("an offset west of UTC", "1d:1d", [new(1, "2026-06-30T08:30:00-03:30", First("1d:1d"))]),
        new("the present in another offset", "1d:1d", [new(1, "2026-06-30T12:00:00Z", First("1d:1d"))])
        {
            Now = At("2026-07-01T21:00:00+09:00"),
        },
        new("the clock on the wall does not order points", "1d:0h",
        [
            new(1, "2026-06-28T23:00:00+14:00", First("1d:0h")),
            new(2, "2026-06-28T10:00:00+00:00", Near(1, Hours(1), "1d:0h")),
            new(3, "2026-06-28T01:00:00-10:00", Near(1, Hours(2), "1d:0h")),
        ]),
    ];

    private static SieveCase[] Duplicates =>
    [
        new("an id given three times counts once", "1d:0h", [new(1, Days(2), First("1d:0h"))])
        {
            AlsoGiven = [new(1, Noon - Days(2)), new(1, Noon - Days(2))],
        },
        new("an id given twice does not displace its neighbour", "1d:0h",
        [
            new(1, Days(2), First("1d:0h")),
            new(2, Days(1), After(1, Days(1), "1d:0h")),
        ])
        {
            AlsoGiven = [new(1, Noon - Days(2)), new(2, Noon - Days(1))],
        },
        new("of an id given with two dates the older counts", "1d:0h",
        [
            new(1, Days(3), First("1d:0h")),
            new(2, Days(2), After(1, Days(1), "1d:0h")),
        ])
        {
            AlsoGiven = [new(1, Noon - Days(2) - Hours(12)), new(1, Noon + Days(1))],
        },
        new("an id given in another offset counts once", "1d:0h", [new(1, Days(2), First("1d:0h"))])
        {
            AlsoGiven = [new(1, At("2026-06-29T15:00:00+03:00"))],
        },
        new("an id given again without a rule counts once", "", [new(1, Days(2), NotReached(null))])
        {
            AlsoGiven = [new(1, Noon - Days(2))],
        },
    ];
}
