using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What the events of a stream add up to.</summary>
public sealed class EvolutionTests
{
    private static readonly Guid Id = EventSamples.Id;

    /// <summary>The events that lead to each phase, and whether it lives and is worked on there.</summary>
    private static readonly Dictionary<SnapshotPhase, (string[] Events, bool Live, bool Working)> Paths = new()
    {
        [SnapshotPhase.Requested] = (["SnapshotRequested"], true, false),
        [SnapshotPhase.Attempted] = (["SnapshotRequested", "SnapshotAttempted"], true, true),
        [SnapshotPhase.Started] = (["SnapshotRequested", "SnapshotAttempted", "SnapshotStarted"], true, true),
        [SnapshotPhase.Complete] = (["SnapshotRequested", "SnapshotAttempted", "SnapshotStarted", "SnapshotCompleted"], true, false),
        [SnapshotPhase.Expired] = (["SnapshotDiscovered", "SnapshotExpired"], true, false),
        [SnapshotPhase.Pruning] = (["SnapshotDiscovered", "SnapshotExpired", "PruneAttempted"], true, false),
        [SnapshotPhase.Pruned] = (["SnapshotDiscovered", "SnapshotExpired", "PruneAttempted", "SnapshotPruned"], false, false),
        [SnapshotPhase.Failed] = (["SnapshotRequested", "final"], false, false),
        [SnapshotPhase.Lost] = (["SnapshotDiscovered", "SnapshotLost"], false, false),
    };

    public static TheoryData<SnapshotPhase> Phases => [.. Enum.GetValues<SnapshotPhase>()];

    [Theory]
    [MemberData(nameof(Phases))]
    public void A_phase_is_reached_by_its_events_and_says_whether_it_lives_and_is_worked_on(SnapshotPhase phase)
    {
        var s = At(phase);
        Assert.Equal((phase, Paths[phase].Live, Paths[phase].Working), (s.Phase, s.Live, s.Working));
        Assert.Equal(Paths[phase].Events.Length, s.Version);
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void No_event_is_too_late_to_be_folded_and_each_is_counted(SnapshotPhase phase)
    {
        var before = At(phase);
        foreach (var e in EventSamples.All)
        {
            var after = SnapshotEvolution.Evolve(before, before.Id, e);
            Assert.Equal(before.Version + 1, after.Version);
            Assert.Equal((before.SnapshotId, before.DropletId, before.Id), (after.SnapshotId, after.DropletId, after.Id));
        }
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void A_state_survives_being_stored(SnapshotPhase phase)
    {
        foreach (var last in EventSamples.OfSnapshots)
        {
            var json = Json.Of(SnapshotEvolution.Evolve(At(phase), Streams.OfSnapshot(Id), last));
            var read = (Snapshot)Json.To(typeof(Snapshot), json);
            Assert.Equal(json, Json.Of(read));
        }
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void An_event_of_another_kind_changes_nothing_but_the_count(SnapshotPhase phase)
    {
        var before = At(phase);
        foreach (var e in EventSamples.OfDroplets.Concat(EventSamples.OfPlans))
        {
            Assert.Equal(before with { Version = before.Version + 1 }, SnapshotEvolution.Evolve(before, before.Id, e));
        }
    }

    [Fact]
    public void Only_a_request_or_a_discovery_starts_a_stream()
    {
        foreach (var e in EventSamples.All.Where(e => e is not (SnapshotRequested or SnapshotDiscovered)))
        {
            var error = Assert.Throws<InvalidOperationException>(() => SnapshotEvolution.Evolve(null, "snapshot/1", e));
            Assert.Contains(e.GetType().Name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_snapshot_remembers_what_was_asked_and_what_came_of_it()
    {
        var s = At(SnapshotPhase.Complete);
        var asked = (SnapshotRequested)EventSamples.Of("SnapshotRequested");
        var done = (SnapshotCompleted)EventSamples.Of("SnapshotCompleted");
        Assert.Equal(
            (Id, 42L, asked.SnapshotName, asked.Plan, asked.Occurrence, asked.RequestedAt),
            (s.SnapshotId, s.DropletId, s.Name, s.Plan, s.Occurrence, s.RequestedAt));
        Assert.Equal((done.ImageId, done.CreatedAt, 1.25m, 1, false), (s.ImageId!.Value, s.CreatedAt!.Value, s.SizeGigabytes, s.Attempts, s.Provisional));
        Assert.Equal(["lon1", "nyc3"], s.Regions);
        Assert.Null(s.Trouble);
        Assert.False(s.Scheduled);
    }

    [Fact]
    public void A_second_attempt_forgets_the_first_ones_action()
    {
        var s = Given.Snapshot(Id, [
            EventSamples.Of("SnapshotRequested"), EventSamples.Of("SnapshotAttempted"), EventSamples.Of("SnapshotStarted"),
            EventSamples.Of("SnapshotFailed"), new SnapshotAttempted(Id, 42, 2, World.Start, World.Start.AddMinutes(1)),
        ]);
        Assert.Equal((2, null, null, false, null), (s.Attempts, s.ActionId, s.StartedAt, s.Provisional, s.RetryAt));
    }

    [Fact]
    public void What_was_given_up_is_complete_after_all_when_its_image_turns_up()
    {
        var s = SnapshotEvolution.Evolve(At(SnapshotPhase.Failed), Streams.OfSnapshot(Id), EventSamples.Of("SnapshotCompleted"));
        Assert.Equal((SnapshotPhase.Complete, true, null), (s.Phase, s.Live, s.Trouble));
    }

    [Fact]
    public void What_is_found_again_carries_no_old_expiry()
    {
        foreach (var end in new[] { SnapshotPhase.Lost, SnapshotPhase.Pruned })
        {
            var s = SnapshotEvolution.Evolve(At(end), Streams.OfSnapshot(Id), EventSamples.Of("SnapshotDiscovered"));
            Assert.Equal((SnapshotPhase.Complete, true, null, null), (s.Phase, s.Live, s.Expiry, s.RetryAt));
        }
    }

    [Fact]
    public void An_expiry_and_its_way_back()
    {
        var expired = At(SnapshotPhase.Expired);
        Assert.Equal(new Expiry(Origin.Manual, "3d:1d", 3, World.At("2026-01-02T03:04:05Z")), expired.Expiry);
        var back = SnapshotEvolution.Evolve(expired, expired.Id, EventSamples.Of("ExpiryWithdrawn"));
        Assert.Equal((SnapshotPhase.Complete, null, Guard.StaleDecision), (back.Phase, back.Expiry, back.HeldBy!.Value));
        var refused = SnapshotEvolution.Evolve(At(SnapshotPhase.Pruning), expired.Id, EventSamples.Of("PruneRefused"));
        Assert.Equal((SnapshotPhase.Complete, null, true), (refused.Phase, refused.Expiry, refused.LeftAlone));
    }

    [Fact]
    public void A_second_decision_to_remove_goes_on_counting_attempts()
    {
        // Otherwise a deletion that never works starts with the shortest waits again each time its decision grows old.
        var s = Given.Snapshot(Id, [
            EventSamples.Of("SnapshotDiscovered"), EventSamples.Of("SnapshotExpired"), EventSamples.Of("PruneAttempted"),
            EventSamples.Of("ExpiryWithdrawn"), EventSamples.Of("SnapshotExpired"),
        ]);
        Assert.Equal((SnapshotPhase.Expired, 1, null), (s.Phase, s.PruneAttempts, s.RetryAt));
    }

    [Fact]
    public void A_running_transfer_is_work_as_long_as_the_snapshot_lives()
    {
        var s = SnapshotEvolution.Evolve(At(SnapshotPhase.Complete), Streams.OfSnapshot(Id), EventSamples.Of("TransferRequested"));
        Assert.False(s.Working || s.Transferring);
        s = SnapshotEvolution.Evolve(s, s.Id, EventSamples.Of("TransferAttempted"));
        Assert.True(s.Working && s.Transferring);
        s = SnapshotEvolution.Evolve(s, s.Id, EventSamples.Of("TransferStarted"));
        Assert.True(s.Working && s.Transferring);
        Assert.False(SnapshotEvolution.Evolve(s, s.Id, EventSamples.Of("SnapshotLost")).Working);
        s = SnapshotEvolution.Evolve(s, s.Id, new TransferCompleted(Id, 42, "sfo3", World.Start));
        Assert.True(s.Working);
        Assert.Contains("sfo3", s.Regions);
        Assert.False(SnapshotEvolution.Evolve(s, s.Id, EventSamples.Of("TransferCompleted")).Working);
    }

    [Fact]
    public void A_droplet_keeps_every_name_it_had()
    {
        var d = Given.Droplet(new DropletRenamed(42, "web-1", "front-1", World.Start), new DropletWithdrawn(42, "p", "", World.Start));
        Assert.Equal(("front-1", null), (d.Name, d.Plan));
        d = DropletFacts.Evolve(d, d.Id, new DropletEnrolled(42, "back-1", "q", World.Start))!;
        Assert.Equal(["back-1", "front-1", "web-1"], d.Names);
        Assert.Equal(("back-1", "q", 4L), (d.Name, d.Plan, d.Version));
    }

    [Fact]
    public void Droplets_plans_and_the_account_survive_every_event_and_being_stored()
    {
        DropletFacts? droplet = null;
        PlanFacts? plan = null;
        AccountFacts? account = null;
        foreach (var e in EventSamples.OfPlans.Concat(EventSamples.OfDroplets).Concat(EventSamples.OfSnapshots))
        {
            droplet = DropletFacts.Evolve(droplet, "droplet/42", e);
            plan = PlanFacts.Evolve(plan, "plan/p", e);
            account = AccountFacts.Evolve(account, "account", e);
            foreach (var state in new object?[] { droplet, plan, account }.OfType<object>())
            {
                Assert.Equal(Json.Of(state), Json.Of(Json.To(state.GetType(), Json.Of(state))));
            }
        }

        Assert.Equal(("front-1", false), (droplet!.Name, droplet.Paused));
        Assert.Equal((3, false), (plan!.PlanVersion, plan.Paused));
        Assert.Equal("b7f4a5a0-0000-4000-8000-000000000001", account!.Uuid);
    }

    [Fact]
    public void Facts_about_an_unknown_droplet_or_plan_start_nothing()
    {
        Assert.All(EventSamples.OfDroplets.Skip(1), e => Assert.Null(DropletFacts.Evolve(null, "droplet/42", e)));
        Assert.All(EventSamples.OfPlans.Skip(1), e => Assert.Null(PlanFacts.Evolve(null, "plan/p", e)));
    }

    internal static Snapshot At(SnapshotPhase phase) => Given.Snapshot(Id, Paths[phase].Events.Select(name => name == "final"
        ? new SnapshotFailed(Id, 42, "given up", true, World.Start)
        : EventSamples.Of(name)));
}
