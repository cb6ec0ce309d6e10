using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>
/// An attempt of which nothing was found has perhaps had its effect after all, unseen. The next attempt must not double it.
/// </summary>
public sealed class UncertainAttemptTests
{
    private readonly World _world = new();
    private readonly Guid _id;

    public UncertainAttemptTests()
    {
        _id = ((SnapshotRequested)_world.Plan().Single()).SnapshotId;
        Begin();
        _world.Now += TimeSpan.FromMinutes(11);
        var failed = Assert.IsType<SnapshotFailed>(Assert.Single(
            _world.When(l => SnapshotWork.Settle(l, _id, [], [], _world.Now, _world.Timings))));
        Assert.True(failed.Uncertain);
        Assert.False(SnapshotWork.IsToBeLookedForBefore(_world.Find(_id), _world.Now));
        _world.Now = failed.RetryAt!.Value;
        Assert.True(SnapshotWork.IsToBeLookedForBefore(_world.Find(_id), _world.Now));
    }

    [Fact]
    public void An_image_that_was_listed_in_the_meantime_ends_it()
    {
        var completed = Assert.IsType<SnapshotCompleted>(Assert.Single(Begin(Image(9))));
        Assert.Equal((9L, 1), (completed.ImageId, _world.Find(_id).Attempts));
    }

    [Fact]
    public void Without_one_it_is_tried_again()
    {
        var attempt = Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(Image(9) with { Name = "golden" })));
        Assert.Equal(2, attempt.Attempt);
    }

    [Fact]
    public void A_droplet_that_is_busy_may_be_busy_with_the_earlier_attempt()
    {
        Begin();
        var adopted = Assert.IsType<SnapshotStarted>(Assert.Single(Busy(2, new ObservedAction(5, ActionState.InProgress, World.Start, null))));
        Assert.Equal((5L, true), (adopted.ActionId, adopted.Provisional));
        Assert.IsType<SnapshotCompleted>(Assert.Single(
            _world.When(l => SnapshotWork.Follow(l, _id, ActionState.Completed, [Image(9)], _world.Now, _world.Timings))));
    }

    [Theory]
    [InlineData("ended", ActionState.Completed, 0, 0)]
    [InlineData("from before the request", ActionState.InProgress, -121, 0)]
    [InlineData("from before the request by a clock that is ahead", ActionState.InProgress, 479, 600)]
    public void What_cannot_be_the_earlier_attempt_is_not_adopted(string name, ActionState state, int seconds, int offset)
    {
        Begin();
        var action = new ObservedAction(5, state, World.Start.AddSeconds(seconds), null);
        Assert.True(Busy(2, action, TimeSpan.FromSeconds(offset)).Count == 0, name);
    }

    [Fact]
    public void What_is_another_snapshots_is_not_adopted()
    {
        Begin();
        var other = SnapshotIds.ForImage(77);
        _world.Given(
            NewEvent.Of(other, new SnapshotRequested(other, World.Droplet, "web-1", "golden", null, Origin.Manual, World.Start)),
            NewEvent.Of(other, new SnapshotAttempted(other, World.Droplet, 1, World.Start, World.Start)),
            NewEvent.Of(other, new SnapshotStarted(other, World.Droplet, 5, World.Start)));
        Assert.Empty(Busy(2, new ObservedAction(5, ActionState.InProgress, World.Start, null)));
    }

    [Fact]
    public void A_refusal_is_certain_and_then_whatever_runs_is_somebody_elses()
    {
        var world = new World();
        var id = ((SnapshotRequested)world.Plan().Single()).SnapshotId;
        world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings));
        world.When(l => SnapshotWork.Record(l, id, 1, new SendOutcome.NotYet("busy"), world.Now, world.Timings));
        world.Now += TimeSpan.FromMinutes(1);
        Assert.False(world.Find(id).Uncertain);
        world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings));
        Assert.Empty(world.When(l => SnapshotWork.AdoptBusy(
            l, id, 2, [new ObservedAction(5, ActionState.InProgress, world.Now, null)], TimeSpan.Zero, world.Timings)));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public void An_action_is_found_by_the_clock_that_stamped_it(int offsetSeconds)
    {
        var world = new World();
        var id = ((SnapshotRequested)world.Plan().Single()).SnapshotId;
        world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings));
        world.Now += TimeSpan.FromMinutes(11);
        var offset = TimeSpan.FromSeconds(offsetSeconds);
        ObservedAction[] actions = [new(5, ActionState.InProgress, World.Start + offset, null)];
        Assert.IsType<SnapshotStarted>(Assert.Single(
            world.When(l => SnapshotWork.Settle(l, id, actions, [], world.Now, world.Timings, offset))));
    }

    /// <summary>Who looks may be another replica than who sent: one clock is ahead, and the other behind, each by no more than it may be.</summary>
    [Theory]
    [InlineData(110, -110)]
    [InlineData(-110, 110)]
    public void An_action_is_found_whoevers_clock_stamped_the_attempt(int senderAhead, int lookerAhead)
    {
        var world = new World();
        var id = ((SnapshotRequested)world.Plan().Single()).SnapshotId;
        world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings));
        world.Now += TimeSpan.FromMinutes(11);
        ObservedAction[] actions = [new(5, ActionState.InProgress, World.Start.AddSeconds(-senderAhead), null)];
        Assert.IsType<SnapshotStarted>(Assert.Single(
            world.When(l => SnapshotWork.Settle(l, id, actions, [], world.Now, world.Timings, TimeSpan.FromSeconds(-lookerAhead)))));
    }

    private IReadOnlyList<object> Begin(params ObservedSnapshot[] listed) =>
        _world.When(l => SnapshotWork.Begin(l, _id, _world.Now, _world.Timings, listed));

    private IReadOnlyList<object> Busy(int attempt, ObservedAction action, TimeSpan offset = default) =>
        _world.When(l => SnapshotWork.AdoptBusy(l, _id, attempt, [action], offset, _world.Timings));

    private ObservedSnapshot Image(long image) => new(image, _world.Find(_id).Name, World.Droplet, World.Start.AddSeconds(5), 2, ["nyc3"]);
}
