using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle;
using DoSnapshot.Planner;

namespace DoSnapshot.Services.Tests;

/// <summary>A planner whose clock jumps between two comparisons decides nothing by it.</summary>
public sealed class ClockWatchTests
{
    private readonly JumpingClock _clock = new();
    private readonly LifecycleTimings _timings = new();
    private readonly ClockWatch _watch;
    private ClockComparison? _answered;

    public ClockWatchTests()
    {
        _watch = new ClockWatch(_clock, _timings, () => _answered);
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

    [Theory]
    [InlineData("a month ahead", 30)]
    [InlineData("a month behind", -30)]
    public void Before_anything_was_compared_DigitalOceans_last_answer_says_what_time_it_is(string what, int days)
    {
        var right = Now;
        _clock.Jump(TimeSpan.FromDays(days));
        Assert.Equal(Now, _watch.Believed);
        Answer(right);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.True(right.AddHours(1) == _watch.Believed, what);

        // Set right, and not asked since.
        _clock.Jump(-TimeSpan.FromDays(days));
        Assert.Equal(Now, _watch.Believed);
    }

    [Fact]
    public void Before_anything_was_compared_as_much_as_clocks_may_differ_is_the_clocks_own_affair()
    {
        Answer(Now.AddMinutes(2));
        Assert.Equal(Now, _watch.Believed);
        Answer(Now.AddMinutes(2).AddSeconds(1));
        Assert.Equal(Now.AddMinutes(2).AddSeconds(1), _watch.Believed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_machine_that_was_asleep_is_believed_when_an_answer_agrees_with_it(bool wasWrong)
    {
        if (wasWrong)
        {
            _watch.Differs(TimeSpan.FromDays(3));
        }
        else
        {
            _watch.Agreed(_watch.Read(), Now);
        }

        var before = _watch.Believed;
        // Hours in which the monotonic clock stands still; the other was set right meanwhile, where it was wrong.
        _clock.Jump(TimeSpan.FromHours(8) + (wasWrong ? TimeSpan.FromDays(3) : TimeSpan.Zero));
        Assert.Equal(before, _watch.Believed);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Answer(Now);
        Assert.Equal(before + new TimeSpan(8, 1, 0), _watch.Believed);
        // Decided is nothing before it was compared.
        Assert.Equal(!wasWrong, _watch.Doubt(DateTimeOffset.MinValue)?.Contains("jumped ahead", StringComparison.Ordinal) is true);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Now, _watch.Believed);
    }

    [Fact]
    public void An_answer_of_before_the_jump_agrees_with_nothing()
    {
        _watch.Agreed(_watch.Read(), Now);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Answer(Now);
        var right = Now;
        _clock.Jump(TimeSpan.FromDays(30));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(right.AddMinutes(1), _watch.Believed);
    }

    [Fact]
    public void What_was_found_since_the_last_answer_counts()
    {
        Answer(Now);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _watch.Differs(-TimeSpan.FromDays(30));
        Assert.Equal(Now.AddDays(-30), _watch.Believed);
    }

    [Fact]
    public void When_something_was_is_said_by_what_is_believed_now()
    {
        var (right, seen) = (Now, _watch.Timestamp);
        _clock.Jump(TimeSpan.FromDays(30));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), _watch.ElapsedSince(seen));
        Assert.Equal(right.AddDays(30), _watch.MomentOf(seen));
        Answer(right.AddMinutes(5));
        Assert.Equal(right, _watch.MomentOf(seen));
    }

    /// <summary>DigitalOcean answers something, by its clock.</summary>
    private void Answer(DateTimeOffset theirs) => _answered = new ClockComparison(theirs, Now, _clock.GetTimestamp());
}
