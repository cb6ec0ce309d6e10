using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>The moments at which an anchored plan is due.</summary>
public sealed class AnchoredScheduleTests
{
    private static readonly string[] Intervals = ["1h", "2h", "6h", "1d", "5d", "1w", "1m"];

    private static readonly Gen<(Plan Plan, long Droplet)> Plans = Gen.Select(
        Gen.Int[0, 6].Select(i => Intervals[i]), Gen.Int[0, 1439], Gen.Long[1, 1_000_000_000], Gen.Bool, (every, minute, droplet, spread) => (
            Of(every, TimeOnly.MinValue.AddMinutes(minute).ToString("HH:mm"), spread && every != "1h" ? "1h" : "0h"), droplet));

    private static readonly Gen<DateTimeOffset> Moments = Gen.Long[World.At("2020-01-01T00:00:00Z").UtcTicks, World.At("2060-01-01T00:00:00Z").UtcTicks]
        .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    [Theory]
    [InlineData("1d", "2026-01-01T02:59:59Z", "2025-12-31T03:00:00Z", "2026-01-01T03:00:00Z")]
    [InlineData("1d", "2026-01-01T03:00:00Z", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")]
    [InlineData("1h", "2026-01-01T12:59:00Z", "2026-01-01T12:00:00Z", "2026-01-01T13:00:00Z")]
    [InlineData("6h", "2026-01-01T12:00:00Z", "2026-01-01T09:00:00Z", "2026-01-01T15:00:00Z")]
    [InlineData("1w", "2026-01-01T12:00:00Z", "2026-01-01T03:00:00Z", "2026-01-08T03:00:00Z")]
    [InlineData("1w", "2026-01-01T02:00:00Z", "2025-12-25T03:00:00Z", "2026-01-01T03:00:00Z")]
    [InlineData("1d", "2026-02-28T14:00:00+02:00", "2026-02-28T03:00:00Z", "2026-03-01T03:00:00Z")]
    public void Occurrences_lie_at_the_plans_time_of_day(string every, string now, string latest, string next)
    {
        var schedule = new AnchoredSchedule(Of(every), 1);
        Assert.Equal(World.At(latest), schedule.Latest(World.At(now)));
        Assert.Equal(World.At(next), schedule.Next(World.At(now)));
    }

    [Fact]
    public void The_latest_occurrence_is_never_after_now_and_the_next_one_always_is() => Gen.Select(Plans, Moments).Sample((plan, now) =>
    {
        var schedule = new AnchoredSchedule(plan.Plan, plan.Droplet);
        Assert.True(schedule.Latest(now) <= now && now < schedule.Next(now));
        Assert.Equal(plan.Plan.Every.Duration, schedule.Next(now) - schedule.Latest(now));
    });

    [Fact]
    public void An_occurrence_begins_exactly_at_its_moment() => Gen.Select(Plans, Moments, Gen.Int[1, 50]).Sample((plan, now, ticks) =>
    {
        var schedule = new AnchoredSchedule(plan.Plan, plan.Droplet);
        var next = schedule.Next(now);
        Assert.Equal(next, schedule.Latest(next));
        Assert.Equal(next, schedule.Latest(next.AddTicks(ticks)));
        Assert.Equal(next, schedule.Next(next.AddTicks(-ticks)));
        Assert.Equal(next, schedule.Next(schedule.Latest(now)));
    });

    [Fact]
    public void The_nearest_occurrence_is_at_most_half_an_interval_away() => Gen.Select(Plans, Moments).Sample((plan, time) =>
    {
        var schedule = new AnchoredSchedule(plan.Plan, plan.Droplet);
        var nearest = schedule.Nearest(time);
        Assert.True((nearest - time).Duration() <= plan.Plan.Every.Duration / 2);
        Assert.Equal(nearest, schedule.Latest(nearest));
        Assert.Equal(nearest, schedule.Nearest(nearest));
    });

    [Theory]
    [InlineData("2026-01-01T15:00:00Z", "2026-01-01T03:00:00Z")]
    [InlineData("2026-01-01T15:00:01Z", "2026-01-02T03:00:00Z")]
    [InlineData("2026-01-02T02:59:00Z", "2026-01-02T03:00:00Z")]
    public void The_nearest_occurrence_is_the_earlier_of_two_as_near(string time, string nearest) =>
        Assert.Equal(World.At(nearest), new AnchoredSchedule(Of("1d"), 1).Nearest(World.At(time)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(30, 29)]
    [InlineData(-3, 0)]
    public void Between_two_occurrences_lie_those_that_are_neither(int days, int between)
    {
        var schedule = new AnchoredSchedule(Of("1d"), 1);
        var first = schedule.Latest(World.Start);
        Assert.Equal(between, schedule.Between(first, first.AddDays(days)));
    }

    [Fact]
    public void A_droplet_has_its_own_place_within_the_spread_and_always_the_same()
    {
        var plan = Of("1d", spread: "4h");
        var offsets = Enumerable.Range(1, 400).Select(droplet => Offset(plan, droplet)).ToList();

        Assert.Equal(offsets, Enumerable.Range(1, 400).Select(droplet => Offset(plan, droplet)));
        Assert.All(offsets, offset => Assert.InRange(offset, TimeSpan.Zero, TimeSpan.FromHours(4) - TimeSpan.FromSeconds(1)));
        // Even: each of the four hours has about a hundred.
        Assert.All(offsets.CountBy(offset => offset.Hours), hour => Assert.InRange(hour.Value, 60, 140));
        Assert.Equal(4, offsets.CountBy(offset => offset.Hours).Count());
        // Another plan spreads the same droplets differently; a new version of the plan does not move them.
        Assert.NotEqual(offsets, Enumerable.Range(1, 400).Select(droplet => Offset(plan with { Name = "q" }, droplet)));
        Assert.Equal(offsets, Enumerable.Range(1, 400).Select(droplet => Offset(plan with { Version = 9 }, droplet)));
    }

    [Fact]
    public void A_droplets_place_is_the_one_it_has_always_had() =>
        // Pinned: another hash would move every droplet's snapshot, and give two for one day.
        Assert.Equal(World.At("2026-01-01T06:22:55Z"), new AnchoredSchedule(Of("1d", spread: "4h"), 42).Latest(World.Start));

    private static TimeSpan Offset(Plan plan, long droplet) =>
        new AnchoredSchedule(plan, droplet).Latest(World.At("2026-01-01T12:00:00Z")) - World.At("2026-01-01T03:00:00Z");

    private static Plan Of(string every, string at = "03:00", string spread = "0h") =>
        Plan.From("p", 1, new PlanTerms("tag", "$droplet-", every, at, spread, [], [], 1, PlanTiming.Anchored));
}
