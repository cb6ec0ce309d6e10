using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Intent, outcome, looking and following of the workers; and what reconciliation learns.</summary>
public sealed class WorkTests
{
    [Fact]
    public void An_intent_is_written_once_and_an_unknown_outcome_is_never_sent_again_blindly()
    {
        var (world, id) = Requested();
        var attempt = Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(world, id)));
        Assert.Empty(Begin(world, id));
        Assert.Empty(world.When(l => SnapshotWork.Record(l, id, 1, new SendOutcome.Unknown("cut off"), world.Now, world.Timings)));
        Assert.Empty(Begin(world, id));

        world.Now = world.Timings.SettledAt(attempt.SendBefore).AddSeconds(-1);
        Assert.Empty(Settle(world, id, []));
        world.Now += TimeSpan.FromSeconds(1);
        Assert.False(Assert.IsType<SnapshotFailed>(Assert.Single(Settle(world, id, []))).Final);
        world.Now += TimeSpan.FromHours(1);
        Assert.Equal(2, Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(world, id))).Attempt);
    }

    [Fact]
    public void An_action_that_started_since_is_adopted_provisionally_and_counts_only_with_our_image()
    {
        var (world, id) = Requested();
        Begin(world, id);
        var started = world.Now.AddSeconds(3);
        world.Now += TimeSpan.FromMinutes(11);
        ObservedAction[] actions =
        [
            new(1, ActionState.Completed, started.AddHours(-2), null),
            new(2, ActionState.Errored, started, null),
            new(3, ActionState.InProgress, started, null),
        ];

        var adopted = Assert.IsType<SnapshotStarted>(Assert.Single(Settle(world, id, actions)));
        Assert.Equal((3L, true), (adopted.ActionId, adopted.Provisional));

        Assert.Empty(Follow(world, id, ActionState.Completed, null));
        world.Now += TimeSpan.FromHours(2);
        Assert.False(Assert.IsType<SnapshotFailed>(Assert.Single(Follow(world, id, ActionState.Completed, null))).Final);
    }

    [Fact]
    public void A_completed_action_is_not_a_snapshot_until_the_image_is_listed()
    {
        var (world, id) = Started();
        Assert.Empty(Follow(world, id, ActionState.InProgress, null));
        Assert.Empty(Follow(world, id, ActionState.Completed, null));

        var completed = Assert.IsType<SnapshotCompleted>(Assert.Single(Follow(world, id, ActionState.Completed, Listed(world, id))));

        Assert.Equal(9, completed.ImageId);
        Assert.Empty(Follow(world, id, ActionState.Completed, Listed(world, id)));
    }

    [Theory]
    [InlineData(ActionState.Errored, 0, false)]
    [InlineData(ActionState.Missing, 2, true)]
    [InlineData(ActionState.InProgress, 49, true)]
    [InlineData(ActionState.Completed, 49, true)]
    public void An_action_that_comes_to_nothing_fails_the_attempt_and_without_an_answer_it_is_not_certain(ActionState state, int hours, bool uncertain)
    {
        var (world, id) = Started();
        world.Now += TimeSpan.FromHours(hours);
        var failed = Assert.IsType<SnapshotFailed>(Assert.Single(Follow(world, id, state, null)));
        Assert.Equal((false, uncertain), (failed.Final, failed.Uncertain));
    }

    [Fact]
    public void A_busy_droplet_defers_with_doubling_waits_up_to_an_hour()
    {
        var (world, id) = Requested();
        var waits = new List<double>();
        for (var attempt = 1; attempt <= 8; attempt++)
        {
            Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(world, id)));
            var deferred = Assert.IsType<SnapshotDeferred>(Assert.Single(
                world.When(l => SnapshotWork.Record(l, id, attempt, new SendOutcome.NotYet("pending event"), world.Now, world.Timings))));
            waits.Add((deferred.RetryAt - world.Now).TotalMinutes);
            Assert.Empty(Begin(world, id));
            world.Now = deferred.RetryAt;
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], waits);
    }

    [Fact]
    public void A_transfer_is_done_when_the_image_says_so()
    {
        var world = new World(World.Terms(regions: ["lon1"]));
        var id = world.Complete(World.Start.AddHours(-1), "nyc3");
        world.Plan();
        Assert.IsType<TransferAttempted>(Assert.Single(world.When(l => TransferWork.Begin(l, id, "lon1", world.Now, world.Timings))));
        Assert.Empty(world.When(l => TransferWork.Begin(l, id, "lon1", world.Now, world.Timings)));
        world.When(l => TransferWork.Record(l, id, "lon1", 1, new SendOutcome.Started(5, world.Now), world.Now, world.Timings));
        var image = world.Seen(id);
        Assert.Empty(world.When(l => TransferWork.Follow(l, id, "lon1", ActionState.Completed, image, world.Now, world.Timings)));
        image = image with { Regions = image.Regions.Add("lon1") };
        Assert.IsType<TransferCompleted>(Assert.Single(
            world.When(l => TransferWork.Follow(l, id, "lon1", ActionState.Completed, image, world.Now, world.Timings))));
        Assert.Contains("lon1", world.Find(id).Regions);
        Assert.Empty(world.Plan());
    }

    [Fact]
    public void Reconciliation_takes_over_what_the_plan_names_under_any_name_the_droplet_had_and_nothing_else()
    {
        var world = new World();
        ObservedSnapshot[] listed =
        [
            Observed(1, "web-1-autosnapshot-20260101T000000Z", World.Droplet),
            Observed(2, "front-1-autosnapshot-20260101T000000Z", World.Droplet),
            Observed(3, "web-1-golden", World.Droplet),
            Observed(4, "web-1-autosnapshot-20260101T000000Z", World.Droplet + 1),
            Observed(5, "web-1-autosnapshot-20260101T000000Z", null),
        ];

        var events = Reconcile(world, "front-1", listed, []);

        Assert.Equal([1L, 2L], events.OfType<SnapshotDiscovered>().Select(e => e.ImageId));
        Assert.Equal("front-1", Assert.Single(events.OfType<DropletRenamed>()).NewName);
        Assert.Empty(Reconcile(world, "front-1", listed, []));
    }

    [Fact]
    public void An_image_with_the_awaited_name_completes_its_snapshot_and_a_pruned_one_does_not_come_back()
    {
        var (world, id) = Started();
        var name = world.Find(id).Name;
        Assert.Equal(id, Assert.IsType<SnapshotCompleted>(Assert.Single(Reconcile(world, "web-1", [Observed(9, name, World.Droplet)], []))).SnapshotId);
        world.Given(NewEvent.Of(id, new SnapshotPruned(id, World.Droplet, 9, world.Now)));
        Assert.Empty(Reconcile(world, "web-1", [Observed(9, name, World.Droplet)], []));
    }

    [Fact]
    public void Only_what_is_certainly_gone_is_lost_and_it_may_be_found_again()
    {
        var world = new World();
        var id = world.Complete(World.Start.AddDays(-1));
        var seen = world.Seen(id);
        Assert.Empty(Reconcile(world, "web-1", [], []));
        Assert.IsType<SnapshotLost>(Assert.Single(Reconcile(world, "web-1", [], [seen.ImageId])));
        Assert.Empty(Reconcile(world, "web-1", [], [seen.ImageId]));
        Assert.IsType<SnapshotDiscovered>(Assert.Single(Reconcile(world, "web-1", [seen], [])));
        Assert.True(world.Find(id).IsComplete);
    }

    [Theory]
    [InlineData("tag", "two words")]
    [InlineData("prefix", "  ")]
    [InlineData("every", "0d")]
    [InlineData("every", "1y")]
    [InlineData("at", "25:00")]
    [InlineData("spread", "-1h")]
    [InlineData("spread", "1d")]
    [InlineData("keep", "1w")]
    [InlineData("regions", "London")]
    public void A_term_that_cannot_be_used_is_named_with_its_value(string term, string value)
    {
        var terms = World.Terms();
        terms = term switch
        {
            "tag" => terms with { Tag = value },
            "prefix" => terms with { Prefix = value },
            "every" => terms with { Every = value },
            "at" => terms with { At = value },
            "spread" => terms with { Spread = value },
            "keep" => terms with { Keep = [value] },
            _ => terms with { Regions = [value] },
        };

        var error = Assert.Throws<PlanException>(() => Plan.From("p", 1, terms));

        Assert.Equal(term, error.Term);
        Assert.Contains($"'{value}'", error.Message, StringComparison.Ordinal);
    }

    private static (World World, Guid Id) Requested()
    {
        var world = new World();
        return (world, ((SnapshotRequested)world.Plan().Single()).SnapshotId);
    }

    private static (World World, Guid Id) Started()
    {
        var (world, id) = Requested();
        Begin(world, id);
        world.When(l => SnapshotWork.Record(l, id, 1, new SendOutcome.Started(5, world.Now), world.Now, world.Timings));
        Assert.Equal(SnapshotPhase.Started, world.Find(id).Phase);
        return (world, id);
    }

    private static IReadOnlyList<object> Begin(World world, Guid id) => world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings));

    private static IReadOnlyList<object> Settle(World world, Guid id, ObservedAction[] actions) =>
        world.When(l => SnapshotWork.Settle(l, id, actions, [], world.Now, world.Timings));

    private static IReadOnlyList<object> Follow(World world, Guid id, ActionState state, ObservedSnapshot? listed) =>
        world.When(l => SnapshotWork.Follow(l, id, state, listed is null ? [] : [listed], world.Now, world.Timings));

    private static IReadOnlyList<object> Reconcile(World world, string name, ObservedSnapshot[] listed, long[] gone) =>
        world.When(l => Reconciliation.Decide(
            l, l.PlanFacts!, new ObservedDroplet(World.Droplet, name), listed, gone.ToHashSet(), world.Now, world.Timings));

    private static ObservedSnapshot Listed(World world, Guid id) => Observed(9, world.Find(id).Name, World.Droplet);

    private static ObservedSnapshot Observed(long image, string name, long? droplet) =>
        new(image, name, droplet, World.Start.AddDays(-1), 1, ["nyc3"]);
}
