using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>What a snapshot that is asked for by hand is said to wait for.</summary>
public sealed class AtWorkTests
{
    [Theory]
    [InlineData("requested", false)]
    [InlineData("attempted", true)]
    [InlineData("started", true)]
    public void One_that_is_at_work_is_waited_for_and_not_one_that_is_only_asked_for_or_put_off(string phase, bool waits)
    {
        var droplet = Sample.Of(Sample.Droplet, "web-41") with
        {
            Pending = [new PendingShape { SnapshotId = Guid.NewGuid(), Name = "other", Phase = phase, RequestedAt = Sample.Now, Attempts = 1, RetryAt = null, Trouble = null }],
        };
        Assert.Equal(waits ? "A snapshot of it is at work already, 'other': this one waits for it." : null, AtWork.AwaitedBy(droplet, []));
    }

    [Theory]
    [InlineData("droplet_shut_down", true)]
    [InlineData("power_off_forced", true)]
    [InlineData("droplet_powered_off", true)]
    [InlineData("power_on_attempted", true)]
    [InlineData("droplet_powered_on", false)]
    [InlineData("power_on_waived", false)]
    public void One_that_is_off_is_waited_for_until_it_is_on(string last, bool waits)
    {
        LogEventShape[] recent = [Sample.Event(4, "droplet_powered_off") with { DropletId = 2 }, Sample.Event(3, "snapshot_attempted"), Sample.Event(2, last), Sample.Event(1, "power_on_owed")];
        Assert.Equal(waits, AtWork.AwaitedBy(Sample.Of(Sample.Droplet, "web-41"), recent) is not null);
    }

    [Fact]
    public void One_that_was_left_off_long_ago_is_waited_for_too()
    {
        Assert.Contains("until it is on again", AtWork.AwaitedBy(Sample.Of(1, "a", "alarm", Sample.Alarm("left-powered-off")), []), StringComparison.Ordinal);
        Assert.Null(AtWork.AwaitedBy(Sample.Of(1, "a", "alarm", Sample.Alarm("lost")), []));
        Assert.Null(AtWork.AwaitedBy(null, []));
    }
}
