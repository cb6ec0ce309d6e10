using static DoSnapshot.Retention.Tests.SieveCase;

namespace DoSnapshot.Retention.Tests;

internal static partial class SieveCases
{
    private static SieveCase[] Groups =>
    [
        new("each group begins with its own first", "1d:1d 1w:7d",
        [
            new(1, Days(9), First("1w:7d")),
            new(2, Days(8), Near(1, Days(1), "1w:7d")),
            new(3, Days(6), First("1d:1d")),
            new(4, Days(5), After(3, Days(1), "1d:1d")),
        ]),
        new("rules given oldest first judge alike", "1w:7d 1d:1d",
        [
            new(1, Days(9), First("1w:7d")),
            new(2, Days(8), Near(1, Days(1), "1w:7d")),
            new(3, Days(6), First("1d:1d")),
            new(4, Days(5), After(3, Days(1), "1d:1d")),
        ]),
        new("exactly an older rule's age: the older rule has it", "1d:1d 1w:7d", [new(1, Days(7), First("1w:7d"))]),
        new("one second short of an older rule's age: the younger has it", "1d:1d 1w:7d", [new(1, Days(7) - Seconds(1), First("1d:1d"))]),
        new("distance is not measured across groups", "1w:1d 1w:14d",
        [
            new(1, Days(14), First("1w:14d")),
            new(2, Days(14) - Seconds(1), First("1w:1d")),
        ]),
        new("a rule whose band is empty has no say", "1d:1d 3d:5d 1w:7d",
        [
            new(1, Days(7), First("1w:7d")),
            new(2, Days(4), First("1d:1d")),
        ]),
        new("three bands at once", "1d:1d 3d:5d 0d:30d",
        [
            new(1, Days(30), None("0d:30d")),
            new(2, Days(29), First("3d:5d")),
            new(3, Days(27), Near(2, Days(2), "3d:5d")),
            new(4, Days(5), After(2, Days(24), "3d:5d")),
            new(5, Days(4), First("1d:1d")),
            new(6, Days(3) + Seconds(1), Near(5, Days(1) - Seconds(1), "1d:1d")),
            new(7, Hours(23), NotReached("1d")),
        ]),
    ];

    private static SieveCase[] EqualAges =>
    [
        new("of equal ages the first given has all: finer first", "1d:1d 3d:1d",
        [
            new(1, Days(4), First("1d:1d")),
            new(2, Days(3), After(1, Days(1), "1d:1d")),
        ]),
        new("of equal ages the first given has all: coarser first", "3d:1d 1d:1d",
        [
            new(1, Days(4), First("3d:1d")),
            new(2, Days(3), Near(1, Days(1), "3d:1d")),
        ]),
        new("ages written differently but equally long are equal", "2d:7d 1d:1w",
        [
            new(1, Days(9), First("2d:7d")),
            new(2, Days(8), Near(1, Days(1), "2d:7d")),
        ]),
        new("of equal ages a zero interval given first deletes all", "0d:1d 1d:1d", [new(1, Days(2), None("0d:1d"))]),
        new("of equal ages a zero interval given second never applies", "1d:1d 0d:1d", [new(1, Days(2), First("1d:1d"))]),
        new("equal ages given around an older rule keep their order", "2d:1d 1w:7d 1d:1d",
        [
            new(1, Days(7), First("1w:7d")),
            new(2, Days(3), First("2d:1d")),
            new(3, Days(2), Near(2, Days(1), "2d:1d")),
        ]),
        new("the same rule twice is as good as once", "1d:1d 1d:1d",
        [
            new(1, Days(3), First("1d:1d")),
            new(2, Days(2), After(1, Days(1), "1d:1d")),
        ]),
    ];

    private static SieveCase[] Anchored =>
    [
        new("daily slots are kept though creation is late by turns", "1d:0h",
        [
            new(1, Days(3) - Seconds(30), Days(3), First("1d:0h")),
            new(2, Days(2) + Seconds(30), Days(2), After(1, Days(1), "1d:0h")),
            new(3, Days(1) - Seconds(5), Days(1), After(2, Days(1), "1d:0h")),
        ]),
        new("the same by elapsed time loses one", "1d:0h",
        [
            new(1, Days(3) - Seconds(30), First("1d:0h")),
            new(2, Days(2) + Seconds(30), Near(1, Days(1) - Seconds(60), "1d:0h")),
            new(3, Days(1) - Seconds(5), After(1, Days(2) - Seconds(25), "1d:0h")),
        ]),
        new("age counts from creation, not from an older slot", "1d:1d", [new(1, Days(1) - Seconds(1), Days(2), NotReached("1d"))]),
        new("age counts from creation, not from a younger slot", "1d:1d", [new(1, Days(1), Hours(1), First("1d:1d"))]),
        new("slots one second short of the interval: the newer goes", "1d:0h",
        [
            new(1, Days(5), Days(4), First("1d:0h")),
            new(2, Days(2), Days(3) + Seconds(1), Near(1, Days(1) - Seconds(1), "1d:0h")),
        ]),
        new("an older slot made later comes first", "1d:0h",
        [
            new(2, Hours(1), Days(3), First("1d:0h")),
            new(1, Days(2), Days(2), After(2, Days(1), "1d:0h")),
        ]),
        new("of the same slot the one made first stays, whatever its id", "1d:0h",
        [
            new(9, Days(2), Days(2), First("1d:0h")),
            new(3, Days(2) - Seconds(1), Days(2), Near(9, Days(0), "1d:0h")),
        ]),
        new("of the same slot and creation the lowest id stays", "1d:0h",
        [
            new(3, Days(1), Days(2), First("1d:0h")),
            new(9, Days(1), Days(2), Near(3, Days(0), "1d:0h")),
        ]),
        new("groups follow creation while order follows slots", "1d:0h 1d:7d",
        [
            new(1, Days(6), Days(8), First("1d:0h")),
            new(2, Days(7), Days(7), First("1d:7d")),
            new(3, Days(5), Days(7) - Seconds(1), After(1, Days(1) + Seconds(1), "1d:0h")),
        ]),
    ];
}
