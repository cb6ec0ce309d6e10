using static DoSnapshot.Retention.Tests.SieveCase;

namespace DoSnapshot.Retention.Tests;

public sealed class NextChangeTests
{
    private static readonly RetentionPolicy Policy = RetentionPolicy.Parse(["3d:1d", "1w:7d", "0d:6m"]);

    [Fact]
    public void One_that_no_rule_reaches_changes_at_the_youngest_age() =>
        Assert.Equal(Noon + Hours(18), Change(Days(0) + Hours(6), Policy));

    [Fact]
    public void One_of_a_younger_group_changes_at_the_next_older_age() =>
        Assert.Equal(Noon + Days(5), Change(Days(2), Policy));

    [Fact]
    public void One_just_come_of_age_looks_to_the_age_after_that() =>
        Assert.Equal(Noon + Days(173), Change(Days(7), Policy));

    [Fact]
    public void One_of_the_oldest_group_never_changes() =>
        Assert.Null(Change(Days(400), RetentionPolicy.Parse(["3d:1d", "1w:7d"])));

    [Fact]
    public void Without_rules_nothing_changes() => Assert.Null(Change(Days(400), RetentionPolicy.Empty));

    [Fact]
    public void One_deleted_has_no_next_change() => Assert.Null(Change(Days(180), Policy));

    [Fact]
    public void One_too_close_has_no_next_change_though_an_older_rule_is_ahead()
    {
        IReadOnlyList<Verdict> verdicts = Sieve.Judge([new(1, Noon - Days(3)), new(2, Noon - Days(2))], Policy, Noon);

        Assert.Equal([Noon + Days(4), null], verdicts.Select(verdict => verdict.NextChange));
    }

    [Fact]
    public void One_of_the_future_changes_when_its_own_age_is_reached() =>
        Assert.Equal(Noon + Days(11), Change(Days(-10), Policy));

    [Fact]
    public void Equal_ages_are_one_step() =>
        Assert.Equal(Noon + Days(6), Change(Days(1), RetentionPolicy.Parse(["1d:1d", "2d:1d", "1d:7d", "2d:1w"])));

    [Fact]
    public void It_counts_from_creation_cut_to_the_second_whatever_the_slot()
    {
        RestorePoint point = new(1, Noon - Hours(6) + Milliseconds(700), Noon - Days(1));

        Assert.Equal(Noon + Hours(18), Assert.Single(Sieve.Judge([point], Policy, Noon)).NextChange);
    }

    [Fact]
    public void A_change_past_the_end_of_the_calendar_is_none()
    {
        RestorePoint last = new(1, DateTimeOffset.MaxValue);
        RestorePoint dayBefore = new(2, DateTimeOffset.MaxValue - Days(1));

        Assert.Equal(
            [dayBefore.CreatedAt + Days(1), null],
            Sieve.Judge([last, dayBefore], Policy, Noon).Select(verdict => verdict.NextChange));
    }

    [Fact]
    public void The_first_and_the_last_moment_of_the_calendar_can_be_judged()
    {
        RestorePoint[] points = [new(1, DateTimeOffset.MinValue), new(2, DateTimeOffset.MaxValue)];
        RetentionPolicy policy = RetentionPolicy.Parse(["36500d:36500d"]);

        Assert.Equal([true, true], Sieve.Judge(points, policy, DateTimeOffset.MinValue).Select(verdict => verdict.Keep));
        Assert.Equal([true, true], Sieve.Judge(points, policy, DateTimeOffset.MaxValue).Select(verdict => verdict.Keep));
    }

    private static DateTimeOffset? Change(TimeSpan age, RetentionPolicy policy) =>
        Assert.Single(Sieve.Judge([new(1, Noon - age)], policy, Noon)).NextChange;
}
