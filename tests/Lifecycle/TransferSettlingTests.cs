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
}
