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
