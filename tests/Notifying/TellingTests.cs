using DoSnapshot.Hosting.Notices;

namespace DoSnapshot.Notifying.Tests;

/// <summary>What is told, when it is told again, and when it is over.</summary>
public sealed class TellingTests
{
    private static readonly DateTimeOffset Now = Sample.At;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly HashSet<string> NoneOpen = new(StringComparer.Ordinal);

    /// <summary>Each row: what is on; what was told, how many hours ago, and for how many minutes it has been gone; what is told, and what the book forgets.</summary>
    public static TheoryData<string, string[], (string Key, double Hours, double? Gone)[], string[], string[]> Rows => new()
    {
        { "nothing", [], [], [], [] },
        { "new", ["a"], [], ["On a"], [] },
        { "told an hour ago", ["a"], [("a", 1, null)], [], [] },
        { "told a day ago", ["a"], [("a", 24, null)], ["StillOn a"], [] },
        { "told almost a day ago", ["a"], [("a", 23.99, null)], [], [] },
        { "just gone", [], [("a", 1, null)], [], [] },
        { "gone for four minutes", [], [("a", 1, 4)], [], [] },
        { "gone for five minutes", [], [("a", 1, 5)], ["Over a"], ["a"] },
        { "back after four minutes", ["a"], [("a", 1, 4)], [], [] },
        { "back after long, as nobody looked", ["a"], [("a", 1, 40)], [], [] },
        { "one new, one told, one over", ["a", "b"], [("b", 1, null), ("c", 1, 10)], ["On a", "Over c"], ["c"] },
        { "the same twice", ["a", "a"], [], ["On a"], [] },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_is_told_once_again_after_a_while_and_once_when_it_is_over(
        string name, string[] on, (string Key, double Hours, double? Gone)[] told, string[] expected, string[] over)
    {
        ArgumentNullException.ThrowIfNull(name);
        var plan = Telling.Decide([.. on.Select(k => Sample.Condition(k))], NoneOpen, [.. told.Select(t => Told(t.Key, t.Hours, t.Gone))], Now, Day);

        Assert.Equal(expected, plan.Notices.Select(n => $"{n.State} {n.Condition.Key}"));
        Assert.Equal(over, plan.Over);
        // Told again at the same moment, nothing is left to tell.
        Assert.Empty(Telling.Decide([.. on.Select(k => Sample.Condition(k))], NoneOpen, Book(told.Select(t => Told(t.Key, t.Hours, t.Gone)), plan), Now, Day).Notices);
    }

    [Fact]
    public void What_is_gone_counts_from_when_that_was_seen_first()
    {
        var plan = Telling.Decide([], NoneOpen, [Told("a", 1, null)], Now, Day);
        Assert.Equal(Now, Assert.Single(plan.Silent).GoneSince);
        Assert.Empty(Telling.Decide([], NoneOpen, [Told("a", 1, 3)], Now, Day).Silent);
    }

    [Fact]
    public void What_is_back_is_not_gone_any_more()
    {
        var back = Assert.Single(Telling.Decide([Sample.Condition("a")], NoneOpen, [Told("a", 1, 4)], Now, Day).Silent);
        Assert.Null(back.GoneSince);
        Assert.Equal(Now.AddHours(-1), back.ToldAt);
    }

    [Fact]
    public void What_is_of_the_future_counts_as_of_now_and_is_written_so()
    {
        var lasts = Telling.Decide([Sample.Condition("a")], NoneOpen, [Told("a", -720, null)], Now, Day);
        Assert.Empty(lasts.Notices);
        Assert.Equal((Now, null), (Assert.Single(lasts.Silent).ToldAt, lasts.Silent[0].GoneSince));

        var gone = Telling.Decide([], NoneOpen, [Told("a", -720, -43_200)], Now, Day);
        Assert.Empty(gone.Notices);
        Assert.Equal((Now, Now), (Assert.Single(gone.Silent).ToldAt, gone.Silent[0].GoneSince));

        var over = Assert.Single(Telling.Decide([], NoneOpen, [Told("a", -720, 5)], Now, Day).Notices);
        Assert.Equal((NoticeState.Over, Now), (over.State, over.ToldBefore));

        var back = Telling.Decide([Sample.Condition("a")], NoneOpen, [Told("a", -720, -43_200)], Now, Day);
        Assert.Empty(back.Notices);
        Assert.Equal((Now, null), (Assert.Single(back.Silent).ToldAt, back.Silent[0].GoneSince));
    }

    [Fact]
    public void The_worst_comes_first_and_what_is_over_last()
    {
        var plan = Telling.Decide(
            [Sample.Condition("later") with { Since = Now }, Sample.Condition("worst", Severity.Critical) with { Since = Now }, Sample.Condition("earlier")],
            NoneOpen,
            [Told("gone", 2, 10)],
            Now,
            Day);
        Assert.Equal(["worst", "earlier", "later", "gone"], plan.Notices.Select(n => n.Condition.Key));
    }

    [Fact]
    public void What_is_not_known_yet_is_neither_new_nor_over()
    {
        var plan = Telling.Decide([], new HashSet<string>(StringComparer.Ordinal) { "a", "b" }, [Told("a", 1, null), Told("b", 30, 10)], Now, Day);
        Assert.Empty(plan.Notices);
        Assert.Empty(plan.Silent);
        Assert.Empty(plan.Over);
    }

    [Fact]
    public void What_is_over_is_told_in_the_words_that_were_told()
    {
        var over = Assert.Single(Telling.Decide([], NoneOpen, [Told("a", 2, 10)], Now, Day).Notices);
        Assert.Equal(("told", "lost", Severity.Critical, 7L, Now.AddHours(-2)), (over.Condition.Text, over.Condition.Kind, over.Condition.Severity, over.Condition.DropletId, over.ToldBefore));
    }

    private static ToldNotice Told(string key, double hours, double? gone) =>
        new(key, "lost", "Critical", "told", Now.AddHours(-3), Now.AddHours(-hours), gone is { } minutes ? Now.AddMinutes(-minutes) : null, DropletId: 7);

    private static ToldNotice[] Book(IEnumerable<ToldNotice> before, TellingPlan plan)
    {
        var book = before.ToDictionary(t => t.Key, StringComparer.Ordinal);
        foreach (var one in plan.Silent.Concat(plan.Written))
        {
            book[one.Key] = one;
        }

        foreach (var key in plan.Over)
        {
            book.Remove(key);
        }

        return [.. book.Values];
    }
}
