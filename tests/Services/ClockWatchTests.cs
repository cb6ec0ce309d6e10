using DoSnapshot.Lifecycle;
using DoSnapshot.Planner;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Services.Tests;

/// <summary>A planner whose clock jumps between two comparisons decides nothing by it.</summary>
public sealed class ClockWatchTests
{
    private readonly JumpingClock _clock = new();
    private readonly LifecycleTimings _timings = new();
    private readonly ClockWatch _watch;

    public ClockWatchTests()
    {
        _watch = new ClockWatch(_clock, _timings);
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public void Before_the_first_comparison_it_is_in_doubt() => Assert.NotNull(_watch.Doubt(Now));

    [Theory]
    [InlineData("a year ahead", 365 * 24 * 60, true)]
    [InlineData("a year back", -365 * 24 * 60, true)]
    [InlineData("a little more than clocks may differ", 3, true)]
    [InlineData("set right by a second", 0, false)]
    [InlineData("a minute, as clocks may differ", -1, false)]
    public void A_jump_of_more_than_clocks_may_differ_is_doubted(string what, int minutes, bool isDoubted)
    {
        _watch.Agreed(_watch.Read(), Now);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(_watch.Doubt(Now));

        _clock.Jump(TimeSpan.FromMinutes(minutes) + TimeSpan.FromSeconds(1));
        var doubt = _watch.Doubt(DateTimeOffset.MinValue);
        Assert.True(isDoubted == doubt is not null, $"{what}: {doubt}");
        Assert.Equal(isDoubted, _watch.HasJumped);
        if (isDoubted)
        {
            Assert.Contains(minutes > 0 ? "jumped ahead" : "jumped back", doubt, StringComparison.Ordinal);
        }

        // Held against DigitalOcean's, it is right after all.
        _watch.Agreed(_watch.Read(), Now);
        Assert.Null(_watch.Doubt(Now));
    }

    [Fact]
    public void A_jump_while_it_is_held_against_DigitalOceans_is_seen()
    {
        var reading = _watch.Read();
        _clock.Advance(TimeSpan.FromMinutes(3));
        _clock.Jump(TimeSpan.FromDays(30));
        _watch.Agreed(reading, World.Start);
        Assert.Contains("jumped ahead", _watch.Doubt(World.Start), StringComparison.Ordinal);
    }

    [Fact]
    public void Time_that_passes_is_no_jump()
    {
        _watch.Agreed(_watch.Read(), Now);
        _clock.Advance(TimeSpan.FromDays(400));
        Assert.Null(_watch.Doubt(Now));
    }

    [Fact]
    public void An_event_from_the_future_is_a_doubt_unless_it_was_there_when_the_clock_was_found_right()
    {
        _watch.Agreed(_watch.Read(), Now);
        Assert.Null(_watch.Doubt(Now.AddDays(30)));
        _clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Null(_watch.Doubt(Now + _timings.ClockSkew));
        var future = Now.AddDays(30);
        Assert.Contains("43200 min ahead", _watch.Doubt(future), StringComparison.Ordinal);

        _watch.Agreed(_watch.Read(), future);
        _clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Null(_watch.Doubt(future));
        Assert.NotNull(_watch.Doubt(future.AddSeconds(1)));
    }

    [Fact]
    public void A_clock_that_jumped_makes_nothing_late()
    {
        Assert.Equal(Now, _watch.Believed);
        _watch.Agreed(_watch.Read(), Now);
        var right = Now;
        _clock.Jump(TimeSpan.FromDays(30));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(right.AddHours(1), _watch.Believed);

        // As much as clocks may differ is the clock's own affair.
        _clock.Jump(-TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));
        Assert.Equal(Now, _watch.Believed);
    }

    [Fact]
    public void DigitalOceans_time_goes_on_where_the_clock_was_found_wrong()
    {
        var right = Now;
        _clock.Jump(-TimeSpan.FromDays(3));
        _watch.Differs(TimeSpan.FromDays(3));
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(right.AddHours(2), _watch.Believed);

        // Set right before anybody compared.
        _clock.Jump(TimeSpan.FromDays(3));
        Assert.Equal(right.AddHours(2), _watch.Believed);
        _watch.Agreed(_watch.Read(), Now);
        Assert.Equal(Now, _watch.Believed);
    }

    /// <summary>A wall clock that somebody sets, beside a monotonic one that nobody can.</summary>
    private sealed class JumpingClock() : FakeTimeProvider(World.Start)
    {
        private TimeSpan _jumped;

        public void Jump(TimeSpan by) => _jumped += by;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _jumped;
    }
}
