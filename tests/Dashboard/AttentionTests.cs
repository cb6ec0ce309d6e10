using DoSnapshot.Dashboard.Showing;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What somebody should look at, worst first.</summary>
public sealed class AttentionTests
{
    [Fact]
    public void A_droplet_that_is_off_comes_before_one_without_a_snapshot_and_that_before_what_was_put_off()
    {
        var deferred = Sample.Of(3, "c", "trouble") with
        {
            Pending = [new() { SnapshotId = Guid.NewGuid(), Name = "s", Phase = "requested", RequestedAt = Sample.Now, Attempts = 2, RetryAt = Sample.Now.AddMinutes(5), Trouble = "the droplet is busy" }],
        };
        var items = Attention.Of(Sample.Status(
            deferred, Sample.Of(1, "a", "alarm", Sample.Alarm("no-good-snapshot")), Sample.Of(2, "b", "alarm", Sample.Alarm("left-powered-off"))));
        Assert.Equal(["left-powered-off", "no-good-snapshot", "deferred"], items.Select(i => i.Kind));
        Assert.Contains("the droplet is busy", items[2].Text, StringComparison.Ordinal);
        Assert.NotNull(items[2].SnapshotId);
    }

    [Fact]
    public void Of_two_of_a_kind_the_longer_one_comes_first()
    {
        var items = Attention.Of(Sample.Status(
            Sample.Of(1, "a", "alarm", Sample.Alarm("no-good-snapshot", Sample.Now.AddDays(-1))), Sample.Of(2, "b", "alarm", Sample.Alarm("no-good-snapshot", Sample.Now.AddDays(-9)))));
        Assert.Equal(["b", "a"], items.Select(i => i.Droplet));
    }

    [Fact]
    public void Dozens_of_copies_that_wait_for_the_same_are_one_line()
    {
        var waiting = Enumerable.Range(0, 12).Select(n => new DoSnapshot.HttpApi.Shapes.CopyShape
        {
            SnapshotId = Guid.NewGuid(),
            Name = $"s{n}",
            Region = "fra1",
            Phase = "requested",
            RetryAt = Sample.Now.AddMinutes(n),
            Trouble = "the region is full",
        });
        var item = Assert.Single(Attention.Of(Sample.Status(Sample.Of(1, "a", "trouble") with { Transfers = [.. waiting] })));
        Assert.Equal("12 copies to fra1: the region is full", item.Text);
        Assert.Equal(Sample.Now, item.RetryAt);
    }

    [Fact]
    public void All_is_well_where_nothing_is_wrong() => Assert.Empty(Attention.Of(Sample.Status(Sample.Of(1, "a"))));
}
