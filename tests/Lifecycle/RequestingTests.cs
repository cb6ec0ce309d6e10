using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>When a droplet of an anchored plan is due.</summary>
public sealed class RequestingTests
{
    [Fact]
    public void A_request_says_all_that_the_worker_and_the_log_need()
    {
        var world = new World();
        var request = Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));

        Assert.Equal(
            new SnapshotRequested(
                SnapshotIds.ForOccurrence("p", World.Droplet, World.At("2026-01-01T03:00:00Z"), World.Start), World.Droplet, "web-1",
                "web-1-autosnapshot-20260101T120000Z", "p", Origin.Plan, World.Start, World.At("2026-01-01T03:00:00Z"), 1),
            request);
    }

    [Fact]
    public void A_clock_that_was_a_month_ahead_for_a_moment_costs_no_occurrence()
    {
        var world = new World { Now = World.Start.AddDays(30) };
        var early = (SnapshotRequested)world.Plan().Single();
        world.When(l => SnapshotWork.Begin(l, early.SnapshotId, world.Now, world.Timings));
        // DigitalOcean's clock was right all the time.
        world.Now = World.Start;
        world.Given(
            NewEvent.Of(early.SnapshotId, new SnapshotStarted(early.SnapshotId, World.Droplet, 5, world.Now)),
            NewEvent.Of(early.SnapshotId, new SnapshotCompleted(early.SnapshotId, World.Droplet, 9, 1, ["nyc3"], world.Now, world.Now)));
        var made = 0;
        for (; world.Now < World.Start.AddDays(10); world.Now += TimeSpan.FromMinutes(30))
        {
            foreach (var request in world.Plan().OfType<SnapshotRequested>())
            {
                made++;
                world.Finish(request);
            }
        }

        // The early one answers today's; then one a day.
        Assert.Equal(10, made);
    }

    [Fact]
    public void What_a_clock_that_was_ahead_asked_for_and_nobody_took_is_given_up()
    {
        var world = new World { Now = World.Start.AddDays(30) };
        var early = (SnapshotRequested)world.Plan().Single();
        world.Now = World.Start;
        var events = world.Plan();
        Assert.Equal(early.SnapshotId, Assert.IsType<SnapshotFailed>(events[0]).SnapshotId);
        Assert.Equal(World.At("2026-01-01T03:00:00Z"), Assert.IsType<SnapshotRequested>(events[1]).Occurrence);
    }

    [Fact]
    public void A_droplet_that_left_and_came_back_before_the_next_occurrence_begins_anew()
    {
        var world = new World();
        var first = (SnapshotRequested)world.Plan().Single();
        world.When(l => Reconciliation.Withdraw(l, "untagged", world.Now));
        world.When(l => SnapshotWork.Begin(l, first.SnapshotId, world.Now, world.Timings));
        Assert.Equal(SnapshotPhase.Failed, world.Find(first.SnapshotId).Phase);

        world.Now += TimeSpan.FromMinutes(5);
        world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new DropletEnrolled(World.Droplet, "web-1", "p", world.Now)));

        var second = Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));
        Assert.Equal(first.Occurrence, second.Occurrence);
        Assert.NotEqual(first.SnapshotId, second.SnapshotId);
        Assert.Empty(world.Plan());
    }

    [Theory]
    [InlineData("1h", 720)]
    [InlineData("6h", 120)]
    [InlineData("1d", 30)]
    [InlineData("1w", 5)]
    public void However_creation_jitters_a_plan_makes_one_for_each_occurrence(string every, int expected)
    {
        var world = new World(World.Terms(every: every)) { Now = World.At("2026-01-01T03:00:00Z") };
        var random = new Random(7);
        var occurrences = new List<DateTimeOffset>();
        for (var end = world.Now.AddDays(30); world.Now < end; world.Now = world.Now.AddMinutes(random.Next(1, 11)))
        {
            foreach (var request in world.Plan().OfType<SnapshotRequested>())
            {
                occurrences.Add(request.Occurrence!.Value);
                world.Finish(request);
            }
        }

        Assert.Equal(expected, occurrences.Count);
        Assert.Equal(expected, occurrences.Distinct().Count());
        Assert.Equal(World.At("2026-01-01T03:00:00Z"), occurrences[0]);
        Assert.Single(occurrences.Zip(occurrences.Skip(1), (a, b) => b - a).Distinct());
    }

    [Theory]
    [InlineData("before the occurrence", "2026-01-01T02:59:59Z", true)]
    [InlineData("at the occurrence", "2026-01-01T03:00:00Z", false)]
    [InlineData("after it", "2026-01-01T11:00:00Z", false)]
    public void What_was_found_answers_an_occurrence_that_it_is_not_older_than(string name, string createdAt, bool due)
    {
        var world = new World();
        world.Complete(World.At(createdAt));
        Assert.True(due == world.Plan().OfType<SnapshotRequested>().Any(), name);
    }

    [Fact]
    public void What_is_gone_answers_nothing()
    {
        var world = new World();
        var id = world.Complete(World.At("2026-01-01T04:00:00Z"));
        Assert.Empty(world.Plan());
        world.Given(NewEvent.Of(id, new SnapshotLost(id, World.Droplet, world.Find(id).ImageId!.Value, world.Now)));
        Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));
    }

    [Fact]
    public void An_occurrence_whose_snapshot_was_given_up_lost_or_pruned_is_not_asked_for_again()
    {
        foreach (var end in new Func<Guid, object>[]
        {
            id => new SnapshotFailed(id, World.Droplet, "no", true, World.Start),
            id => new SnapshotLost(id, World.Droplet, 1, World.Start),
            id => new SnapshotPruned(id, World.Droplet, 1, World.Start),
        })
        {
            var world = new World(World.Terms(every: "1w"));
            var request = (SnapshotRequested)world.Plan().Single();
            world.Given(NewEvent.Of(request.SnapshotId, end(request.SnapshotId)));
            for (var day = 0; day < 6; day++)
            {
                Assert.Empty(world.Plan());
                world.Now += TimeSpan.FromDays(1);
            }

            world.Now += TimeSpan.FromDays(1);
            Assert.Equal(request.Occurrence!.Value.AddDays(7), Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan())).Occurrence);
        }
    }

    [Fact]
    public void A_waiting_request_is_given_up_when_another_snapshot_has_answered_its_occurrence()
    {
        // do-snapshot.py took one while ours was told that the droplet is busy: two for one slot otherwise.
        var world = new World();
        var request = (SnapshotRequested)world.Plan().Single();
        world.When(l => SnapshotWork.Begin(l, request.SnapshotId, world.Now, world.Timings));
        world.When(l => SnapshotWork.Record(l, request.SnapshotId, 1, new SendOutcome.NotYet("busy"), world.Now, world.Timings));
        world.Complete(World.At("2026-01-01T12:00:30Z"));

        var given = Assert.IsType<SnapshotFailed>(Assert.Single(world.Plan()));

        Assert.Equal((request.SnapshotId, true), (given.SnapshotId, given.Final));
        world.Now += TimeSpan.FromHours(1);
        Assert.Empty(world.When(l => SnapshotWork.Begin(l, request.SnapshotId, world.Now, world.Timings)));
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void What_is_in_flight_is_left_alone_whatever_else_appears_and_however_late_it_gets()
    {
        var world = new World();
        var request = (SnapshotRequested)world.Plan().Single();
        world.When(l => SnapshotWork.Begin(l, request.SnapshotId, world.Now, world.Timings));
        world.Complete(World.At("2026-01-01T12:00:30Z"));
        Assert.Empty(world.Plan());
        world.Now += TimeSpan.FromDays(3);
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void A_manual_snapshot_in_flight_or_waiting_does_not_stand_in_for_the_schedules()
    {
        foreach (var attempted in new[] { false, true })
        {
            var world = new World();
            var id = world.Manual("before upgrade");
            if (attempted)
            {
                world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings));
            }

            Assert.Equal("p", Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan())).Plan);
            world.Now += TimeSpan.FromDays(2);
            Assert.DoesNotContain(world.Plan().OfType<SnapshotFailed>(), e => e.SnapshotId == id);
        }
    }

    [Fact]
    public void Over_the_limit_what_is_late_is_given_up_and_what_is_due_waits()
    {
        var world = new World();
        world.Plan();
        world.Now += TimeSpan.FromDays(1);
        Assert.True(Assert.IsType<SnapshotFailed>(Assert.Single(world.Plan(mayRequest: false))).Final);
        Assert.Empty(world.Plan(mayRequest: false));
        Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));
    }

    [Fact]
    public void Ten_minutes_over_every_occurrence_nothing_is_said_twice()
    {
        // Nobody works: each day's request is superseded once and the next is asked for once.
        var world = new World { Now = World.At("2026-01-01T03:00:00Z") };
        var events = new List<object>();
        for (var minute = 0; minute < 5 * 24 * 60; minute += 10)
        {
            events.AddRange(world.Plan());
            world.Now += TimeSpan.FromMinutes(10);
        }

        Assert.Equal((5, 4), (events.OfType<SnapshotRequested>().Count(), events.OfType<SnapshotFailed>().Count()));
        Assert.Equal(9, events.Count);
    }

    [Fact]
    public void A_paused_plan_asks_for_nothing_and_resumed_for_the_latest_only()
    {
        var world = new World();
        world.Finish((SnapshotRequested)world.Plan().Single());
        world.GivenPlan(new PlanPaused("p", "ann", "", world.Now));
        world.Now += TimeSpan.FromDays(10);
        Assert.Empty(world.Plan());
        world.GivenPlan(new PlanResumed("p", "ann", "", world.Now));
        var request = Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));
        Assert.Equal((World.At("2026-01-11T03:00:00Z"), 9), (request.Occurrence!.Value, request.SkippedOccurrences));
    }

    [Fact]
    public void A_resumed_or_enrolled_again_droplet_goes_on_with_the_latest_occurrence()
    {
        var world = new World();
        world.Finish((SnapshotRequested)world.Plan().Single());
        world.When(l => Reconciliation.Withdraw(l, "untagged", world.Now));
        world.Now += TimeSpan.FromDays(3);
        Assert.Empty(world.Plan());
        world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new DropletEnrolled(World.Droplet, "front-1", "p", world.Now)));
        var request = Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));
        Assert.Equal(("front-1", 2), (request.DropletName, request.SkippedOccurrences));
    }

    [Fact]
    public void An_unknown_droplet_and_one_without_a_plan_need_nothing()
    {
        Assert.Empty(Planning.Decide(new DropletLedger(7, null, null, []), World.Start));
        Assert.Empty(Planning.Decide(new DropletLedger(World.Droplet, Given.Droplet(), null, []), World.Start));
    }
}
