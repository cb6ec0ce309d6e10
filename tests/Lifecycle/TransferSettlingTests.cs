using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What became of a copy whose outcome is unknown, where DigitalOcean says little.</summary>
public sealed class TransferSettlingTests
{
    private readonly World _world = new(World.Terms(regions: ["lon1"]));

    [Theory]
    [InlineData("the one that is known is of the other region", 6L, TransferPhase.Started)]
    [InlineData("nothing but the other region's is there", null, TransferPhase.Requested)]
    public void An_action_that_does_not_say_to_which_region_is_not_taken_for_two(string what, long? second, TransferPhase expected)
    {
        var id = _world.Complete(_world.Now.AddHours(-1));
        var image = _world.Find(id).ImageId!.Value;
        _world.Given(
            NewEvent.Of(id, new TransferRequested(id, World.Droplet, image, "lon1", Origin.Plan, _world.Now)),
            NewEvent.Of(id, new TransferAttempted(id, World.Droplet, "lon1", 1, _world.Now, _world.Now.AddMinutes(1))),
            NewEvent.Of(id, new TransferRequested(id, World.Droplet, image, "ams3", Origin.Manual, _world.Now)),
            NewEvent.Of(id, new TransferStarted(id, World.Droplet, "ams3", 5, _world.Now)));
        long[] actions = second is { } other ? [5, other] : [5];
        var started = _world.Now;
        _world.Now += TimeSpan.FromMinutes(11);

        _world.When(l => TransferWork.Settle(
            l, id, "lon1", [.. actions.Select(a => new ObservedAction(a, ActionState.InProgress, started, null))], _world.Seen(id), _world.Now, _world.Timings));

        Assert.True(expected == _world.Find(id).Transfers["lon1"].Phase, what);
        Assert.Equal(second, _world.Find(id).Transfers["lon1"].ActionId);
    }

    [Theory]
    [InlineData("a copy to this region is at work", "lon1", ActionState.InProgress, TransferPhase.Started)]
    [InlineData("one to another is", "ams3", ActionState.InProgress, TransferPhase.Attempted)]
    [InlineData("one of which it is not said where to is", null, ActionState.InProgress, TransferPhase.Attempted)]
    [InlineData("one to this region has failed", "lon1", ActionState.Errored, TransferPhase.Attempted)]
    [InlineData("one to this region has ended, and the image is not there", "lon1", ActionState.Completed, TransferPhase.Attempted)]
    public void Before_a_repeated_attempt_it_is_looked_whether_an_earlier_one_is_at_work(string what, string? region, ActionState state, TransferPhase expected)
    {
        var id = _world.Complete(_world.Now.AddHours(-1));
        var image = _world.Find(id).ImageId!.Value;
        _world.Given(NewEvent.Of(id, new TransferRequested(id, World.Droplet, image, "lon1", Origin.Plan, _world.Now)));
        Assert.False(TransferWork.IsToBeLookedForBefore(_world.Ledger, id, "lon1", _world.Now), "the first attempt needs none");
        _world.Given(
            NewEvent.Of(id, new TransferAttempted(id, World.Droplet, "lon1", 1, _world.Now, _world.Now.AddMinutes(1))),
            NewEvent.Of(id, new TransferFailed(id, World.Droplet, "lon1", "the request did not arrive at DigitalOcean", Final: false, _world.Now, _world.Now.AddMinutes(2))));
        Assert.False(TransferWork.IsToBeLookedForBefore(_world.Ledger, id, "lon1", _world.Now), "it is not due");
        _world.Now += TimeSpan.FromMinutes(2);
        Assert.True(TransferWork.IsToBeLookedForBefore(_world.Ledger, id, "lon1", _world.Now));

        _world.When(l => TransferWork.Begin(l, id, "lon1", _world.Now, _world.Timings, [new ObservedAction(7, state, _world.Now.AddMinutes(-1), region)]));

        var transfer = _world.Find(id).Transfers["lon1"];
        Assert.True(expected == transfer.Phase, what);
        Assert.Equal(expected is TransferPhase.Started ? 7 : null, transfer.ActionId);
    }
}
