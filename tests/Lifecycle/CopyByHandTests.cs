using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>A copy that a person asked for and that is not made yet holds a rule, and not the person.</summary>
public sealed class CopyByHandTests
{
    private readonly World _world = new(World.Terms(keep: ["0d:30d"]));

    [Fact]
    public void A_rule_waits_for_the_copy_and_a_person_need_not()
    {
        var (old, _) = (_world.Complete(_world.Now.AddDays(-40)), _world.Complete(_world.Now.AddHours(-1)));
        _world.Given(NewEvent.Of(old, new TransferRequested(old, World.Droplet, _world.Find(old).ImageId!.Value, "fra1", Origin.Manual, _world.Now)));
        Assert.DoesNotContain(_world.Plan(), e => e is SnapshotExpired);
        Assert.Equal(Guard.TransferRunning, _world.Find(old).HeldBy);
        Assert.Null(Commanding.Expire(_world.Ledger, old, new CommandedBy("ann", "r", _world.Now)).Refusal);

        _world.Given(NewEvent.Of(old, new TransferFailed(old, World.Droplet, "fra1", "no such region", true, _world.Now, null)));
        Assert.Contains(_world.Plan(), e => e is SnapshotExpired);
    }
}
