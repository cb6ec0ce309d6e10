using DoSnapshot.Dashboard.Showing;
using DoSnapshot.Dashboard.Timelines;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>A droplet's snapshots on a line of time.</summary>
public sealed class TimelineTests
{
    [Fact]
    public void The_own_region_is_the_first_lane_and_what_was_not_made_the_last()
    {
        var line = Timeline.Of(
            [Sample.Snapshot("a", 48, regions: ["ams3", "nyc3"], copies: ["ams3"]), Sample.Snapshot("b", 24, regions: ["nyc3"]), Sample.Snapshot("c", 1, "failed", regions: [])], Sample.Now, null);
        Assert.Equal(["nyc3", "ams3", ""], line.Lanes.Select(l => l.Region));
        Assert.Equal(["a", "b"], line.Lanes[0].Marks.Select(m => m.Snapshot.Name));
    }

    [Fact]
    public void Later_stands_further_right_and_everything_within_the_width()
    {
        var line = Timeline.Of([Sample.Snapshot("a", 72), Sample.Snapshot("b", 24), Sample.Snapshot("c", 0)], Sample.Now, null);
        var places = line.Lanes[0].Marks.Select(m => m.X).ToList();
        Assert.Equal(places.Order(), places);
        Assert.All(places, x => Assert.InRange(x, 1, Timeline.Width - 1));
    }

    [Fact]
    public void What_is_older_is_counted_and_not_drawn()
    {
        var line = Timeline.Of([Sample.Snapshot("a", 24 * 30), Sample.Snapshot("b", 1)], Sample.Now, TimeSpan.FromDays(2));
        Assert.Equal(1, line.Cut);
        Assert.Equal(["b"], line.Lanes.SelectMany(l => l.Marks).Select(m => m.Snapshot.Name));
    }

    [Theory]
    [InlineData("complete", null, "good", false)]
    [InlineData("expired", "plan", "going", false)]
    [InlineData("pruned", "plan", "thinned", true)]
    [InlineData("pruned", "manual", "removed", true)]
    [InlineData("lost", null, "lost", true)]
    [InlineData("failed", null, "failed", true)]
    [InlineData("started", null, "running", false)]
    public void What_is_gone_is_a_ghost_that_says_why(string phase, string? origin, string mark, bool isGhost)
    {
        var s = Sample.Snapshot("a", 5, phase, expiryOrigin: origin);
        var drawn = Assert.Single(Timeline.Of([s], Sample.Now, null).Lanes[0].Marks);
        Assert.Equal((mark, isGhost), (drawn.Mark, drawn.IsGhost));
        Assert.Equal(mark, s.Mark());
    }

    [Fact]
    public void What_is_held_and_what_is_put_off_is_drawn_as_that()
    {
        var held = new SnapshotHoldShape { Guard = "brake", Detail = "the brake is on: 5 of 6" };
        Assert.Equal("held", (Sample.Snapshot("a", 5) with { Held = held }).Mark());
        Assert.Equal("pinned", (Sample.Snapshot("a", 5) with { Held = held, Pinned = true }).Mark());
        // What was told of it once holds nothing.
        Assert.Equal("good", (Sample.Snapshot("a", 5) with { HeldBy = "brake" }).Mark());
        Assert.Equal("put-off", (Sample.Snapshot("a", 5, "requested") with { RetryAt = Sample.Now.AddHours(1) }).Mark());
        Assert.Equal("running", Sample.Snapshot("a", 5, "requested").Mark());
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(30)]
    [InlineData(24 * 400)]
    public void There_are_moments_to_go_by_and_not_too_many(double hours) =>
        Assert.InRange(Timeline.Of([Sample.Snapshot("a", hours)], Sample.Now, null).Ticks.Count, 1, 7);
}
