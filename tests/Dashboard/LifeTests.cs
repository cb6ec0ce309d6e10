using DoSnapshot.Dashboard.Lives;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>Events as lives.</summary>
public sealed class LifeTests
{
    [Theory]
    [InlineData("snapshot_requested", LifeCourse.Running)]
    [InlineData("transfer_started", LifeCourse.Running)]
    [InlineData("snapshot_deferred", LifeCourse.Troubled)]
    [InlineData("expiry_held", LifeCourse.Troubled)]
    [InlineData("brake_applied", LifeCourse.Troubled)]
    [InlineData("snapshot_failed", LifeCourse.Ended)]
    [InlineData("snapshot_lost", LifeCourse.Ended)]
    [InlineData("prune_refused", LifeCourse.Ended)]
    [InlineData("snapshot_completed", LifeCourse.Done)]
    [InlineData("snapshot_pruned", LifeCourse.Done)]
    public void How_it_goes_is_told_by_its_last_event(string type, LifeCourse course) => Assert.Equal(course, Assert.Single(Life.Of([Sample.Event(1, type)])).Course);

    [Theory]
    [InlineData("snapshot_deferred", "put off: the droplet is busy", true)]
    [InlineData("snapshot_failed", "failed: no luck; to be tried again from 12:00", true)]
    [InlineData("snapshot_failed", "given up: no luck", false)]
    [InlineData("snapshot_lost", "gone, and not by us", false)]
    [InlineData("expiry_held", "a rule would remove it, and it is held", false)]
    [InlineData("transfer_failed", "the copy to fra1 is given up", true)]
    [InlineData("transfer_deferred", "the copy to fra1 is put off", true)]
    [InlineData("prune_refused", "left alone from now on", true)]
    [InlineData("prune_deferred", "the deletion is put off", true)]
    [InlineData("snapshot_completed", "complete", false)]
    public void Only_what_the_api_would_try_again_can_be_tried_at_once(string type, string says, bool can) =>
        Assert.Equal(can, Assert.Single(Life.Of([Sample.Event(1, type, says: says)])).CanRetry);

    [Fact]
    public void What_happened_last_comes_first_and_each_life_goes_from_its_beginning()
    {
        var lives = Life.Of([Sample.Event(3, stream: "snapshot/a"), Sample.Event(2, stream: "snapshot/b"), Sample.Event(1, "snapshot_requested", "snapshot/a")]);
        Assert.Equal(["snapshot/a", "snapshot/b"], lives.Select(l => l.Stream));
        Assert.Equal([1, 3], lives[0].Steps.Select(s => s.Sequence));
    }

    [Fact]
    public void A_life_is_called_as_its_first_event_names_it_and_found_by_all_that_it_says()
    {
        var life = Assert.Single(Life.Of([Sample.Event(2, says: "complete: image 7"), Sample.Event(1, "snapshot_requested", says: "snapshot 'web-1-auto' of droplet 'web-1' asked for")]));
        Assert.Equal("web-1-auto", life.Name);
        Assert.Contains("image 7", life.Words, StringComparison.Ordinal);
        Assert.Contains("asked for", life.Words, StringComparison.Ordinal);
    }
}
