using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>The last decision before a DELETE, over time: repeats, late messages, answers that never came.</summary>
public sealed class PruneBeginTests
{
    private readonly World _world = new(World.Terms(keep: ["0h:1d"]));
    private readonly Guid _id;
    private readonly Guid _newest;

    public PruneBeginTests()
    {
        _id = _world.Complete(World.Start.AddDays(-10));
        _newest = _world.Complete(World.Start.AddHours(-1));
        _world.Expire(_id);
    }

    public static TheoryData<SnapshotPhase> Phases => [.. Enum.GetValues<SnapshotPhase>()];

    [Theory]
    [MemberData(nameof(Phases))]
    public void Nothing_begins_in_another_phase_whatever_is_there(SnapshotPhase phase)
    {
        var s = EvolutionTests.At(phase);
        var seen = new ObservedSnapshot(3_000_000_002, "web-1-x", 42, World.At("2026-01-02T03:04:05Z"), 1.25m, ["nyc3"]);
        var ledger = Given.Ledger(World.Terms(), s);
        foreach (var look in new[] { seen, seen with { Name = "other" }, null })
        {
            var events = PruneWork.Begin(ledger, s.SnapshotId, Sight.Of(ledger, look), World.At("2026-01-02T04:00:00Z"), _world.Timings);
            Assert.Equal(phase is SnapshotPhase.Expired or SnapshotPhase.Pruning, events.Count == 1);
            // It is alone, so nothing may be deleted in any phase.
            Assert.DoesNotContain(events, e => e.Data is PruneAttempted);
        }
    }

    [Fact]
    public void The_youngest_acceptable_decision_is_an_hour_old()
    {
        _world.Now += TimeSpan.FromHours(1);
        Assert.IsType<PruneAttempted>(Assert.Single(Begin()));
    }

    [Fact]
    public void A_decision_that_grew_old_is_taken_back_and_made_again()
    {
        _world.Now += TimeSpan.FromHours(1) + TimeSpan.FromTicks(1);
        Assert.Equal(Guard.StaleDecision, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin())).Guard);
        // Not at once: with clocks that differ by an hour it would be withdrawn and made again every minute.
        Assert.Empty(_world.Plan());
        _world.Now += TimeSpan.FromMinutes(11);
        Assert.IsType<SnapshotExpired>(Assert.Single(_world.Plan()));
        Assert.IsType<PruneAttempted>(Assert.Single(Begin()));
    }

    [Fact]
    public void A_second_message_while_a_delete_may_be_on_its_way_sets_a_time_and_does_nothing_else()
    {
        Begin();
        var events = new List<object>();
        for (; _world.Now < World.Start.AddMinutes(6); _world.Now += TimeSpan.FromSeconds(15))
        {
            events.AddRange(Begin());
        }

        // The pruner that wrote the intent is gone. As soon as it can be seen that nothing came of it, it is tried again.
        var settled = _world.Timings.SettledAt(World.Start + _world.Timings.SendWindow);
        Assert.Equal(settled, Assert.IsType<PruneDeferred>(Assert.Single(events)).RetryAt);
        Assert.Equal(settled, Assert.Single(Sweeping.Waiting(_world.Ledger)).DueAt);
        _world.Now = settled;
        Assert.Equal(2, Assert.IsType<PruneAttempted>(Assert.Single(Begin())).Attempt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_image_that_a_delete_may_yet_take_does_not_come_back_to_count_as_one_that_stays(bool accepted)
    {
        Begin();
        if (accepted)
        {
            Record(1, DeleteResult.NotYet);
        }

        Pin();
        for (; _world.Now < World.Start.AddMinutes(10); _world.Now += TimeSpan.FromSeconds(30))
        {
            Assert.DoesNotContain(Begin(), e => e is not PruneDeferred);
            Assert.False(_world.Find(_id).IsComplete);
        }

        _world.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(Guard.Pinned, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin())).Guard);
    }

    /// <summary>Each row: what came of the attempts, one after the other; whether a 404 afterwards says that we deleted it.</summary>
    [Theory]
    [InlineData(true, DeleteResult.NotYet)]
    [InlineData(false, DeleteResult.NotDone)]
    [InlineData(false, DeleteResult.NotDone, DeleteResult.NotDone)]
    [InlineData(true, DeleteResult.NotYet, DeleteResult.NotDone)]
    [InlineData(true, DeleteResult.NotDone, DeleteResult.NotYet)]
    public void A_404_is_our_doing_only_after_an_attempt_that_may_have_been_done(bool isOurs, params DeleteResult[] results)
    {
        ArgumentNullException.ThrowIfNull(results);
        foreach (var (attempt, result) in results.Index())
        {
            Assert.IsType<PruneAttempted>(Assert.Single(Begin()));
            Record(attempt + 1, result);
            _world.Now += TimeSpan.FromMinutes(12);
        }

        var found = Assert.Single(Begin(_ => null));
        Assert.Equal(isOurs ? typeof(SnapshotPruned) : typeof(PruneDeferred), found.GetType());
        if (!isOurs)
        {
            // The decision grows old, it is taken back, and the comparison with DigitalOcean finds the image lost.
            _world.Now += TimeSpan.FromHours(2);
            Assert.Equal(Guard.StaleDecision, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin(_ => null))).Guard);
        }
    }

    [Fact]
    public void What_became_another_image_after_an_attempt_is_not_deleted_either()
    {
        Begin();
        _world.Now += TimeSpan.FromMinutes(11);
        Assert.Equal(Guard.IdentityChanged, Assert.IsType<PruneRefused>(Assert.Single(Begin(s => s with { Name = "kept-for-audit" }))).Guard);
        Assert.Empty(Begin());
    }

    [Fact]
    public void Size_and_regions_are_no_part_of_the_identity() =>
        Assert.IsType<PruneAttempted>(Assert.Single(Begin(s => s with { SizeGigabytes = 99, Regions = ["sfo3"] })));

    [Fact]
    public void A_404_before_any_attempt_is_put_off_longer_each_time_and_ends_with_the_decision()
    {
        // Each minute a message: whoever republishes at every retry must not be led round for ever.
        var events = new List<object>();
        for (var minute = 0; minute <= 70; minute++)
        {
            events.AddRange(Begin(_ => null));
            _world.Now += TimeSpan.FromMinutes(1);
        }

        Assert.InRange(events.OfType<PruneDeferred>().Count(), 4, 8);
        Assert.IsType<ExpiryWithdrawn>(events[^1]);
        Assert.Equal(events.Count - 1, events.OfType<PruneDeferred>().Count());
    }

    [Fact]
    public void A_404_for_a_droplet_that_left_its_plan_takes_the_expiry_back()
    {
        // Its snapshots are reconciled no more, so nobody would ever find the image lost.
        _world.When(l => Reconciliation.Withdraw(l, "the droplet is no more", _world.Now));
        Assert.Equal(Guard.NotEnrolled, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin(_ => null))).Guard);
        Assert.Empty(Sweeping.Waiting(_world.Ledger));
    }

    [Fact]
    public void A_404_after_an_attempt_is_the_end_even_when_something_holds_by_then()
    {
        Begin();
        Pin();
        _world.Now += TimeSpan.FromMinutes(2);
        Assert.Equal(_world.Find(_id).ImageId, Assert.IsType<SnapshotPruned>(Assert.Single(Begin(_ => null))).ImageId);
        Assert.Empty(Begin(_ => null));
    }

    [Fact]
    public void Another_plans_rules_do_not_delete()
    {
        // The droplet is in plan q by now, whose rules would let everything go.
        var q = Given.Plan(World.Terms(keep: ["0h:0h"]), "q");
        var newer = _world.Find(_newest) with { Plan = "q" };
        var ledger = _world.Ledger with { Droplet = Given.Droplet(new DropletEnrolled(World.Droplet, "web-1", "q", _world.Now)) };
        ledger = new DropletLedger(World.Droplet, ledger.Droplet, q, [_world.Find(_id), newer]);

        var events = PruneWork.Begin(ledger, _id, Sight.Of(ledger, _world.Seen(_id)), _world.Now, _world.Timings);

        Assert.Equal(Guard.NotEnrolled, Assert.IsType<ExpiryWithdrawn>(Assert.Single(events).Data).Guard);
    }

    [Fact]
    public void A_removal_by_hand_needs_no_rule_and_goes_on_in_a_pause_but_every_guard_holds()
    {
        var world = new World(World.Terms(keep: ["0h:30d"]));
        var id = world.Complete(World.Start.AddDays(-2));
        var newest = world.Complete(World.Start.AddHours(-1));
        world.GivenPlan(new PlanPaused("p", "ann", "", world.Now));
        world.Expire(id, Origin.Manual);
        world.Expire(newest, Origin.Manual);

        Assert.Equal(Guard.NewestComplete, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin(newest))).Guard);
        Assert.IsType<PruneAttempted>(Assert.Single(Begin(id)));

        IReadOnlyList<object> Begin(Guid which)
        {
            var seen = world.Seen(which);
            return world.When(l => PruneWork.Begin(l, which, Sight.Of(l, seen), world.Now, world.Timings));
        }
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void What_is_about_to_go_does_not_count_as_what_remains(int keepAtLeast, bool goes)
    {
        var world = new World(World.Terms(keep: ["0h:1d"], keepAtLeast: keepAtLeast));
        Guid[] going = [world.Complete(World.Start.AddDays(-4)), world.Complete(World.Start.AddDays(-3))];
        world.Complete(World.Start.AddHours(-2));
        world.Complete(World.Start.AddHours(-1));
        // Decided by two who did not see each other.
        world.Expire(going[0]);
        world.Expire(going[1]);
        foreach (var id in going)
        {
            var seen = world.Seen(id);
            Assert.Equal(goes, world.When(l => PruneWork.Begin(l, id, Sight.Of(l, seen), world.Now, world.Timings)) is [PruneAttempted]);
            goes |= keepAtLeast == 3;
        }
    }

    [Fact]
    public void When_the_newer_one_is_lost_after_the_decision_the_older_one_stays()
    {
        _world.Given(NewEvent.Of(_newest, new SnapshotLost(_newest, World.Droplet, _world.Find(_newest).ImageId!.Value, _world.Now)));
        Assert.Equal(Guard.NewestComplete, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin())).Guard);
    }

    [Fact]
    public void When_the_plan_changed_after_the_decision_the_new_plan_counts()
    {
        _world.GivenPlan(new PlanChanged("p", 2, World.Terms(keep: ["0h:30d"]), _world.Now));
        Assert.Equal(Guard.NoLongerExpired, Assert.IsType<ExpiryWithdrawn>(Assert.Single(Begin())).Guard);
        Assert.Empty(_world.Plan());
    }

    [Fact]
    public void A_delete_that_never_works_is_tried_ever_more_seldom()
    {
        var attempts = 0;
        var events = 0;
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            events += _world.Plan(mayRequest: false).Count;
            var begun = Begin();
            events += begun.Count;
            if (begun is [PruneAttempted attempt])
            {
                attempts++;
                events += Record(attempt.Attempt, DeleteResult.NotYet).Count;
            }

            _world.Now += TimeSpan.FromMinutes(1);
        }

        Assert.InRange(attempts, 20, 32);
        Assert.True(events <= 5 * 24, $"{events} events in a day");
    }

    private IReadOnlyList<object> Begin(Func<ObservedSnapshot, ObservedSnapshot?>? look = null)
    {
        var seen = look is null ? _world.Seen(_id) : look(_world.Seen(_id));
        return _world.When(l => PruneWork.Begin(l, _id, Sight.Of(l, seen), _world.Now, _world.Timings));
    }

    private IReadOnlyList<object> Record(int attempt, DeleteResult result) =>
        _world.When(l => PruneWork.Record(l, _id, attempt, result, "", _world.Now, _world.Timings));

    private void Pin() => _world.Given(NewEvent.Of(_id, new SnapshotPinned(_id, World.Droplet, "ann", "", _world.Now)));
}
