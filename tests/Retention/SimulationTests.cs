using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Retention.Tests;

public sealed class SimulationTests
{
    private static readonly DateTimeOffset Start = SieveCase.At("2018-10-09T01:47:36Z");

    [Fact]
    public void The_readmes_broken_policy_leaves_the_readmes_table()
    {
        SimulationResult result = Simulator.Run(Terms("1d", "4h", "3m", "2w:1w", "1w:1m") with { Start = Start });

        Assert.Equal(
            [
                "2018-10-09", "2018-10-23", "2018-11-06", "2018-11-20", "2018-12-04", "2018-12-18",
                "2018-12-31", "2019-01-01", "2019-01-02", "2019-01-03", "2019-01-04", "2019-01-05", "2019-01-06",
            ],
            result.Left.Select(one => $"{one.Point.CreatedAt:yyyy-MM-dd}"));
        Assert.All(result.Left, one => Assert.Equal(new TimeSpan(1, 47, 36), one.Point.CreatedAt.TimeOfDay));
        Assert.Equal(540, result.Runs);
        Assert.Equal(SieveCase.At("2019-01-06T21:47:36Z"), result.LastRun);
        Assert.Equal(90, result.Snapshots.Length);
    }

    [Theory]
    [InlineData("2h", SimulationTiming.Anchored, 60)]
    [InlineData("4h", SimulationTiming.Anchored, 60)]
    [InlineData("2h", SimulationTiming.Elapsed, 56)]
    [InlineData("4h", SimulationTiming.Elapsed, 52)]
    public void A_daily_plan_whose_snapshots_show_five_seconds_late(string checkedEvery, SimulationTiming timing, int taken)
    {
        SimulationResult result = Simulator.Run(Terms("1d", checkedEvery, "60d") with { Timing = timing, Lag = SieveCase.Seconds(5) });

        Assert.Equal(taken, result.Snapshots.Length);
        Assert.Equal(SieveCase.Noon + SieveCase.Seconds(5), result.Snapshots[0].Point.CreatedAt);
    }

    [Theory]
    [InlineData("4h", "0h", 0, null)]
    [InlineData("4h", "1h", 1, "2026-07-01T12:00:00Z")]
    [InlineData("4h", "4h", 1, "2026-07-01T12:00:00Z")]
    [InlineData("4h", "5h", 2, "2026-07-01T16:00:00Z")]
    [InlineData("4h", "8h", 2, "2026-07-01T16:00:00Z")]
    public void The_moment_at_which_the_duration_ends_is_no_run(string interval, string duration, int runs, string? last)
    {
        SimulationResult result = Simulator.Run(Terms("0h", interval, duration));

        Assert.Equal(runs, result.Runs);
        Assert.Equal(runs, result.Snapshots.Length);
        Assert.Equal(last is null ? null : SieveCase.At(last), result.LastRun);
    }

    [Fact]
    public void A_run_deletes_what_was_there_before_it_takes_another()
    {
        // At 14:00 there is nothing that could be deleted, at 15:00 the one of 14:00 is; it still counted for what is due then.
        SimulationResult result = Simulator.Run(Terms("2h", "1h", "5h", "0h:0h"));

        Assert.Equal([0, 2, 4], result.Snapshots.Select(one => (one.TakenAt - SieveCase.Noon).Hours));
        Assert.Equal([1, 3, null], result.Snapshots.Select(one => (one.Deletion?.At - SieveCase.Noon)?.Hours));
    }

    [Fact]
    public void By_elapsed_time_one_in_progress_is_not_seen_and_is_doubled() =>
        Assert.Equal([0, 1, 2, 29], Hours(Terms("1d", "1h", "30h") with { Lag = SieveCase.Hours(3) - SieveCase.Seconds(1) }));

    [Fact]
    public void An_occurrence_is_answered_once_though_its_snapshot_is_in_progress() =>
        Assert.Equal([0, 24], Hours(Terms("1d", "1h", "30h") with { Timing = SimulationTiming.Anchored, Lag = SieveCase.Hours(3) }));

    [Fact]
    public void One_created_past_the_next_occurrence_answers_that_too() =>
        Assert.Equal([0, 8], Hours(Terms("4h", "1h", "10h") with { Timing = SimulationTiming.Anchored, Lag = SieveCase.Hours(4) }));

    [Fact]
    public void The_first_run_answers_the_occurrence_before_it()
    {
        SimulationResult result = Simulator.Run(
            Terms("1d", "2h", "3d") with { Timing = SimulationTiming.Anchored, Anchor = SieveCase.At("1970-01-01T03:00:00Z") });

        Assert.Equal(
            [
                ("2026-07-01T12:00:00Z", "2026-07-01T03:00:00Z"), ("2026-07-02T04:00:00Z", "2026-07-02T03:00:00Z"),
                ("2026-07-03T04:00:00Z", "2026-07-03T03:00:00Z"), ("2026-07-04T04:00:00Z", "2026-07-04T03:00:00Z"),
            ],
            result.Snapshots.Select(one => ($"{one.TakenAt:yyyy-MM-dd'T'HH:mm:ss'Z'}", $"{one.Point.Slot:yyyy-MM-dd'T'HH:mm:ss'Z'}")));
    }

    [Fact]
    public void By_elapsed_time_a_deleted_newest_is_replaced_at_the_run_after()
    {
        // The second is deleted as too close at 15:00, which nobody sees before 16:00.
        SimulationResult result = Simulator.Run(Terms("2h", "1h", "6h", "1w:0h"));

        Assert.Equal([0, 2, 4], result.Snapshots.Select(one => (one.TakenAt - SieveCase.Noon).Hours));
        Assert.Equal([1L], result.Left.Where(one => one.Point.Id < 3).Select(one => one.Point.Id));
    }

    [Fact]
    public void By_elapsed_time_the_newest_is_the_newest_that_is_left()
    {
        // The one of 15:00 goes at 16:00, so that at 17:00 the newest is that of 12:00.
        Assert.Equal([0, 3, 5, 7], Hours(Terms("3h", "1h", "8h", "1w:1h")));
    }

    [Fact]
    public void One_created_at_the_moment_of_a_run_is_seen_by_it() =>
        Assert.Equal([0], Hours(Terms("1d", "1h", "24h") with { Lag = SieveCase.Hours(1) }));

    [Theory]
    [InlineData("0d:2h")]
    [InlineData("0d:24h")]
    public void One_that_has_outgrown_several_rules_since_the_last_run_is_judged_by_the_oldest_alone(string oldest)
    {
        SimulationResult result = Simulator.Run(Terms("1d", "1d", "3d", "5d:1h", oldest));

        Assert.Equal(
            [new SimulatedDeletion(SieveCase.Noon + SieveCase.Days(1), new Reason.IntervalZero(KeepRule.Parse(oldest))),
                new SimulatedDeletion(SieveCase.Noon + SieveCase.Days(2), new Reason.IntervalZero(KeepRule.Parse(oldest))), null],
            result.Snapshots.Select(one => one.Deletion));
    }

    // Every hour: the second and the fourth are an hour behind their group's first. When the third comes, the first has left the group.
    [Fact]
    public void A_group_that_all_have_left_begins_anew() => Assert.Equal(
        [1L, 3L, 5L, 6L], Simulator.Run(Terms("1h", "1h", "6h", "10h:1h", "1h:3h")).Left.Select(one => one.Point.Id));

    [Fact]
    public void Finds_the_number_at_any_moment_of_a_long_history()
    {
        GroupHistory history = Simulator.Run(Terms("1h", "1h", "40h")).Groups[0];

        Assert.Equal(40, history.Counts.Length);
        Assert.Equal(Enumerable.Range(1, 40), Enumerable.Range(0, 40).Select(hour => history.CountOn(SieveCase.Noon + SieveCase.Hours(hour))));
    }

    [Fact]
    public void Fractions_and_offsets_are_cut_before_anything_else()
    {
        SimulationTerms terms = Terms("1d", "1h", "1h") with
        {
            Start = SieveCase.At("2026-07-01T14:00:00.9+02:00"),
            Lag = SieveCase.Milliseconds(1_950),
        };

        SimulatedSnapshot one = Assert.Single(Simulator.Run(terms).Snapshots);
        Assert.True(one.TakenAt.EqualsExact(SieveCase.Noon));
        Assert.True(one.Point.CreatedAt.EqualsExact(SieveCase.Noon + SieveCase.Seconds(1)));
        Assert.Equal(one.Point.CreatedAt, one.Point.Slot);
    }

    [Fact]
    public void Tells_how_many_each_rule_had_over_time()
    {
        SimulationResult result = Simulator.Run(Terms("1h", "1h", "6h", "2h:2h", "0h:4h", "9h:4h"));

        Assert.Equal(["", "2h:2h", "0h:4h"], result.Groups.Select(group => $"{group.Rule}"));
        Assert.Equal(["12:1 13:2", "14:1", ""], result.Groups.Select(group =>
            string.Join(' ', group.Counts.Select(count => $"{count.At.Hour}:{count.Count}"))));
        Assert.Equal(
            [0, 1, 2, 2, 2],
            new[] { -1, 0, 1, 2, 500 }.Select(hour => result.Groups[0].CountOn(SieveCase.Noon + SieveCase.Hours(hour))));
    }

    [Fact]
    public void A_hundred_years_of_hourly_runs_without_an_end_are_no_matter_of_minutes()
    {
        SimulationResult result = Simulator.Run(Terms("1h", "1h", "36500d", "1d:1d"));

        Assert.Equal(876_000, result.Runs);
        Assert.Equal(876_000, result.Snapshots.Length);
        // One a day but for the last day, of which all are left, and the one that has just come to the rule.
        Assert.Equal(36_499 + 24, result.Left.Count());
    }

    [Fact]
    public void Refuses_what_cannot_be_simulated()
    {
        SimulationTerms terms = Terms("1d", "1h", "1d");

        Assert.Throws<ArgumentNullException>("terms", () => Simulator.Run(null!));
        Refused("interval between runs is zero", terms with { Interval = Period.Parse("0d") });
        Refused("lag is negative", terms with { Lag = SieveCase.Milliseconds(-1) });
        Refused("lag is too long", terms with { Lag = Period.Longest + SieveCase.Seconds(1) });
        Refused("needs an interval above zero", terms with { Every = default, Timing = SimulationTiming.Anchored });
        Refused("past the end of the calendar", terms with { Start = DateTimeOffset.MaxValue - SieveCase.Hours(23) });
        Refused(
            "past the end of the calendar", terms with { Start = DateTimeOffset.MaxValue - SieveCase.Days(1), Lag = SieveCase.Seconds(1) });
    }

    [Fact]
    public void Runs_to_the_very_end_of_the_calendar() =>
        Assert.Equal(
            24, Simulator.Run(Terms("1h", "1h", "1d") with { Start = DateTimeOffset.MaxValue - SieveCase.Days(1) }).Snapshots.Length);

    [Fact]
    public void The_longest_lag_can_be_simulated() =>
        Assert.Equal(2, Simulator.Run(Terms("1h", "1h", "2h") with { Lag = Period.Longest }).Left.Count());

    private static void Refused(string words, SimulationTerms terms)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(nameof(terms), () => Simulator.Run(terms));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Hours(SimulationTerms terms) =>
        Simulator.Run(terms).Snapshots.Select(one => (int)(one.TakenAt - SieveCase.Noon).TotalHours);

    private static SimulationTerms Terms(string every, string interval, string duration, params string[] rules) => new()
    {
        Every = Period.Parse(every),
        Policy = RetentionPolicy.Parse(rules),
        Start = SieveCase.Noon,
        Interval = Period.Parse(interval),
        Duration = Period.Parse(duration),
    };
}
