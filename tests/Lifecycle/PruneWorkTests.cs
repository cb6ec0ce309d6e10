using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>The last decision before a DELETE.</summary>
public sealed class PruneWorkTests
{
    private static readonly DateTimeOffset Old = World.Start.AddDays(-10);

    public static TheoryData<string, Guard> Holding => new()
    {
        { "pinned", Guard.Pinned },
        { "the newest complete one", Guard.NewestComplete },
        { "too few would remain", Guard.KeepAtLeast },
        { "the newest copy in a wanted region", Guard.NewestInRegion },
        { "a transfer is running", Guard.TransferRunning },
        { "decided more than an hour ago", Guard.StaleDecision },
        { "the rules keep it by now", Guard.NoLongerExpired },
        { "the droplet is paused", Guard.Paused },
        { "the droplet left the plan", Guard.NotEnrolled },
    };

    [Fact]
    public void An_expired_snapshot_that_nothing_holds_gets_its_intent()
    {
        var (world, id) = Expired(World.Terms(keep: ["0h:1d"]));

        var attempt = Assert.IsType<PruneAttempted>(Assert.Single(Begin(world, id)));

        Assert.Equal(world.Find(id).ImageId, attempt.ImageId);
        Assert.Equal(1, attempt.Attempt);
        Assert.Equal(world.Now + world.Timings.SendWindow, attempt.SendBefore);
        Assert.Empty(Begin(world, id));
    }

    [Theory]
    [MemberData(nameof(Holding))]
    public void Whatever_holds_takes_the_expiry_back(string name, Guard guard)
    {
        var terms = guard switch
        {
            Guard.KeepAtLeast => World.Terms(keep: ["0h:1d"], keepAtLeast: 2),
            Guard.NewestInRegion => World.Terms(keep: ["0h:1d"], regions: ["lon1"]),
            Guard.NoLongerExpired => World.Terms(keep: ["0h:30d"]),
            _ => World.Terms(keep: ["0h:1d"]),
        };
        var (world, id) = Expired(terms, newer: guard is not Guard.NewestComplete);
        switch (guard)
        {
            case Guard.Pinned:
                world.Given(NewEvent.Of(id, new SnapshotPinned(id, World.Droplet, "ann", "release", world.Now)));
                break;
            case Guard.TransferRunning:
                world.Given(NewEvent.Of(id, new TransferAttempted(id, World.Droplet, "sfo3", 1, world.Now, world.Now.AddMinutes(1))));
                break;
            case Guard.StaleDecision:
                world.Now += TimeSpan.FromMinutes(61);
                break;
            case Guard.Paused:
                world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new DropletPaused(World.Droplet, "ann", "move", world.Now)));
                break;
            case Guard.NotEnrolled:
                world.When(ledger => Reconciliation.Withdraw(ledger, "untagged", world.Now));
                break;
            default:
                break;
        }

        var withdrawn = Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin(world, id)));

        Assert.True(withdrawn.Guard == guard, $"{name}: {withdrawn}");
        Assert.Equal(SnapshotPhase.Complete, world.Find(id).Phase);
        Assert.Empty(Begin(world, id));
    }

    [Theory]
    [InlineData("another id")]
    [InlineData("another name")]
    [InlineData("another droplet")]
    [InlineData("another creation time")]
    public void What_is_not_exactly_what_was_recorded_is_refused_for_good(string difference)
    {
        var (world, id) = Expired(World.Terms(keep: ["0h:1d"]));
        var seen = world.Seen(id);
        seen = difference switch
        {
            "another id" => seen with { ImageId = seen.ImageId + 1 },
            "another name" => seen with { Name = seen.Name + "x" },
            "another droplet" => seen with { DropletId = World.Droplet + 1 },
            _ => seen with { CreatedAt = seen.CreatedAt.AddSeconds(1) },
        };

        var events = world.When(ledger => PruneWork.Begin(ledger, id, Sight.Of(ledger, seen), world.Now, world.Timings));

        Assert.Equal(Guard.IdentityChanged, Assert.IsType<PruneRefused>(Assert.Single(events)).Guard);
        Assert.True(world.Find(id).LeftAlone);
        // And the planner does not expire it again.
        Assert.DoesNotContain(world.Plan(), e => e is SnapshotExpired);
    }

    [Fact]
    public void A_404_proves_nothing_before_a_delete_of_ours_and_everything_after_it()
    {
        var (world, id) = Expired(World.Terms(keep: ["0h:1d"]));

        Assert.IsType<PruneDeferred>(Assert.Single(Begin(world, id, gone: true)));
        world.Now += TimeSpan.FromMinutes(5);
        Assert.IsType<PruneAttempted>(Assert.Single(Begin(world, id)));
        world.Now += TimeSpan.FromMinutes(2);
        Assert.IsType<SnapshotPruned>(Assert.Single(Begin(world, id, gone: true)));
        Assert.Empty(Begin(world, id, gone: true));
    }

    [Theory]
    [InlineData(SnapshotPhase.Complete)]
    [InlineData(SnapshotPhase.Pruned)]
    [InlineData(SnapshotPhase.Lost)]
    public void A_message_for_a_snapshot_that_is_not_expired_leads_to_nothing(SnapshotPhase phase)
    {
        var (world, id) = Expired(World.Terms(keep: ["0h:1d"]));
        var seen = world.Seen(id);
        world.Given(NewEvent.Of(id, phase switch
        {
            SnapshotPhase.Complete => new ExpiryWithdrawn(id, World.Droplet, Guard.Pinned, "", world.Now),
            SnapshotPhase.Pruned => new SnapshotPruned(id, World.Droplet, seen.ImageId, world.Now),
            _ => new SnapshotLost(id, World.Droplet, seen.ImageId, world.Now),
        }));

        Assert.Empty(world.When(ledger => PruneWork.Begin(ledger, id, Sight.Of(ledger, seen), world.Now, world.Timings)));
        Assert.Empty(world.When(ledger => PruneWork.Begin(ledger, Guid.NewGuid(), Sight.Of(ledger, seen), world.Now, world.Timings)));
    }

    [Theory]
    [InlineData(DeleteResult.Gone, typeof(SnapshotPruned))]
    [InlineData(DeleteResult.NotYet, typeof(PruneDeferred))]
    [InlineData(DeleteResult.Refused, typeof(PruneRefused))]
    public void The_outcome_is_recorded_once_and_for_its_own_attempt_only(DeleteResult result, Type expected)
    {
        var (world, id) = Expired(World.Terms(keep: ["0h:1d"]));
        Begin(world, id);

        Assert.Empty(Record(2));
        Assert.IsType(expected, Assert.Single(Record(1)));
        if (result is not DeleteResult.NotYet)
        {
            Assert.Empty(Record(1));
        }

        IReadOnlyList<object> Record(int attempt) =>
            world.When(ledger => PruneWork.Record(ledger, id, attempt, result, "", world.Now, world.Timings));
    }

    private static (World World, Guid Id) Expired(PlanTerms terms, bool newer = true)
    {
        var world = new World(terms);
        var id = world.Complete(Old, "nyc3", "lon1");
        if (newer)
        {
            world.Complete(World.Start.AddHours(-1), "nyc3");
        }

        world.Expire(id);
        return (world, id);
    }

    private static IReadOnlyList<object> Begin(World world, Guid id, bool gone = false)
    {
        var seen = gone ? null : world.Seen(id);
        return world.When(ledger => PruneWork.Begin(ledger, id, Sight.Of(ledger, seen), world.Now, world.Timings));
    }
}
