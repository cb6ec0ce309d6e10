using CsCheck;

namespace DoSnapshot.Retention.Tests;

public sealed class OccurrencesTests
{
    private static readonly DateTimeOffset Anchor = SieveCase.At("2026-07-01T03:00:00Z");

    private static readonly Gen<DateTimeOffset> Moments = Gen.Frequency(
        (5, Gen.Long[SieveCase.At("1900-01-01T00:00:00Z").UtcTicks, SieveCase.At("2100-01-01T00:00:00Z").UtcTicks]),
        (1, Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks])).Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Gen<(Occurrences Occurrences, TimeSpan Every)> Any = Gen.Select(Moments, Gen.Int[1, 2_000]).Select(
        (anchor, hours) => (new Occurrences(anchor, Period.Parse($"{hours}h")), TimeSpan.FromHours(hours)));

    [Theory]
    [InlineData("1d", "2026-07-01T03:00:00Z", "2026-07-01T03:00:00Z", "2026-07-02T03:00:00Z")]
    [InlineData("1d", "2026-07-01T02:59:59.999Z", "2026-06-30T03:00:00Z", "2026-07-01T03:00:00Z")]
    [InlineData("1d", "2026-07-04T02:00:00Z", "2026-07-03T03:00:00Z", "2026-07-04T03:00:00Z")]
    [InlineData("1d", "1969-12-31T02:00:00Z", "1969-12-30T03:00:00Z", "1969-12-31T03:00:00Z")]
    [InlineData("6h", "2026-07-01T16:00:00Z", "2026-07-01T15:00:00Z", "2026-07-01T21:00:00Z")]
    [InlineData("1d", "2026-07-01T05:00:00+02:00", "2026-07-01T03:00:00Z", "2026-07-02T03:00:00Z")]
    public void Latest_is_not_after_a_moment_and_next_is(string every, string moment, string latest, string next)
    {
        var occurrences = new Occurrences(Anchor, Period.Parse(every));

        Assert.True(occurrences.Latest(SieveCase.At(moment)).EqualsExact(SieveCase.At(latest)));
        Assert.True(occurrences.Next(SieveCase.At(moment)).EqualsExact(SieveCase.At(next)));
    }

    [Theory]
    [InlineData("2026-07-01T03:00:00Z", "2026-07-01T03:00:00Z")]
    [InlineData("2026-07-01T15:00:00Z", "2026-07-01T03:00:00Z")]
    [InlineData("2026-07-01T15:00:01Z", "2026-07-02T03:00:00Z")]
    [InlineData("2026-06-30T15:00:01Z", "2026-07-01T03:00:00Z")]
    public void Nearest_is_the_earlier_of_two_as_near(string moment, string nearest) =>
        Assert.Equal(SieveCase.At(nearest), new Occurrences(Anchor, Period.Parse("1d")).Nearest(SieveCase.At(moment)));

    [Fact]
    public void What_lies_outside_the_calendar_is_its_first_or_last_moment()
    {
        var occurrences = new Occurrences(Anchor, Period.Parse("1d"));

        Assert.Equal(DateTimeOffset.MinValue, occurrences.Latest(DateTimeOffset.MinValue));
        Assert.Equal(
            DateTimeOffset.MinValue, new Occurrences(Anchor + SieveCase.Hours(12), Period.Parse("1d")).Nearest(DateTimeOffset.MinValue));
        Assert.Equal(DateTimeOffset.MaxValue, occurrences.Next(DateTimeOffset.MaxValue));
        Assert.Equal(DateTimeOffset.MaxValue, occurrences.Nearest(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Every_occurrence_is_a_whole_number_of_intervals_from_the_anchor() => Gen.Select(Any, Moments).Sample((one, moment) =>
    {
        DateTimeOffset latest = one.Occurrences.Latest(moment);
        if (latest != DateTimeOffset.MinValue)
        {
            Assert.InRange(moment - latest, TimeSpan.Zero, one.Every - TimeSpan.FromTicks(1));
            Assert.Equal(latest, one.Occurrences.Latest(latest));
            Assert.Equal(latest, one.Occurrences.Nearest(latest));
        }

        if (one.Occurrences.Next(moment) != DateTimeOffset.MaxValue && latest != DateTimeOffset.MinValue)
        {
            Assert.Equal(one.Every, one.Occurrences.Next(moment) - latest);
            Assert.True((one.Occurrences.Nearest(moment) - moment).Duration() <= one.Every / 2);
        }
    });

    // The middle of the longest stretch without a moment is half an interval from the occurrences.
    [Theory]
    [InlineData("1d", "03:00", "03:00")]
    [InlineData("1d", "03:00", "02:00 04:00")]
    [InlineData("1d", "03:00", "04:00 02:30 02:00 04:00")]
    [InlineData("1d", "00:00", "23:30 00:30")]
    [InlineData("1d", "18:30", "00:00 13:00")]
    [InlineData("6h", "03:30", "02:00 09:00 16:00 23:00")]
    public void Goes_through_moments_as_far_from_the_middle_as_can_be(string every, string occurrence, string timesOfDay)
    {
        DateTimeOffset[] moments =
        [
            .. timesOfDay.Split(' ').Select((time, day) => SieveCase.At($"2026-07-0{day + 1}T{time}:00Z")),
        ];
        DateTimeOffset expected = SieveCase.At($"2026-07-01T{occurrence}:00Z");

        DateTimeOffset next = Occurrences.Through(moments, Period.Parse(every)).Next(expected - TimeSpan.FromTicks(1));

        Assert.Equal(expected, next);
    }

    [Fact]
    public void Without_moments_any_occurrences_will_do() =>
        Assert.Equal(SieveCase.Days(1), Occurrences.Through([], Period.Parse("1d")).Next(Anchor) - Occurrences.Through([], Period.Parse("1d")).Latest(Anchor));

    [Fact]
    public void Refuses_no_moments_and_no_interval_to_go_through()
    {
        Assert.Throws<ArgumentNullException>("moments", () => Occurrences.Through(null!, Period.Parse("1d")));
        Assert.Throws<ArgumentOutOfRangeException>("every", () => Occurrences.Through([], Period.Parse("0d")));
    }

    [Fact]
    public void Refuses_an_interval_of_zero() =>
        Assert.Throws<ArgumentOutOfRangeException>("every", () => new Occurrences(Anchor, Period.Parse("0d")));
}
