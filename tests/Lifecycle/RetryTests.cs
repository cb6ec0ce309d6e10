using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>A person has what waits tried at once; what is at work, or past, is not touched by it.</summary>
public sealed class RetryTests
{
    private readonly World _world = new(World.Terms(keep: ["0d:30d"], regions: ["lon1", "fra1"]));

    private CommandedBy By => new("ann", "mended", _world.Now);

    [Fact]
    public void A_snapshot_that_was_put_off_is_tried_at_once()
    {
        var id = _world.Manual("golden");
        Refused("nothing of it waits", id);
        _world.Given(NewEvent.Of(id, new SnapshotDeferred(id, World.Droplet, "busy", _world.Now, _world.Now.AddHours(1))));
        Assert.Empty(Attempt(id));
        _world.Now += TimeSpan.FromMinutes(1);

        Retry(id);

        Assert.Equal(_world.Now, Sweeping.Waiting(_world.Ledger).Single(w => w.SnapshotId == id).DueAt);
        Assert.IsType<SnapshotAttempted>(Assert.Single(Attempt(id)));
        Refused("at work already", id);
    }

    [Fact]
    public void Copies_that_were_put_off_or_given_up_are_tried_at_once_and_others_not_touched()
    {
        var id = _world.Complete(_world.Now.AddHours(-1));
        var image = _world.Find(id).ImageId!.Value;
        _world.Given(
            Transfer("lon1"), NewEvent.Of(id, new TransferDeferred(id, World.Droplet, "lon1", "429", _world.Now, _world.Now.AddHours(1))),
            Transfer("fra1"), NewEvent.Of(id, new TransferFailed(id, World.Droplet, "fra1", "refused", true, _world.Now, null)),
            Transfer("ams3"), NewEvent.Of(id, new TransferAttempted(id, World.Droplet, "ams3", 1, _world.Now, _world.Now.AddMinutes(1))));
        _world.Now += TimeSpan.FromMinutes(1);
        var before = _world.Find(id).Transfers["ams3"];

        Retry(id);

        var after = _world.Find(id).Transfers;
        Assert.Equal(before, after["ams3"]);
        Assert.Equal((TransferPhase.Requested, 0, _world.Now), (after["fra1"].Phase, after["fra1"].Attempts, after["fra1"].RetryAt));
        foreach (var region in (string[])["lon1", "fra1"])
        {
            Assert.Equal(_world.Now, Sweeping.Waiting(_world.Ledger).Single(w => w.Region == region).DueAt);
            Assert.IsType<TransferAttempted>(Assert.Single(_world.When(l => TransferWork.Begin(l, id, region, _world.Now, _world.Timings))));
        }

        Refused("at work already", id);

        NewEvent Transfer(string region) => NewEvent.Of(id, new TransferRequested(id, World.Droplet, image, region, Origin.Plan, _world.Now));
    }

    [Fact]
    public void A_copy_that_nobody_wants_any_more_is_no_reason_to_retry()
    {
        var id = _world.Complete(_world.Now.AddHours(-1));
        _world.Given(
            NewEvent.Of(id, new TransferRequested(id, World.Droplet, _world.Find(id).ImageId!.Value, "sgp1", Origin.Plan, _world.Now)),
            NewEvent.Of(id, new TransferDeferred(id, World.Droplet, "sgp1", "429", _world.Now, _world.Now.AddHours(1))));
        Refused("nothing of it waits", id);
    }

    [Fact]
    public void A_removal_that_was_put_off_is_tried_at_once_unless_its_request_may_yet_take_effect()
    {
        var (old, newest) = (_world.Complete(_world.Now.AddDays(-40)), _world.Complete(_world.Now.AddHours(-1)));
        _world.Expire(old);
        _world.Given(NewEvent.Of(old, new PruneDeferred(old, World.Droplet, "busy", _world.Now, _world.Now.AddMinutes(30))));
        Assert.False(PruneWork.IsDue(_world.Find(old), _world.Now));
        Retry(old);
        Assert.True(PruneWork.IsDue(_world.Find(old), _world.Now));

        var sight = new PruneSight(_world.Seen(old), new HashSet<long> { _world.Find(newest).ImageId!.Value }, TimeSpan.Zero, _world.Now);
        Assert.IsType<PruneAttempted>(Assert.Single(_world.When(l => PruneWork.Begin(l, old, sight, _world.Now, _world.Timings))));
        _world.Given(NewEvent.Of(old, new PruneDeferred(old, World.Droplet, "nothing was heard", _world.Now, _world.Now.AddMinutes(11))));
        Refused("at work already", old);
        // Whoever appended it all the same: the state is not changed by it.
        _world.Given(NewEvent.Of(old, new RetryRequested(old, World.Droplet, "ann", "", _world.Now.AddSeconds(1))));
        Assert.False(PruneWork.IsDue(_world.Find(old), _world.Now.AddMinutes(5)));
    }

    [Fact]
    public void What_was_left_alone_for_good_is_looked_at_again_by_the_rules()
    {
        var old = _world.Complete(_world.Now.AddDays(-40));
        _world.Complete(_world.Now.AddHours(-1));
        _world.Expire(old);
        _world.Given(NewEvent.Of(old, new PruneRefused(old, World.Droplet, Guard.IdentityChanged, "its name is 'mine'", _world.Now)));
        Assert.DoesNotContain(_world.Plan(), e => e is SnapshotExpired);
        Assert.Contains(Alarms.Of([_world.Ledger], _world.Now, _world.Timings), a => a.Kind is AlarmKind.LeftAlone);

        Retry(old);

        Assert.Contains(_world.Plan(), e => e is SnapshotExpired x && x.SnapshotId == old);
    }

    [Fact]
    public void What_is_past_is_refused_and_says_why()
    {
        var (failed, lost) = (_world.Manual("golden"), _world.Complete(_world.Now.AddHours(-1)));
        _world.Given(
            NewEvent.Of(failed, new SnapshotFailed(failed, World.Droplet, "given up", Final: true, _world.Now)),
            NewEvent.Of(lost, new SnapshotLost(lost, World.Droplet, _world.Find(lost).ImageId!.Value, _world.Now)));
        Refused("ask for a snapshot of the droplet as it is now", failed);
        Refused("it is gone", lost);
        Refused("does not know this snapshot", Guid.NewGuid());
    }

    [Theory]
    [InlineData("nobody could do it in time", Guard.StaleDecision, false, true)]
    [InlineData("a copy was on its way", Guard.TransferRunning, false, true)]
    [InlineData("it was pinned meanwhile", Guard.Pinned, true, false)]
    public void A_removal_by_hand_that_was_taken_back_is_an_alarm_for_a_day(string what, Guard guard, bool pinned, bool alarmed)
    {
        var id = _world.Manual("golden", _world.Now.AddDays(-1));
        _world.Expire(id, Origin.Manual);
        if (pinned)
        {
            _world.Given(NewEvent.Of(id, new SnapshotPinned(id, World.Droplet, "bob", "keep", _world.Now)));
        }

        _world.Given(NewEvent.Of(id, new ExpiryWithdrawn(id, World.Droplet, guard, what, _world.Now)));
        Assert.Equal(alarmed, Alarmed(_world.Now.AddHours(23)));
        Assert.False(Alarmed(_world.Now.AddHours(25)));

        _world.Expire(id, Origin.Manual);
        Assert.False(Alarmed(_world.Now));

        bool Alarmed(DateTimeOffset at) => Alarms.Of([_world.Ledger], at, _world.Timings).Any(a => a.Kind is AlarmKind.NotRemoved && a.SnapshotId == id);
    }

    private void Retry(Guid id)
    {
        var commanded = Commanding.Retry(_world.Ledger, id, By);
        Assert.Null(commanded.Refusal);
        var e = Assert.IsType<RetryRequested>(Assert.Single(_world.Given([.. commanded.Events])));
        Assert.Equal(("ann", "mended", _world.Now), (e.Actor, e.Reason, e.At));
    }

    private void Refused(string why, Guid id)
    {
        var commanded = Commanding.Retry(_world.Ledger, id, By);
        Assert.Empty(commanded.Events);
        Assert.Contains(why, commanded.Refusal, StringComparison.Ordinal);
    }

    private IReadOnlyList<object> Attempt(Guid id) => _world.When(l => SnapshotWork.Begin(l, id, _world.Now, _world.Timings));
}
