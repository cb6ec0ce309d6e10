using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What DigitalOcean shows right before a deletion, where it is not what the log believes: then it is a matter of waiting.</summary>
public sealed class PruneSightTests
{
    private readonly World _world = new(World.Terms(keep: ["2d:1d"], regions: ["lon1"]));
    private readonly Guid _oldest;
    private readonly Guid _id;
    private readonly Guid _newest;

    public PruneSightTests()
    {
        _oldest = _world.Complete(World.Start.AddDays(-10), "nyc3", "lon1");
        _id = _world.Complete(World.Start.AddDays(-9), "nyc3", "lon1");
        _newest = _world.Complete(World.Start.AddHours(-1), "nyc3", "lon1");
        Assert.Equal(_id, Assert.IsType<SnapshotExpired>(Assert.Single(_world.Plan())).SnapshotId);
    }

    [Fact]
    public void With_everything_in_place_it_goes() => Assert.IsType<PruneAttempted>(Assert.Single(Begin(All())));

    [Fact]
    public void When_somebody_has_deleted_the_newer_one_since_it_stays()
    {
        var waits = Assert.IsType<PruneDeferred>(Assert.Single(Begin(All(except: _newest))));
        Assert.Contains("no newer snapshot of the droplet by its plan is complete", waits.Reason, StringComparison.Ordinal);
        Assert.Equal(SnapshotPhase.Expired, _world.Find(_id).Phase);
        // As soon as the comparison has found the loss, the log says so itself.
        _world.Given(NewEvent.Of(_newest, new SnapshotLost(_newest, World.Droplet, _world.Find(_newest).ImageId!.Value, _world.Now)));
        _world.Now = waits.RetryAt;
        Assert.Equal(Guard.NewestComplete, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin(All(except: _newest)))).Guard);
    }

    [Fact]
    public void When_somebody_has_deleted_the_one_that_is_kept_instead_it_stays()
    {
        var waits = Assert.IsType<PruneDeferred>(Assert.Single(Begin(All(except: _oldest))));
        Assert.Contains("the rules keep it", waits.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void When_nothing_else_is_listed_it_stays()
    {
        Assert.IsType<PruneDeferred>(Assert.Single(Begin(new HashSet<long>())));
        Assert.IsType<PruneDeferred>(Assert.Single(Later(new HashSet<long> { _world.Find(_id).ImageId!.Value })));
    }

    [Theory]
    [InlineData(-121, false)]
    [InlineData(-120, true)]
    [InlineData(120, true)]
    [InlineData(121, false)]
    public void By_a_clock_that_is_wrong_nothing_is_deleted(int offsetSeconds, bool goes)
    {
        var events = _world.When(l => PruneWork.Begin(
            l, _id, Sight.Of(l, _world.Seen(_id)) with { ClockOffset = TimeSpan.FromSeconds(offsetSeconds) }, _world.Now, _world.Timings));
        Assert.Equal(goes, Assert.Single(events) is PruneAttempted);
        Assert.Equal(!goes, events[0] is PruneDeferred waits && waits.Reason.Contains("2 min", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("just now", 0, true)]
    [InlineData("as long ago as a request may take to be sent", 60, true)]
    [InlineData("longer ago: the process stood still, or waited for the lock", 61, false)]
    public void What_was_seen_long_ago_decides_nothing(string name, int secondsAgo, bool goes)
    {
        Assert.Equal(TimeSpan.FromMinutes(1), _world.Timings.SendWindow);
        var sight = Sight.Of(_world.Ledger, _world.Seen(_id)) with { SeenAt = _world.Now.AddSeconds(-secondsAgo) };
        var decided = Assert.Single(_world.When(l => PruneWork.Begin(l, _id, sight, _world.Now, _world.Timings)));
        Assert.True(goes == decided is PruneAttempted, name);
        if (decided is PruneDeferred waits)
        {
            Assert.Contains("was seen 1 min ago", waits.Reason, StringComparison.Ordinal);
            _world.Now = waits.RetryAt;
            Assert.IsType<PruneAttempted>(Assert.Single(Begin(All())));
        }
    }

    [Theory]
    [InlineData("as long ago as requests may wait in line", 600, true)]
    [InlineData("longer ago", 601, false)]
    public void What_was_listed_long_ago_decides_nothing(string name, int secondsAgo, bool goes)
    {
        var sight = Sight.Of(_world.Ledger, _world.Seen(_id)) with { OthersSeenAt = _world.Now.AddSeconds(-secondsAgo) };
        var decided = Assert.Single(_world.When(l => PruneWork.Begin(l, _id, sight, _world.Now, _world.Timings)));
        Assert.True(goes == decided is PruneAttempted, name);
    }

    [Fact]
    public void A_clock_that_is_ahead_takes_back_no_expiry_whose_deletion_is_under_way()
    {
        Assert.IsType<PruneAttempted>(Assert.Single(Begin(All())));
        var sight = Sight.Of(_world.Ledger, _world.Seen(_id)) with { ClockOffset = TimeSpan.FromHours(-3), SeenAt = _world.Now.AddHours(3), OthersSeenAt = _world.Now.AddHours(3) };
        var decided = Assert.Single(_world.When(l => PruneWork.Begin(l, _id, sight, _world.Now.AddHours(3), _world.Timings)));
        Assert.Contains("180 min ahead of DigitalOcean's", Assert.IsType<PruneDeferred>(decided).Reason, StringComparison.Ordinal);
        Assert.Equal(SnapshotPhase.Pruning, _world.Find(_id).Phase);
    }

    [Fact]
    public void An_answer_that_does_not_name_the_droplet_proves_nothing_and_is_no_reason_to_leave_it_alone_for_ever()
    {
        var seen = _world.Seen(_id) with { DropletId = null };
        Assert.IsType<PruneDeferred>(Assert.Single(_world.When(l => PruneWork.Begin(l, _id, Sight.Of(l, seen), _world.Now, _world.Timings))));
        Assert.False(_world.Find(_id).LeftAlone);
        Assert.IsType<PruneAttempted>(Assert.Single(Later(All())));
    }

    [Fact]
    public void A_decision_from_the_future_is_as_bad_as_one_from_the_past()
    {
        _world.Now -= TimeSpan.FromMinutes(61);
        Assert.Equal(Guard.StaleDecision, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin(All()))).Guard);
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void One_that_is_in_no_plan_goes_when_a_person_says_so_unless_it_is_pinned_or_being_copied(bool pinned, bool copied, bool goes)
    {
        var manual = _world.Manual("golden", completedAt: World.Start.AddDays(-1));
        _world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now));
        _world.Given([.. pinned ? new[] { NewEvent.Of(manual, new SnapshotPinned(manual, World.Droplet, "ann", "", _world.Now)) } : []]);
        _world.Given([.. copied ? new[] { NewEvent.Of(manual, new TransferAttempted(manual, World.Droplet, "sfo3", 1, _world.Now, _world.Now)) } : []]);
        _world.Expire(manual, Origin.Manual);

        var seen = _world.Seen(manual);
        var events = _world.When(l => PruneWork.Begin(l, manual, Sight.Of(l, seen), _world.Now, _world.Timings));
        Assert.Equal(goes, Assert.Single(events) is PruneAttempted);
    }

    [Fact]
    public void One_that_was_left_alone_and_is_found_again_after_a_loss_is_like_any_other()
    {
        Begin(All());
        _world.Given(NewEvent.Of(_id, new PruneRefused(_id, World.Droplet, Guard.IdentityChanged, "", _world.Now)));
        Assert.Empty(_world.Plan());
        var seen = _world.Seen(_id);
        _world.Given(NewEvent.Of(_id, new SnapshotLost(_id, World.Droplet, seen.ImageId, _world.Now)));
        _world.When(l => Reconciliation.DecideUntagged(l, [seen], new HashSet<long>(), _world.Now, _world.Timings));
        Assert.Equal(_id, Assert.IsType<SnapshotExpired>(Assert.Single(_world.Plan())).SnapshotId);
    }

    private IReadOnlyList<object> Begin(IReadOnlySet<long> there)
    {
        var seen = _world.Seen(_id);
        return _world.When(l => PruneWork.Begin(l, _id, new PruneSight(seen, there, null, _world.Now), _world.Now, _world.Timings));
    }

    private IReadOnlyList<object> Later(IReadOnlySet<long> there)
    {
        _world.Now += TimeSpan.FromMinutes(20);
        return Begin(there);
    }

    private HashSet<long> All(Guid? except = null) =>
        [.. _world.Ledger.Snapshots.Where(s => s.ImageId is not null && s.SnapshotId != except).Select(s => s.ImageId!.Value)];
}
