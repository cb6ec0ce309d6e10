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

    [Fact]
    public void What_happened_last_comes_first_and_each_life_goes_from_its_beginning()
    {
        var lives = Life.Of([Sample.Event(3, stream: "snapshot/a"), Sample.Event(2, stream: "snapshot/b"), Sample.Event(1, "snapshot_requested", "snapshot/a")]);
        Assert.Equal(["snapshot/a", "snapshot/b"], lives.Select(l => l.Stream));
        Assert.Equal([1, 3], lives[0].Steps.Select(s => s.Sequence));
    }

    [Fact]
    public void All_words_have_to_be_found()
    {
        var life = Assert.Single(Life.Of([Sample.Event(1, says: "put off: the droplet is busy")]));
        Assert.True(life.Matches("busy droplet"));
        Assert.False(life.Matches("busy region"));
        Assert.True(life.Matches(null));
    }
}
