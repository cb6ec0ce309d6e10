using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What the log learns from what DigitalOcean shows.</summary>
public sealed class ReconciliationTests
{
    private const string Ours = "web-1-autosnapshot-20260101T100000Z";

    private readonly World _world = new();

    [Fact]
    public void A_droplet_that_nobody_knew_joins_with_what_it_has()
    {
        var seen = Image(9, Ours);
        var events = Reconciliation.Decide(
            new DropletLedger(World.Droplet, null, null, []), Given.Plan(World.Terms()), new ObservedDroplet(World.Droplet, "web-1"), [seen],
            new HashSet<long>(), World.Start, _world.Timings);

        Assert.Equal(new DropletEnrolled(World.Droplet, "web-1", "p", World.Start), events[0].Data);
        Assert.Equal(Streams.OfDroplet(World.Droplet), events[0].Stream);
        var found = Assert.IsType<SnapshotDiscovered>(events[1].Data);
        Assert.Equal(
            (SnapshotIds.ForImage(9), World.Droplet, 9L, Ours, "p", seen.CreatedAt, World.Start),
            (found.SnapshotId, found.DropletId, found.ImageId, found.SnapshotName, found.Plan, found.CreatedAt, found.At));
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public void The_same_view_again_teaches_nothing()
    {
        ObservedSnapshot[] listed = [Image(9, Ours), Image(10, "golden"), Image(11, "front-1-autosnapshot-20260101T100000Z")];
        Assert.NotEmpty(Reconcile("front-1", listed));
        for (var round = 0; round < 5; round++)
        {
            _world.Now += TimeSpan.FromDays(1);
            Assert.Empty(Reconcile("front-1", listed));
        }
    }

    [Fact]
    public void Names_from_any_earlier_name_stay_the_droplets_own()
    {
        Reconcile("front-1", []);
        Reconcile("back-1", []);
        _world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now));
        var events = Reconcile("side-1",
        [
            Image(1, Ours), Image(2, "front-1-autosnapshot-20260101T100000Z"), Image(3, "back-1-autosnapshot-20260101T100000Z"),
            Image(4, "side-1-autosnapshot-20260101T100000Z"), Image(5, "top-1-autosnapshot-20260101T100000Z"),
        ]);
        Assert.Equal([1L, 2L, 3L, 4L], events.OfType<SnapshotDiscovered>().Select(e => e.ImageId));
        Assert.Equal(("back-1", "side-1"), Assert.Single(events.OfType<DropletRenamed>().Select(e => (e.OldName, e.NewName))));
        Assert.Equal("side-1", Assert.Single(events.OfType<DropletEnrolled>()).DropletName);
    }

    [Fact]
    public void A_droplet_leaves_once_and_may_come_back()
    {
        var left = Assert.Single(_world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now)));
        Assert.Equal(new DropletWithdrawn(World.Droplet, "p", "untagged", _world.Now), left);
        Assert.Empty(_world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now)));
        Assert.Empty(Reconciliation.Withdraw(new DropletLedger(7, null, null, []), "gone", _world.Now));
        Assert.IsType<DropletEnrolled>(Assert.Single(Reconcile("web-1", [])));
        Assert.Empty(Reconcile("web-1", []));
    }

    [Theory]
    [InlineData(false, "the droplet is no more")]
    [InlineData(true, "the droplet is there after all, and in no plan")]
    public void One_that_left_is_destroyed_or_there_after_all_unless_a_plan_has_it_again(bool isThere, string reason)
    {
        Assert.Empty(_world.When(l => Reconciliation.LeaveAgain(l, "p", isThere, _world.Now)));
        Assert.Empty(Reconciliation.LeaveAgain(new DropletLedger(7, null, null, []), "p", isThere, _world.Now));
        _world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now));
        var noted = Assert.Single(_world.When(l => Reconciliation.LeaveAgain(l, "p", isThere, _world.Now)));
        Assert.Equal(new DropletWithdrawn(World.Droplet, "p", reason, _world.Now), noted);
    }

    [Theory]
    [InlineData("another droplet's", World.Droplet + 1, Ours)]
    [InlineData("nobody's", null, Ours)]
    [InlineData("made by hand", World.Droplet, "web-1-before-upgrade")]
    [InlineData("a copy of ours", World.Droplet, Ours + "-copy")]
    [InlineData("of a droplet with a longer name", World.Droplet, "web-10-autosnapshot-20260101T100000Z")]
    public void What_is_foreign_is_never_spoken_of(string name, long? droplet, string image)
    {
        Assert.True(Reconcile("web-1", [Image(9, image) with { DropletId = droplet }]).Count == 0, name);
        Assert.Empty(_world.Ledger.Snapshots);
    }

    [Theory]
    [InlineData(SnapshotPhase.Requested, false)]
    [InlineData(SnapshotPhase.Attempted, true)]
    [InlineData(SnapshotPhase.Started, true)]
    [InlineData(SnapshotPhase.Failed, true)]
    public void An_image_of_the_name_that_was_asked_for_completes_its_own_stream(SnapshotPhase phase, bool completes)
    {
        var id = Asked(phase);
        var events = Reconcile("web-1", [Image(9, _world.Find(id).Name)]);
        // A request that was never sent has made nothing: then the image is somebody else's, with the plan's name.
        Assert.Equal(completes, Assert.Single(events) is SnapshotCompleted { ImageId: 9 } e && e.SnapshotId == id);
        Assert.Equal(!completes, events[0] is SnapshotDiscovered);
        Assert.Empty(Reconcile("web-1", [Image(9, _world.Find(id).Name)]));
    }

    [Fact]
    public void Of_two_images_with_the_awaited_name_one_completes_it_and_the_other_is_found()
    {
        var id = Asked(SnapshotPhase.Started);
        ObservedSnapshot[] listed = [Image(9, _world.Find(id).Name), Image(10, _world.Find(id).Name)];
        Assert.Equal(9, Assert.IsType<SnapshotCompleted>(Assert.Single(Reconcile("web-1", listed))).ImageId);
        Assert.Equal(10, Assert.IsType<SnapshotDiscovered>(Assert.Single(Reconcile("web-1", listed))).ImageId);
        Assert.Empty(Reconcile("web-1", listed));
    }

    [Fact]
    public void An_image_that_two_pages_show_is_found_once() =>
        Assert.Single(Reconcile("web-1", [Image(9, Ours), Image(9, Ours)]));

    [Fact]
    public void A_name_that_a_person_gave_before_does_not_complete_the_new_request()
    {
        var id = _world.Manual("before upgrade");
        _world.When(l => SnapshotWork.Begin(l, id, _world.Now, _world.Timings));
        Assert.Empty(Reconcile("web-1", [Image(9, "before upgrade") with { CreatedAt = World.Start.AddMonths(-3) }]));
        var completed = Assert.IsType<SnapshotCompleted>(Assert.Single(Reconcile("web-1", [Image(10, "before upgrade")])));
        Assert.Equal((id, 10L), (completed.SnapshotId, completed.ImageId));
    }

    [Theory]
    [InlineData(SnapshotPhase.Complete, true)]
    [InlineData(SnapshotPhase.Expired, true)]
    [InlineData(SnapshotPhase.Pruning, false)]
    [InlineData(SnapshotPhase.Pruned, false)]
    [InlineData(SnapshotPhase.Lost, false)]
    public void What_is_certainly_gone_is_lost_unless_it_is_the_pruners(SnapshotPhase phase, bool lost)
    {
        var id = Had(phase);
        var image = _world.Find(id).ImageId!.Value;
        Assert.Empty(Reconcile("web-1", []));
        Assert.Empty(Reconcile("web-1", [], image + 1));
        Assert.Equal(lost, Reconcile("web-1", [], image) is [SnapshotLost e] && e.SnapshotId == id && e.ImageId == image);
        Assert.Empty(Reconcile("web-1", [], image));
    }

    [Theory]
    [InlineData(SnapshotPhase.Complete, false)]
    [InlineData(SnapshotPhase.Expired, false)]
    [InlineData(SnapshotPhase.Pruning, false)]
    [InlineData(SnapshotPhase.Pruned, false)]
    [InlineData(SnapshotPhase.Lost, true)]
    public void An_old_listing_brings_back_only_what_was_lost(SnapshotPhase phase, bool back)
    {
        var id = Had(phase);
        var seen = _world.Seen(id);
        Assert.Equal(back, Reconcile("web-1", [seen]) is [SnapshotDiscovered e] && e.SnapshotId == id);
        Assert.Equal(back || phase is SnapshotPhase.Complete, _world.Find(id).IsComplete);
        Assert.Empty(Reconcile("web-1", [seen]));
    }

    [Fact]
    public void A_copy_that_somebody_else_made_is_learnt_and_not_asked_for()
    {
        var world = new World(World.Terms(regions: ["lon1"]));
        var id = world.Complete(World.Start.AddHours(-1));
        var seen = world.Seen(id) with { Regions = ["nyc3", "lon1"] };
        var copied = Assert.IsType<TransferCompleted>(Assert.Single(Reconcile(world, seen)));
        Assert.Equal((id, "lon1"), (copied.SnapshotId, copied.Region));
        Assert.Empty(Reconcile(world, seen));
        Assert.Empty(world.Plan());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_transfer_of_ours_that_is_at_work_only_its_follower_says_that_it_is_done(bool started)
    {
        var world = new World(World.Terms(regions: ["lon1"]));
        var id = world.Complete(World.Start.AddHours(-1));
        world.Plan();
        world.Given(NewEvent.Of(id, new TransferAttempted(id, World.Droplet, "lon1", 1, world.Now, world.Now)));
        world.Given([.. started ? new[] { NewEvent.Of(id, new TransferStarted(id, World.Droplet, "lon1", 5, world.Now)) } : []]);
        Assert.Empty(Reconcile(world, world.Seen(id) with { Regions = ["nyc3", "lon1"] }));
    }

    [Fact]
    public void A_copy_that_was_lost_with_its_snapshot_and_did_not_come_back_with_it_is_asked_for_again()
    {
        var world = new World(World.Terms(regions: ["lon1"]));
        var id = world.Complete(World.Start.AddHours(-1));
        var seen = world.Seen(id);
        world.Plan();
        world.Given(
            NewEvent.Of(id, new TransferCompleted(id, World.Droplet, "lon1", world.Now)),
            NewEvent.Of(id, new SnapshotLost(id, World.Droplet, seen.ImageId, world.Now)));
        Assert.IsType<SnapshotDiscovered>(Assert.Single(Reconcile(world, seen)));
        Assert.Equal("lon1", Assert.IsType<TransferRequested>(Assert.Single(world.Plan())).Region);
        Assert.Equal(TransferPhase.Requested, world.Find(id).Transfers["lon1"].Phase);
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void A_droplet_that_another_plan_claims_leaves_the_one_it_was_in()
    {
        var events = _world.When(l => Reconciliation.Decide(
            l, Given.Plan(World.Terms(), "q"), new ObservedDroplet(World.Droplet, "web-1"), [], new HashSet<long>(), _world.Now, _world.Timings));
        Assert.Equal("p", Assert.IsType<DropletWithdrawn>(events[0]).Plan);
        Assert.Equal("q", Assert.IsType<DropletEnrolled>(events[1]).Plan);
        Assert.Equal("q", _world.Ledger.Droplet!.Plan);
    }

    [Fact]
    public void Of_a_droplet_without_the_tag_it_is_learnt_what_became_of_what_it_had_and_nothing_is_taken_over()
    {
        var lost = _world.Complete(World.Start.AddDays(-2));
        var kept = _world.Complete(World.Start.AddDays(-1));
        _world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now));
        var image = _world.Find(lost).ImageId!.Value;
        var back = _world.Seen(lost);
        ObservedSnapshot[] there = [_world.Seen(kept), Image(99, Ours)];

        Assert.Equal(lost, Assert.IsType<SnapshotLost>(Assert.Single(Untagged(there, image))).SnapshotId);
        Assert.Empty(Untagged(there, image));
        Assert.Equal(lost, Assert.IsType<SnapshotDiscovered>(Assert.Single(Untagged([back, .. there]))).SnapshotId);
        Assert.Empty(Untagged([back, .. there]));
    }

    [Fact]
    public void A_manual_snapshot_that_is_found_again_is_no_members_of_the_plan()
    {
        var id = _world.Manual("golden", completedAt: World.Start.AddDays(-9));
        var seen = _world.Seen(id);
        _world.Given(NewEvent.Of(id, new SnapshotLost(id, World.Droplet, seen.ImageId, _world.Now)));
        Assert.IsType<SnapshotDiscovered>(Assert.Single(Reconcile("web-1", [seen])));
        Assert.Equal((null, Origin.Manual), (_world.Find(id).Plan, _world.Find(id).Origin));
    }

    [Fact]
    public void A_plan_that_was_never_stated_is_an_error() => Assert.Throws<InvalidOperationException>(() => Reconciliation.Decide(
        _world.Ledger, new PlanFacts { Id = "plan/q", Name = "q" }, new ObservedDroplet(World.Droplet, "web-1"), [], new HashSet<long>(), World.Start, _world.Timings));

    private Guid Asked(SnapshotPhase phase)
    {
        var id = ((SnapshotRequested)_world.Plan().Single()).SnapshotId;
        object[] events = phase switch
        {
            SnapshotPhase.Requested => [],
            SnapshotPhase.Attempted => [Attempted()],
            SnapshotPhase.Started => [Attempted(), new SnapshotStarted(id, World.Droplet, 5, _world.Now)],
            _ => [Attempted(), new SnapshotFailed(id, World.Droplet, "never listed", true, _world.Now)],
        };
        _world.Given([.. events.Select(e => NewEvent.Of(id, e))]);
        return id;

        object Attempted() => new SnapshotAttempted(id, World.Droplet, 1, _world.Now, _world.Now);
    }

    private Guid Had(SnapshotPhase phase)
    {
        var id = _world.Complete(World.Start.AddDays(-1));
        var image = _world.Find(id).ImageId!.Value;
        object? last = phase switch
        {
            SnapshotPhase.Pruning => new PruneAttempted(id, World.Droplet, image, 1, _world.Now, _world.Now),
            SnapshotPhase.Pruned => new SnapshotPruned(id, World.Droplet, image, _world.Now),
            SnapshotPhase.Lost => new SnapshotLost(id, World.Droplet, image, _world.Now),
            _ => null,
        };
        if (phase is not SnapshotPhase.Complete)
        {
            _world.Expire(id);
        }

        _world.Given([.. last is null ? Array.Empty<NewEvent>() : [NewEvent.Of(id, last)]]);
        Assert.Equal(phase, _world.Find(id).Phase);
        return id;
    }

    private IReadOnlyList<object> Reconcile(string name, ObservedSnapshot[] listed, params long[] gone) => _world.When(l => Reconciliation.Decide(
        l, Given.Plan(World.Terms()), new ObservedDroplet(World.Droplet, name), listed, gone.ToHashSet(), _world.Now, _world.Timings));

    private static IReadOnlyList<object> Reconcile(World world, params ObservedSnapshot[] listed) => world.When(l => Reconciliation.Decide(
        l, l.PlanFacts!, new ObservedDroplet(World.Droplet, "web-1"), listed, new HashSet<long>(), world.Now, world.Timings));

    private IReadOnlyList<object> Untagged(ObservedSnapshot[] listed, params long[] gone) =>
        _world.When(l => Reconciliation.DecideUntagged(l, listed, gone.ToHashSet(), _world.Now, _world.Timings));

    private static ObservedSnapshot Image(long image, string name) => new(image, name, World.Droplet, World.Start.AddSeconds(5), 1, ["nyc3"]);
}
