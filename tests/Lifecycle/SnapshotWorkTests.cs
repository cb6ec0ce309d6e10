using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Intent and outcome of asking for a snapshot, in every phase.</summary>
public sealed class SnapshotWorkTests
{
    private static readonly LifecycleTimings Timings = new();

    public static TheoryData<SnapshotPhase> Phases => [.. Enum.GetValues<SnapshotPhase>()];

    public static TheoryData<SendOutcome, Type?> Outcomes => new()
    {
        { new SendOutcome.Started(7, World.Start), typeof(SnapshotStarted) },
        { new SendOutcome.NotYet("busy"), typeof(SnapshotDeferred) },
        { new SendOutcome.Failed("no", Final: false), typeof(SnapshotFailed) },
        { new SendOutcome.Failed("never", Final: true), typeof(SnapshotFailed) },
        { new SendOutcome.Unknown("cut off"), null },
    };

    [Theory]
    [MemberData(nameof(Phases))]
    public void An_intent_is_written_only_for_what_waits(SnapshotPhase phase)
    {
        var events = SnapshotWork.Begin(Ledger(phase), EventSamples.Id, World.Start, Timings, power: DropletPower.Off);
        Assert.Equal(phase is SnapshotPhase.Requested, events.Count == 1);
        Assert.All(events, e => Assert.Equal(
            new SnapshotAttempted(EventSamples.Id, 42, 1, World.Start, World.Start + Timings.SendWindow), e.Data));
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void An_outcome_counts_only_for_the_attempt_that_is_open(SnapshotPhase phase)
    {
        foreach (var row in Outcomes)
        {
            var (outcome, expected) = row.Data;
            Assert.Empty(SnapshotWork.Record(Ledger(phase), EventSamples.Id, 2, outcome, World.Start, Timings));
            Assert.Empty(SnapshotWork.Record(Ledger(phase), EventSamples.Id, 0, outcome, World.Start, Timings));
            Assert.Empty(SnapshotWork.Record(Ledger(phase), Guid.NewGuid(), 1, outcome, World.Start, Timings));
            var events = SnapshotWork.Record(Ledger(phase), EventSamples.Id, 1, outcome, World.Start, Timings);
            Assert.Equal(phase is SnapshotPhase.Attempted ? expected : null, events.SingleOrDefault()?.Data.GetType());
        }
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void Nothing_is_looked_for_or_followed_in_another_phase(SnapshotPhase phase)
    {
        var ledger = Ledger(phase);
        var listed = new ObservedSnapshot(9, "web-1-x", 42, World.At("2026-01-02T04:00:00Z"), 1, ["nyc3"]);
        var late = World.Start.AddYears(1);
        Assert.Equal(phase is SnapshotPhase.Attempted, SnapshotWork.Settle(ledger, EventSamples.Id, [], [listed], late, Timings).Count == 1);
        foreach (var state in Enum.GetValues<ActionState>())
        {
            Assert.Equal(phase is SnapshotPhase.Started, SnapshotWork.Follow(ledger, EventSamples.Id, state, [listed], late, Timings).Count == 1);
        }
    }

    [Fact]
    public void Outcomes_say_what_came_of_it_and_when_to_try_again()
    {
        Assert.Equal(new SnapshotStarted(EventSamples.Id, 42, 7, World.Start.AddSeconds(1)), Record(new SendOutcome.Started(7, World.Start.AddSeconds(1))));
        Assert.Equal(new SnapshotDeferred(EventSamples.Id, 42, "busy", World.Start, World.Start.AddMinutes(1)), Record(new SendOutcome.NotYet("busy")));
        Assert.Equal(
            new SnapshotDeferred(EventSamples.Id, 42, "wait", World.Start, World.Start.AddSeconds(7)),
            Record(new SendOutcome.NotYet("wait", TimeSpan.FromSeconds(7))));
        Assert.Equal(new SnapshotFailed(EventSamples.Id, 42, "no", false, World.Start, World.Start.AddMinutes(1)), Record(new SendOutcome.Failed("no", false)));
        Assert.Equal(new SnapshotFailed(EventSamples.Id, 42, "never", true, World.Start), Record(new SendOutcome.Failed("never", true)));

        static object Record(SendOutcome outcome) =>
            Assert.Single(SnapshotWork.Record(Ledger(SnapshotPhase.Attempted), EventSamples.Id, 1, outcome, World.Start, Timings)).Data;
    }

    [Fact]
    public void Nothing_is_sent_before_its_time()
    {
        var (world, id) = Requested();
        world.Given(NewEvent.Of(id, new SnapshotDeferred(id, World.Droplet, "busy", world.Now, world.Now.AddMinutes(5))));
        world.Now += TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1);
        Assert.Empty(Begin(world, id));
        world.Now += TimeSpan.FromTicks(1);
        Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(world, id)));
    }

    [Fact]
    public void An_unknown_outcome_is_never_sent_again_before_it_was_looked_for()
    {
        var (world, id) = Requested();
        Begin(world, id);
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            world.Now += TimeSpan.FromMinutes(1);
            Assert.Empty(Begin(world, id));
        }
    }

    [Fact]
    public void Two_workers_with_the_same_message_write_one_intent()
    {
        var (world, id) = Requested();
        Assert.Equal([1, 0], new[] { Begin(world, id).Count, Begin(world, id).Count });
    }

    [Theory]
    [InlineData(SnapshotPhase.Attempted)]
    [InlineData(SnapshotPhase.Started)]
    public void While_another_is_in_flight_it_waits_and_does_not_say_so_every_minute(SnapshotPhase phase)
    {
        var (world, id) = Requested();
        Begin(world, id);
        if (phase is SnapshotPhase.Started)
        {
            world.When(l => SnapshotWork.Record(l, id, 1, new SendOutcome.Started(5, world.Now), world.Now, world.Timings));
        }

        var manual = world.Manual("before upgrade");
        var deferred = 0;
        for (var minute = 0; minute < 12 * 60; minute++)
        {
            deferred += Begin(world, manual).Cast<SnapshotDeferred>().Count();
            world.Now += TimeSpan.FromMinutes(1);
        }

        Assert.InRange(deferred, 12, 20);
        Assert.Equal(0, world.Find(manual).Attempts);
        world.Given(NewEvent.Of(id, new SnapshotFailed(id, World.Droplet, "no", true, world.Now)));
        world.Now += TimeSpan.FromHours(1);
        Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(world, manual)));
    }

    [Fact]
    public void What_a_plan_wanted_of_a_droplet_that_left_it_is_given_up_instead_of_asked_for_for_ever()
    {
        var (world, id) = Requested();
        world.When(l => Reconciliation.Withdraw(l, "the droplet is no more", world.Now));
        Assert.True(Assert.IsType<SnapshotFailed>(Assert.Single(Begin(world, id))).Final);
        Assert.Empty(Begin(world, id));
        Assert.Empty(Sweeping.Waiting(world.Ledger));
    }

    [Fact]
    public void What_a_person_wants_of_a_droplet_without_a_plan_is_done()
    {
        var world = new World();
        world.When(l => Reconciliation.Withdraw(l, "untagged", world.Now));
        var id = world.Manual("before upgrade");
        Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(world, id)));
    }

    [Fact]
    public void What_a_person_wants_and_cannot_have_is_given_up_after_a_day_with_its_last_trouble()
    {
        var world = new World();
        var id = world.Manual("before upgrade");
        var attempts = 0;
        while (world.Find(id).Live)
        {
            foreach (var attempt in Begin(world, id).OfType<SnapshotAttempted>())
            {
                attempts++;
                world.When(l => SnapshotWork.Record(
                    l, id, attempt.Attempt, new SendOutcome.Failed("no such droplet", Final: false), world.Now, world.Timings));
            }

            world.Now += TimeSpan.FromMinutes(1);
        }

        Assert.InRange(attempts, 24, 40);
        Assert.InRange(world.Now - World.Start, TimeSpan.FromHours(24), TimeSpan.FromHours(25.1));
        Assert.Contains("no such droplet", world.Find(id).Trouble, StringComparison.Ordinal);
        Assert.Empty(Sweeping.Waiting(world.Ledger));
    }

    [Fact]
    public void What_waits_rests_in_a_pause_and_what_a_person_asks_for_does_not()
    {
        var (world, id) = Requested();
        world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new DropletPaused(World.Droplet, "ann", "", world.Now)));
        Assert.Empty(Begin(world, id));
        Assert.Empty(Sweeping.Waiting(world.Ledger));
        var manual = world.Manual("before upgrade");
        Assert.Equal(manual, Assert.Single(Sweeping.Waiting(world.Ledger)).SnapshotId);
        Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(world, manual)));

        world.Given(
            new NewEvent(Streams.OfDroplet(World.Droplet), new DropletResumed(World.Droplet, "ann", "", world.Now)),
            NewEvent.Of(manual, new SnapshotFailed(manual, World.Droplet, "no", true, world.Now)));
        Assert.IsType<SnapshotAttempted>(Assert.Single(Begin(world, id)));
    }

    /// <summary>The sample's plan is the ledger's, so that the phases say all.</summary>
    private static DropletLedger Ledger(SnapshotPhase phase) => Given.Ledger(World.Terms(), EvolutionTests.At(phase));

    private static (World World, Guid Id) Requested()
    {
        var world = new World();
        return (world, ((SnapshotRequested)world.Plan().Single()).SnapshotId);
    }

    private static IReadOnlyList<object> Begin(World world, Guid id) => world.When(l => SnapshotWork.Begin(l, id, world.Now, world.Timings));
}
