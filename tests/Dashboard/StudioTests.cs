using DoSnapshot.Dashboard.Studio;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>A policy as it is being written.</summary>
public sealed class StudioTests
{
    [Theory]
    [InlineData("1d", "1d:1w 1w:1m", true)]
    [InlineData("1d", "", true)]
    [InlineData("1d", "1w", false)]
    [InlineData("", "1d:1w", false)]
    [InlineData("0h", "1d:1w", false)]
    public void It_can_be_tried_when_all_of_it_can_be_read(string every, string keep, bool whole)
    {
        var draft = PolicyDraft.Read(every, keep);
        Assert.Equal(whole, draft.IsWhole);
        Assert.Equal(whole, draft.Mistakes.IsEmpty);
        Assert.Equal(whole, draft.Sentence is not null);
    }

    [Theory]
    [InlineData("1D", "1d:1w", "Units are small letters: 1d.")]
    [InlineData("1d", "1W:1m", "Units are small letters: 1w:1m.")]
    [InlineData("99999999999999d", "1d:1w", "36500d, a hundred years, is the longest.")]
    [InlineData("1d", "1d:99999999999999d", "36500d, a hundred years, is the longest.")]
    public void What_is_nearly_a_time_is_told_what_is_wrong_with_it(string every, string keep, string says) =>
        Assert.EndsWith(says, Assert.Single(PolicyDraft.Read(every, keep).Mistakes), StringComparison.Ordinal);

    [Theory]
    [InlineData("0d", "1d:1w")]
    [InlineData("d", "1d:1w")]
    [InlineData("1d", "1x:1w")]
    public void What_is_no_time_at_all_is_told_what_is_wanted_alone(string every, string keep)
    {
        var mistake = Assert.Single(PolicyDraft.Read(every, keep).Mistakes);
        Assert.Contains(" is wanted, such as ", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("Units", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("longest", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_found_while_it_is_written() =>
        Assert.Contains(PolicyDraft.Read("1w", "1d:1m").Findings, f => f.Describe().Contains("cannot be met", StringComparison.Ordinal));

    [Fact]
    public void From_nothing_a_daily_policy_that_keeps_a_week_leaves_a_week()
    {
        var draft = PolicyDraft.Read("1d", "0h:1w");
        var played = Preview.Play(draft.Every!.Value, draft.Policy!, 30, Sample.Now);
        Assert.Equal(30, played.Taken);
        Assert.InRange(played.Left.Length, 6, 8);
        Assert.Equal(TimeSpan.FromDays(1), played.LongestGap);
    }
}
