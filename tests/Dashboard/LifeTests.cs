using DoSnapshot.Dashboard.Lives;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Tests;

/// <summary>Events as lives.</summary>
public sealed class LifeTests
{
    [Theory]
    [InlineData("snapshot_requested", "asked for", LifeCourse.Running)]
    [InlineData("transfer_started", "DigitalOcean copies it to fra1: action 7", LifeCourse.Running)]
    [InlineData("snapshot_deferred", "put off until 12:00", LifeCourse.PutOff)]
    [InlineData("snapshot_failed", "failed: no luck; to be tried again from 12:00", LifeCourse.PutOff)]
    [InlineData("expiry_held", "a rule would remove it, and it is held", LifeCourse.Held)]
    [InlineData("brake_applied", "the brake is on", LifeCourse.Held)]
    [InlineData("snapshot_failed", "given up: no luck", LifeCourse.GivenUp)]
    [InlineData("transfer_failed", "the copy to fra1 is given up: no luck", LifeCourse.GivenUp)]
    [InlineData("prune_refused", "left alone from now on", LifeCourse.GivenUp)]
    [InlineData("snapshot_lost", "gone, and not by us", LifeCourse.Lost)]
    [InlineData("snapshot_completed", "complete", LifeCourse.Done)]
    [InlineData("snapshot_pruned", "deleted", LifeCourse.Done)]
    public void How_it_goes_is_told_by_its_last_event(string type, string says, LifeCourse course) =>
        Assert.Equal(course, Assert.Single(Life.Of([Sample.Event(1, type, says: says)])).Course);

    [Theory]
    [InlineData("transfer_completed", "sfo3 holds it", LifeCourse.GivenUp)]
    [InlineData("transfer_started", "DigitalOcean copies it to sfo3: action 7", LifeCourse.GivenUp)]
    [InlineData("transfer_requested", "a copy in lon1 asked for by the plan", LifeCourse.Running)]
    [InlineData("transfer_completed", "lon1 holds it", LifeCourse.Done)]
    [InlineData("retry_requested", "to be tried again at once by ann", LifeCourse.Running)]
    [InlineData("snapshot_pruned", "deleted: image 7 is gone", LifeCourse.Done)]
    public void A_copy_that_was_given_up_tells_how_it_goes_until_it_is_asked_for_again(string type, string says, LifeCourse course)
    {
        var life = Assert.Single(Life.Of([Sample.Event(3, type, says: says), Sample.Event(2, "transfer_failed", says: "the copy to lon1 is given up: no luck"), Sample.Event(1, "snapshot_completed")]));
        Assert.Equal(course, life.Course);
        Assert.Equal(course is LifeCourse.GivenUp, life.CanRetry);
        Assert.Equal(course is LifeCourse.GivenUp ? "the copy to lon1 is given up: no luck" : says, life.Telling.Says);
        Assert.Equal(says, life.Last.Says);
    }

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
        Assert.Equal("00000000", life.ShortId);
    }

    [Fact]
    public void What_its_events_do_not_name_is_named_by_what_is_known_besides()
    {
        var (known, unknown) = (Guid.Parse("0b14baf0-0000-4000-8000-000000000001"), Guid.Parse("0c14baf0-0000-4000-8000-000000000001"));
        LogEventShape[] events =
        [
            Sample.Event(4, "droplet_paused", "droplet/41", "the droplet is paused"),
            Sample.Event(3, "expiry_held", "snapshot/3", "it is held") with { SnapshotId = unknown, DropletId = 7 },
            Sample.Event(2, "expiry_held", "snapshot/2", "it is held") with { SnapshotId = unknown },
            Sample.Event(1, "expiry_held", "snapshot/1", "it is held") with { SnapshotId = known },
        ];
        var status = Sample.Status(Sample.Of(Sample.Droplet, "web-41"));
        var going = Sample.Forecast(Sample.Going("web-41-auto", Sample.Now) with { SnapshotId = known });
        Assert.Equal(
            [("droplet web-41", "41"), ("snapshot 0c14baf0", null), ("snapshot of web-41", "0c14baf0"), ("web-41-auto", "0b14baf0")],
            Life.Of(events, LifeNames.Of(status, going, events)).Select(l => (l.Name, l.ShortId)));
    }
}
