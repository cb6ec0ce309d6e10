using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>A droplet with the tags of several plans: snapshots go on, nothing expires, and the log says so.</summary>
public sealed class OverlapTests
{
    private readonly World _world = new(World.Terms(keep: ["0h:1d"]));
    private readonly PlanFacts _p = Given.Plan(World.Terms(keep: ["0h:1d"]));
    private readonly PlanFacts _q = Given.Plan(World.Terms(keep: ["0h:0h"]) with { Tag = "q", Prefix = "q-" }, "q");
    private readonly PlanFacts _a = Given.Plan(World.Terms() with { Tag = "a", Prefix = "a-" }, "a");

    public OverlapTests() => _world.GivenPlan(new PlanChanged("q", 1, _q.Terms!, World.Start), "q");

    [Fact]
    public void It_is_noted_when_it_begins_when_it_changes_and_when_it_ends()
    {
        Assert.Empty(Seen(_p));
        Assert.Equal(["p", "q"], Assert.IsType<PlansOverlapped>(Assert.Single(Seen(_q, _p))).Plans);
        Assert.Empty(Seen(_p, _q));
        Assert.Equal(["a", "p", "q"], Assert.IsType<PlansOverlapped>(Assert.Single(Seen(_p, _q, _a))).Plans);
        Assert.True(_world.Ledger.Overlaps);
        Assert.Equal("p", _world.Ledger.Droplet!.Plan);
        Assert.IsType<OverlapResolved>(Assert.Single(Seen(_p)));
        Assert.False(_world.Ledger.Overlaps);
        Assert.Empty(Seen(_p));
    }

    [Fact]
    public void A_new_droplet_joins_the_first_of_them_by_name()
    {
        _world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now));
        var events = Seen(_q, _p);
        Assert.Equal("p", Assert.IsType<DropletEnrolled>(events[0]).Plan);
        Assert.Equal(["p", "q"], Assert.IsType<PlansOverlapped>(events[1]).Plans);
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public void One_that_leaves_its_plan_leaves_the_overlap_with_it()
    {
        Seen(_p, _q);
        Assert.Equal([typeof(DropletWithdrawn), typeof(DropletEnrolled)], Seen(_q).Select(e => e.GetType()));
        Assert.False(_world.Ledger.Overlaps);
        Assert.Empty(Seen(_q));

        Seen(_p, _q);
        Assert.True(_world.Ledger.Overlaps);
        _world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now));
        Assert.False(_world.Ledger.Overlaps);
    }

    [Fact]
    public void Snapshots_and_copies_go_on_and_nothing_expires()
    {
        var old = _world.Complete(World.Start.AddDays(-3));
        _world.Complete(World.Start.AddDays(-2));
        Seen(_p, _q);

        Assert.Equal("p", Assert.IsType<SnapshotRequested>(Assert.Single(_world.Plan())).Plan);
        _world.Now += TimeSpan.FromDays(1);
        Assert.DoesNotContain(_world.Plan(), e => e is SnapshotExpired or ExpiryHeld);

        Seen(_p);
        Assert.Contains(_world.Plan(), e => e is SnapshotExpired expired && expired.SnapshotId == old);
    }

    [Fact]
    public void What_a_former_plan_left_does_not_expire_either()
    {
        var q = _q.Terms! with { Orphans = OrphanHandling.Apply };
        _world.GivenPlan(new PlanChanged("q", 2, q, World.Start), "q");
        foreach (var days in new[] { 3, 2 })
        {
            var id = Guid.NewGuid();
            _world.Given(NewEvent.Of(id, new SnapshotDiscovered(
                id, World.Droplet, "web-1", 90 + days, $"q-{days}", "q", 1, ["nyc3"], World.Start.AddDays(-days), World.Start)));
        }

        Seen(_p, _q);
        Assert.DoesNotContain(_world.Plan(), e => e is SnapshotExpired);
        Seen(_p);
        Assert.Equal("q", Assert.Single(_world.Plan().OfType<SnapshotExpired>()).Plan);
    }

    [Fact]
    public void An_expiry_that_was_decided_before_is_taken_back_and_one_by_hand_is_not()
    {
        var (old, older) = (_world.Complete(World.Start.AddDays(-3)), _world.Complete(World.Start.AddDays(-4)));
        _world.Complete(World.Start.AddHours(-1));
        _world.Expire(old);
        _world.Expire(older, Origin.Manual);
        Seen(_p, _q);

        var withdrawn = Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin(old)));
        Assert.Equal((Guard.Overlap, "the droplet carries the tags of plans 'p', 'q'"), (withdrawn.Guard, withdrawn.Why));
        Assert.Equal(SnapshotPhase.Complete, _world.Find(old).Phase);
        Assert.IsType<PruneAttempted>(Assert.Single(Begin(older)));
    }

    [Fact]
    public void Without_a_claim_there_is_nothing_to_decide() => Assert.Throws<ArgumentException>(() => Seen());

    private IReadOnlyList<object> Seen(params PlanFacts[] claims) => _world.When(l => Reconciliation.Decide(
        l, claims, new ObservedDroplet(World.Droplet, "web-1"), [], new HashSet<long>(), _world.Now, _world.Timings));

    private IReadOnlyList<object> Begin(Guid id) =>
        _world.When(l => PruneWork.Begin(l, id, Sight.Of(l, _world.Seen(id)), _world.Now, _world.Timings));
}
