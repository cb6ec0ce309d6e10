using static DoSnapshot.Retention.Tests.SieveCase;

namespace DoSnapshot.Retention.Tests;

internal static partial class SieveCases
{
    private static SieveCase[] Ages =>
    [
        new("no points, no verdicts", "3d:1d", []),
        new("no rules, all are kept", "", [new(1, Days(4000), NotReached(null)), new(2, Days(0), NotReached(null))]),
        new("exactly the age: the rule has it", "1d:7d", [new(1, Days(7), First("1d:7d"))]),
        new("one second short of the age: not reached", "1d:7d", [new(1, Days(7) - Seconds(1), NotReached("7d"))]),
        new("one second past the age: the rule has it", "1d:7d", [new(1, Days(7) + Seconds(1), First("1d:7d"))]),
        new("an age of weeks counts 7 days each", "1d:2w",
        [
            new(1, Days(14), First("1d:2w")),
            new(2, Days(14) - Seconds(1), NotReached("2w")),
        ]),
        new("an age of months counts 30 days each", "1d:2m",
        [
            new(1, Days(60), First("1d:2m")),
            new(2, Days(60) - Seconds(1), NotReached("2m")),
        ]),
        new("an age of hours", "1h:5h", [new(1, Hours(5), First("1h:5h")), new(2, Hours(5) - Seconds(1), NotReached("5h"))]),
        new("not reached names the youngest of several ages", "1d:1w 1d:2d 1d:1m", [new(1, Days(1), NotReached("2d"))]),
        new("a zero age reaches a point made this very second", "1d:0h", [new(1, Days(0), First("1d:0h"))]),
    ];

    private static SieveCase[] Distances =>
    [
        new("exactly the interval apart: both kept", "1d:0h",
        [
            new(1, Days(3), First("1d:0h")),
            new(2, Days(2), After(1, Days(1), "1d:0h")),
        ]),
        new("one second short of the interval: the newer goes", "1d:0h",
        [
            new(1, Days(3), First("1d:0h")),
            new(2, Days(2) + Seconds(1), Near(1, Days(1) - Seconds(1), "1d:0h")),
        ]),
        new("one second past the interval: both kept", "1d:0h",
        [
            new(1, Days(3), First("1d:0h")),
            new(2, Days(2) - Seconds(1), After(1, Days(1) + Seconds(1), "1d:0h")),
        ]),
        new("distance counts from the last one kept, not the last one seen", "3d:0h",
        [
            new(1, Days(6), First("3d:0h")),
            new(2, Days(5), Near(1, Days(1), "3d:0h")),
            new(3, Days(4), Near(1, Days(2), "3d:0h")),
            new(4, Days(3), After(1, Days(3), "3d:0h")),
            new(5, Days(2), Near(4, Days(1), "3d:0h")),
            new(6, Days(1), Near(4, Days(2), "3d:0h")),
            new(7, Days(0), After(4, Days(3), "3d:0h")),
        ]),
        new("after a gap the count starts anew from what is found", "3d:0h",
        [
            new(1, Days(20), First("3d:0h")),
            new(2, Days(13), After(1, Days(7), "3d:0h")),
            new(3, Days(11), Near(2, Days(2), "3d:0h")),
            new(4, Days(10), After(2, Days(3), "3d:0h")),
        ]),
        new("a second short each day loses every other one", "1d:0h",
        [
            new(1, Days(4), First("1d:0h")),
            new(2, Days(3) + Seconds(1), Near(1, Days(1) - Seconds(1), "1d:0h")),
            new(3, Days(2) + Seconds(2), After(1, Days(2) - Seconds(2), "1d:0h")),
            new(4, Days(1) + Seconds(3), Near(3, Days(1) - Seconds(1), "1d:0h")),
        ]),
        new("an interval of months counts 30 days each", "1m:0h",
        [
            new(1, Days(60), First("1m:0h")),
            new(2, Days(30), After(1, Days(30), "1m:0h")),
            new(3, Seconds(1), Near(2, Days(30) - Seconds(1), "1m:0h")),
        ]),
        new("an interval longer than the whole history keeps the oldest", "12m:0h",
        [
            new(1, Days(90), First("12m:0h")),
            new(2, Days(50), Near(1, Days(40), "12m:0h")),
            new(3, Days(10), Near(1, Days(80), "12m:0h")),
        ]),
    ];

    private static SieveCase[] ZeroIntervals =>
    [
        new("interval zero deletes the only one", "0d:1d", [new(1, Days(1), None("0d:1d"))]),
        new("interval zero deletes all of its group and no younger one", "0m:1d",
        [
            new(1, Days(9), None("0m:1d")),
            new(2, Days(3), None("0m:1d")),
            new(3, Days(1), None("0m:1d")),
            new(4, Days(1) - Seconds(1), NotReached("1d")),
        ]),
        new("interval zero on the oldest rule leaves younger groups alone", "1d:1d 0h:7d",
        [
            new(1, Days(8), None("0h:7d")),
            new(2, Days(7), None("0h:7d")),
            new(3, Days(6), First("1d:1d")),
            new(4, Days(5), After(3, Days(1), "1d:1d")),
        ]),
        new("interval zero on a younger rule leaves the older group alone", "0w:1d 1d:7d",
        [
            new(1, Days(8), First("1d:7d")),
            new(2, Days(3), None("0w:1d")),
        ]),
        new("zero interval at zero age deletes all, even one made this second", "0h:0h",
        [
            new(1, Days(9), None("0h:0h")),
            new(2, Days(0), None("0h:0h")),
        ]),
    ];

    private static SieveCase[] FutureDates =>
    [
        new("one second in the future is not reached even by age zero", "0h:0h", [new(1, Seconds(-1), NotReached("0h"))]),
        new("a date years ahead is kept and disturbs nobody", "1d:0h",
        [
            new(1, Days(2), First("1d:0h")),
            new(2, Days(1), After(1, Days(1), "1d:0h")),
            new(3, Days(-3000), NotReached("0h")),
        ]),
        new("future dates close together are all kept", "1d:0h",
        [
            new(1, Days(-1), NotReached("0h")),
            new(2, Days(-1) - Seconds(1), NotReached("0h")),
        ]),
        new("a future date without rules", "", [new(1, Days(-1), NotReached(null))]),
    ];
}
