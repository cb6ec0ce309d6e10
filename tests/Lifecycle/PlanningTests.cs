using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What the planner asks for, transfers and lets go.</summary>
public sealed class PlanningTests
{
    [Fact]
    public void Deciding_every_minute_while_a_snapshot_takes_an_hour_makes_exactly_one()
    {
        var world = new World();
        var request = Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));
        world.Given(
            NewEvent.Of(request.SnapshotId, new SnapshotAttempted(request.SnapshotId, World.Droplet, 1, world.Now, world.Now.AddMinutes(1))),
            NewEvent.Of(request.SnapshotId, new SnapshotStarted(request.SnapshotId, World.Droplet, 1, world.Now)));

        for (var minute = 0; minute < 60; minute++)
        {
            world.Now += TimeSpan.FromMinutes(1);
            Assert.Empty(world.Plan());
        }
    }

    [Fact]
    public void A_daily_plan_makes_thirty_in_thirty_days_at_the_same_time_of_day()
    {
        var world = new World { Now = World.At("2026-01-01T00:00:00Z") };
        world.Complete(World.At("2025-12-31T05:00:00Z"));
        var requests = new List<SnapshotRequested>();
        for (var end = world.Now.AddDays(30); world.Now < end; world.Now += TimeSpan.FromMinutes(7))
        {
            foreach (var request in world.Plan().OfType<SnapshotRequested>())
            {
                requests.Add(request);
                world.Finish(request);
            }
        }

        Assert.Equal(30, requests.Count);
        Assert.All(requests, r => Assert.Equal(new TimeSpan(3, 0, 0), r.Occurrence!.Value.TimeOfDay));
        Assert.All(requests, r => Assert.InRange(r.RequestedAt - r.Occurrence!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(7)));
        Assert.Equal(30, requests.Select(r => r.SnapshotId).Distinct().Count());
    }

    [Fact]
    public void After_downtime_one_snapshot_stands_in_for_all_that_were_missed()
    {
        var world = new World();
        world.Finish((SnapshotRequested)world.Plan().Single());
        world.Now += TimeSpan.FromDays(5);

        var request = Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));

        Assert.Equal(4, request.SkippedOccurrences);
        Assert.Equal(World.At("2026-01-06T03:00:00Z"), request.Occurrence);
    }

    [Fact]
    public void A_waiting_request_is_superseded_by_the_next_occurrence_and_one_in_flight_is_not()
    {
        var world = new World();
        var first = (SnapshotRequested)world.Plan().Single();
        world.Now += TimeSpan.FromDays(1);
        var events = world.Plan();
        Assert.True(Assert.IsType<SnapshotFailed>(events[0]).Final);
        var second = Assert.IsType<SnapshotRequested>(events[1]);
        Assert.NotEqual(first.SnapshotId, second.SnapshotId);

        world.Given(NewEvent.Of(second.SnapshotId, new SnapshotAttempted(second.SnapshotId, World.Droplet, 1, world.Now, world.Now.AddMinutes(1))));
        world.Now += TimeSpan.FromDays(1);
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void A_snapshot_of_do_snapshot_py_answers_the_occurrence_and_a_manual_one_does_not()
    {
        var taken = new World();
        taken.Complete(World.At("2026-01-01T04:00:00Z"));
        Assert.Empty(taken.Plan());

        var manual = new World();
        var id = Guid.NewGuid();
        manual.Given(
            NewEvent.Of(id, new SnapshotRequested(id, World.Droplet, "web-1", "before upgrade", null, Origin.Manual, manual.Now)),
            NewEvent.Of(id, new SnapshotCompleted(id, World.Droplet, 7, 1, ["nyc3"], manual.Now, manual.Now)));
        Assert.IsType<SnapshotRequested>(Assert.Single(manual.Plan()));
    }

    [Fact]
    public void Nothing_is_asked_for_while_paused_withdrawn_or_over_the_limit()
    {
        Assert.Empty(new World().Plan(mayRequest: false));
        var paused = new World();
        paused.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new DropletPaused(World.Droplet, "ann", "", paused.Now)));
        Assert.Empty(paused.Plan());
        var withdrawn = new World();
        withdrawn.When(ledger => Reconciliation.Withdraw(ledger, "untagged", withdrawn.Now));
        Assert.Empty(withdrawn.Plan());
    }

    [Fact]
    public void Elapsed_timing_waits_for_the_age_and_for_what_is_pending()
    {
        var world = new World(World.Terms(timing: PlanTiming.Elapsed));
        var first = (SnapshotRequested)world.Plan().Single();
        Assert.Null(first.Occurrence);
        Assert.Empty(world.Plan());
        world.Finish(first);
        world.Now += TimeSpan.FromHours(24);
        Assert.Empty(world.Plan());
        world.Now += TimeSpan.FromSeconds(2);
        Assert.IsType<SnapshotRequested>(Assert.Single(world.Plan()));
    }

    [Fact]
    public void Two_who_decide_at_once_ask_for_the_same_snapshot()
    {
        var (one, other) = (new World(), new World());
        Assert.Equal(((SnapshotRequested)one.Plan().Single()).SnapshotId, ((SnapshotRequested)other.Plan().Single()).SnapshotId);
    }

    [Fact]
    public void A_complete_snapshot_has_its_transfers_asked_for_at_once_and_one_that_goes_has_not()
    {
        var world = new World(World.Terms(keep: ["0h:5d"], regions: ["lon1", "sfo3"]));
        var old = world.Complete(World.Start.AddDays(-6), "nyc3");
        var kept = world.Complete(World.Start.AddHours(-1), "nyc3", "sfo3");

        var events = world.Plan();

        Assert.Equal(old, Assert.Single(events.OfType<SnapshotExpired>()).SnapshotId);
        var transfer = Assert.Single(events.OfType<TransferRequested>());
        Assert.Equal((kept, "lon1"), (transfer.SnapshotId, transfer.Region));
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void The_last_good_snapshot_is_held_once_however_old_it_gets()
    {
        var world = new World(World.Terms(keep: ["0h:30d"]));
        var last = world.Complete(World.Start.AddDays(-40));

        var held = Assert.Single(world.Plan(mayRequest: false));

        Assert.Equal((last, Guard.NewestComplete), (((ExpiryHeld)held).SnapshotId, ((ExpiryHeld)held).Guard));
        for (var day = 0; day < 40; day++)
        {
            world.Now += TimeSpan.FromDays(1);
            Assert.Empty(world.Plan(mayRequest: false));
        }
    }

    [Fact]
    public void An_expiry_names_its_rule_and_the_neighbour_kept_instead()
    {
        var world = new World(World.Terms(keep: ["3d:1d"]));
        var kept = world.Complete(World.At("2025-12-20T03:00:05Z"));
        var goes = world.Complete(World.At("2025-12-21T03:00:01Z"));
        world.Complete(World.At("2026-01-01T03:00:00Z"));

        var expired = Assert.IsType<SnapshotExpired>(Assert.Single(world.Plan()));

        Assert.Equal(goes, expired.SnapshotId);
        Assert.Equal("3d:1d", expired.Rule);
        Assert.Equal((kept, TimeSpan.FromDays(1)), (expired.KeptInstead!.SnapshotId, expired.KeptInstead.Distance));
        Assert.Equal((1, world.Now), (expired.PlanVersion, expired.DecidedAt));
    }

    [Fact]
    public void Jitter_costs_no_anchored_snapshot_its_place()
    {
        var world = new World(World.Terms(keep: ["1d:7d"]));
        for (var day = 1; day <= 30; day++)
        {
            world.Complete(World.At("2025-12-01T03:00:00Z").AddDays(day).AddSeconds((day * 37 % 61) - 30));
        }

        Assert.DoesNotContain(world.Plan(mayRequest: false), e => e is SnapshotExpired);
    }

    [Theory]
    [InlineData("web-1-autosnapshot-20260101T000000Z", true)]
    [InlineData("front-1-autosnapshot-20260101T000000Z", true)]
    [InlineData("web-10-autosnapshot-20260101T000000Z", false)]
    [InlineData("nightly-web-1-autosnapshot-20260101T000000Z", false)]
    [InlineData("web-1-autosnapshot-20260101T000000Z-copy", false)]
    [InlineData("web-1-autosnapshot-before-upgrade", false)]
    [InlineData("web-1-autosnapshot-", false)]
    [InlineData("WEB-1-autosnapshot-20260101T000000Z", false)]
    public void Only_a_name_that_the_plan_gives_is_the_plans(string name, bool owned) =>
        Assert.Equal(owned, Plan.From("p", 1, World.Terms()).Names(name, ["web-1", "front-1"]));
}
