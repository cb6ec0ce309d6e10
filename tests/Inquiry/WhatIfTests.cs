using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.WhatIf;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What is a fact stays one under every policy; what the rules did is decided anew.</summary>
public sealed class WhatIfTests
{
    private static readonly TimeSpan TwoWeeks = TimeSpan.FromDays(14);

    private static Snapshot Oldest(History h) => h.Snapshots().First(s => s.IsComplete);

    private static WhatIfSnapshot Row(WhatIfResult result, Guid id) => result.Today.Concat(result.Past).Single(s => s.SnapshotId == id);

    [Fact]
    public void What_was_kept_and_would_have_been_deleted_and_the_reverse_are_told_apart()
    {
        var history = new History(History.Terms("0d:5d")).Run(TwoWeeks);
        var result = history.Events.WhatIf(history.Last, WhatIfRuns.Terms("0d:2d"));
        Assert.Equal(3, result.OnlyInTruth.Count());
        Assert.Empty(result.OnlyUnderOther);
        Assert.All(result.OnlyInTruth, s => Assert.Equal(new Fate(FateKind.Deleted, s.CreatedAt.AddDays(2), "0d:2d"), s.Other));

        var more = history.Events.WhatIf(history.Last, WhatIfRuns.Terms("0d:9d"));
        Assert.Equal(4, more.OnlyUnderOther.Count());
        Assert.All(more.OnlyUnderOther, s => Assert.Equal((FateKind.Deleted, "0d:5d"), (s.Truth.Kind, s.Truth.Rule)));
        Assert.All(more.Past, s => Assert.Equal(s.Truth.At!.Value.AddDays(4), s.Other.At));
    }

    [Fact]
    public void A_pinned_snapshot_stays_under_every_policy_until_it_is_unpinned()
    {
        Guid? pinned = null;
        var history = new History(History.Terms("")).Run(TwoWeeks, h =>
        {
            if (h.Now == History.Start.AddHours(6))
            {
                pinned = Oldest(h).SnapshotId;
                h.Append(History.FirstDroplet, pinned.Value, new SnapshotPinned(pinned.Value, History.FirstDroplet, "ann", "court", h.Now));
            }
            else if (h.Now == History.Start.AddDays(10))
            {
                h.Append(History.FirstDroplet, pinned!.Value, new SnapshotUnpinned(pinned.Value, History.FirstDroplet, "ann", "over", h.Now));
            }
        });
        Assert.Equal(
            new Fate(FateKind.Deleted, History.Start.AddDays(10), "0d:2d"),
            Row(history.Events.WhatIf(history.Last, WhatIfRuns.Terms("0d:2d")), pinned!.Value).Other);
    }

    [Fact]
    public void What_a_person_removed_is_removed_under_every_policy()
    {
        Guid? removed = null;
        var history = new History(History.Terms("0d:3d")).Run(TwoWeeks, h =>
        {
            if (h.Now == History.Start.AddDays(2))
            {
                removed = Oldest(h).SnapshotId;
                h.Remove(Oldest(h));
            }
        });
        var result = history.Events.WhatIf(history.Last, WhatIfRuns.Terms(""));
        Assert.DoesNotContain(result.Today, s => s.SnapshotId == removed);
        Assert.Equal(1, result.PastSame);
        Assert.Equal(14, result.Other.Snapshots + 1);
    }

    [Fact]
    public void What_somebody_else_deleted_is_lost_in_both_worlds()
    {
        Guid? lost = null;
        var history = new History(History.Terms("0d:3d")).Run(TwoWeeks, h =>
        {
            if (h.Now == History.Start.AddDays(12))
            {
                var s = h.Snapshots().Last(s => s.IsComplete);
                lost = s.SnapshotId;
                h.Append(s.DropletId, s.SnapshotId, new SnapshotLost(s.SnapshotId, s.DropletId, s.ImageId!.Value, h.Now));
            }
        });
        var result = history.Events.WhatIf(history.Last, WhatIfRuns.Terms(""));
        Assert.DoesNotContain(result.Today, s => s.SnapshotId == lost);
        Assert.Equal(1, result.PastSame);
    }

    [Fact]
    public void The_newest_in_a_region_that_the_plan_wants_stays_there_too()
    {
        // No copy is made after the first days: the newest in lon1 is an old one.
        var history = new History(History.Terms("", regions: ["lon1"])).Run(TimeSpan.FromDays(3));
        history.State(new PlanChanged(History.Plan, 2, History.Terms(""), history.Now));
        history.Run(TimeSpan.FromDays(6));
        history.State(new PlanChanged(History.Plan, 3, History.Terms("", regions: ["lon1"]), history.Now));
        var copied = history.Snapshots().Last(s => s.Regions.Contains("lon1")).SnapshotId;
        var from = history.Now.AddHours(1);
        var result = history.Events.WhatIf(from, WhatIfRuns.Terms("0d:4d") with { From = from });
        Assert.Equal(FateKind.Exists, Row(result, copied).Other.Kind);
        Assert.Contains(result.OnlyInTruth, s => s.CreatedAt < Row(result, copied).CreatedAt);
    }

    [Fact]
    public void What_was_discovered_is_there_in_both_worlds_and_is_thinned_out_in_the_other()
    {
        var history = new History(History.Terms("")).Run(TimeSpan.FromDays(1));
        var found = history.Discover(History.Start.AddDays(-9));
        history.Run(TimeSpan.FromDays(3));
        var row = Row(history.Events.WhatIf(history.Last, WhatIfRuns.Terms("0d:1w")), found);
        Assert.Equal((FateKind.Exists, FateKind.Deleted), (row.Truth.Kind, row.Other.Kind));
        Assert.Equal(History.Start.AddDays(1), row.Other.At);
    }

    [Fact]
    public void Up_to_the_moment_from_which_it_is_tried_all_is_as_it_was()
    {
        var history = new History(History.Terms("0d:5d")).Run(TwoWeeks);
        var from = History.Start.AddDays(10).AddHours(7);
        var result = history.Events.WhatIf(history.Last, WhatIfRuns.Terms("0d:2d") with { From = from });
        Assert.All(result.Today.Concat(result.Past).Where(s => s.Differs), s => Assert.True(s.Other.At >= from, $"{s.Other.At}"));
        Assert.Contains(result.Past, s => s.Other.At == from);
        Assert.Equal(DateOnly.FromDateTime(from.UtcDateTime), result.Days[0].Day);
    }

    [Fact]
    public void A_longer_interval_does_without_snapshots_and_a_shorter_one_invents_them_of_their_neighbours_size()
    {
        var history = new History(History.Terms("")) { Size = 3 }.Run(TimeSpan.FromDays(6));
        var fewer = history.Events.WhatIf(history.Last, WhatIfRuns.Terms(null, "2d"));
        Assert.Equal((6, 3, 3, 0), (fewer.Truth.Snapshots, fewer.Other.Snapshots, (int)fewer.NeverMade, (int)fewer.Invented));
        Assert.All(fewer.OnlyInTruth, s => Assert.Equal(FateKind.NeverMade, s.Other.Kind));

        var more = history.Events.WhatIf(history.Last, WhatIfRuns.Terms(null, "8h"));
        Assert.Equal((6, 18, 12), (more.Truth.Snapshots, more.Other.Snapshots, (int)more.Invented));
        Assert.All(more.OnlyUnderOther, s => Assert.True(s is { Invented: true, SizeGigabytes: 3, ImageId: null, Truth.Kind: FateKind.NeverMade }));
        Assert.DoesNotContain(more.Today, s => s.Invented != s.Differs);
    }

    [Fact]
    public void Nothing_is_invented_for_a_time_in_which_the_planner_was_away()
    {
        var history = new History(History.Terms("")).Run(TimeSpan.FromDays(8), h => h.Plans = h.Now < History.Start.AddDays(2) || h.Now >= History.Start.AddDays(6));
        var result = history.Events.WhatIf(history.Last, WhatIfRuns.Terms(null, "12h"));
        Assert.Equal(4, result.Invented);
    }

    [Fact]
    public void Storage_and_cost_are_summed_day_by_day()
    {
        // The first at 03:00: 21 of 24 hours on its day.
        var history = new History(History.Terms("")) { Size = 10 }.Run(TimeSpan.FromDays(3));
        var result = history.Events.WhatIf(history.Now, WhatIfRuns.Terms("0d:1d") with { Price = 3 });
        Assert.Equal([10m, 20m, 30m, 30m], result.Days.Select(d => d.TruthGigabytes));
        Assert.Equal([10m, 10m, 10m, 10m], result.Days.Select(d => d.OtherGigabytes));
        Assert.Equal([0.875m, 1.875m, 2.875m, 0.375m], result.Days.Select(d => d.TruthCost));
        Assert.Equal([0.875m, 1m, 1m, 0.125m], result.Days.Select(d => d.OtherCost));
        Assert.Equal(new WhatIfTotal(3, 30, 90, 6), result.Truth);
        Assert.Equal(new WhatIfTotal(1, 10, 30, 3), result.Other);
    }

    [Fact]
    public void An_empty_log_has_nothing_to_tell()
    {
        var result = Array.Empty<EventLog.LoggedEvent>().WhatIf(History.Start, WhatIfRuns.Terms("0d:1d"));
        Assert.True(result.IsSame);
        Assert.Empty(result.Days);
    }
}
