using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Copies in other regions: intent, outcome, looking and following.</summary>
public sealed class TransferWorkTests
{
    private const string Region = "lon1";

    private readonly World _world = new(World.Terms(regions: [Region]));
    private readonly Guid _id;

    public TransferWorkTests()
    {
        _id = _world.Complete(World.Start.AddHours(-1));
        _world.Plan();
    }

    public static TheoryData<string, ActionState, bool, double, string> Ways => new()
    {
        { "at work", ActionState.InProgress, false, 23, "" },
        { "at work, and the region is already in the list", ActionState.InProgress, true, 1, "" },
        { "at work too long", ActionState.InProgress, false, 24.1, "again" },
        { "done and there", ActionState.Completed, true, 0, "complete" },
        { "done, not there yet", ActionState.Completed, false, 23, "" },
        { "done, never there", ActionState.Completed, false, 24.1, "again" },
        { "failed", ActionState.Errored, false, 0, "again" },
        { "failed, and listed all the same", ActionState.Errored, true, 0, "again" },
        { "not known yet", ActionState.Missing, false, 0.9, "" },
        { "not known any more", ActionState.Missing, false, 1.1, "again" },
        { "not known any more, but there", ActionState.Missing, true, 1.1, "complete" },
    };

    [Theory]
    [InlineData(TransferPhase.Requested, true)]
    [InlineData(TransferPhase.Attempted, false)]
    [InlineData(TransferPhase.Started, false)]
    [InlineData(TransferPhase.Completed, false)]
    [InlineData(TransferPhase.Failed, false)]
    public void An_intent_is_written_only_for_what_waits(TransferPhase phase, bool begins)
    {
        Reach(phase);
        Assert.Equal(begins, Begin().Count == 1);
        Assert.Empty(Begin());
        Assert.Empty(_world.When(l => TransferWork.Begin(l, _id, "sfo3", _world.Now, _world.Timings)));
        Assert.Empty(_world.When(l => TransferWork.Begin(l, Guid.NewGuid(), Region, _world.Now, _world.Timings)));
    }

    [Theory]
    [InlineData("SnapshotExpired")]
    [InlineData("SnapshotLost")]
    [InlineData("PruneAttempted")]
    [InlineData("SnapshotPruned")]
    public void What_goes_is_not_copied(string @event)
    {
        _world.Given(NewEvent.Of(_id, EventSamples.Of(@event)));
        Assert.Empty(Begin());
    }

    [Fact]
    public void A_copy_whose_expiry_was_withdrawn_is_made_after_all()
    {
        _world.Given(NewEvent.Of(_id, EventSamples.Of("SnapshotExpired")), NewEvent.Of(_id, EventSamples.Of("ExpiryWithdrawn")));
        Assert.IsType<TransferAttempted>(Assert.Single(Begin()));
    }

    [Theory]
    [InlineData(TransferPhase.Requested)]
    [InlineData(TransferPhase.Attempted)]
    [InlineData(TransferPhase.Started)]
    [InlineData(TransferPhase.Completed)]
    public void A_second_request_forgets_nothing_of_the_first(TransferPhase phase)
    {
        Reach(phase);
        var before = _world.Find(_id).Transfers[Region];
        _world.Given(NewEvent.Of(_id, new TransferRequested(_id, World.Droplet, 1, Region, Origin.Plan, _world.Now.AddMinutes(1))));
        Assert.Equal(before, _world.Find(_id).Transfers[Region]);
        _world.Given(NewEvent.Of(_id, new TransferRequested(_id, World.Droplet, 1, Region, Origin.Manual, _world.Now.AddMinutes(1))));
        Assert.Equal(before with { Origin = Origin.Manual }, _world.Find(_id).Transfers[Region]);
    }

    [Fact]
    public void What_rests_because_the_plan_dropped_it_goes_on_when_a_person_asks_for_it()
    {
        _world.GivenPlan(new PlanChanged("p", 2, World.Terms(regions: []), _world.Now));
        Assert.Empty(Begin());
        _world.Given(NewEvent.Of(_id, new TransferRequested(_id, World.Droplet, 1, Region, Origin.Manual, _world.Now)));
        Assert.Single(Sweeping.Waiting(_world.Ledger));
        Assert.Single(Begin());
    }

    [Fact]
    public void A_second_request_for_what_was_given_up_starts_afresh()
    {
        Reach(TransferPhase.Failed);
        _world.Given(NewEvent.Of(_id, new TransferRequested(_id, World.Droplet, 1, Region, Origin.Manual, _world.Now)));
        Assert.Equal((TransferPhase.Requested, 0), (_world.Find(_id).Transfers[Region].Phase, _world.Find(_id).Transfers[Region].Attempts));
        Assert.Single(Begin());
    }

    [Fact]
    public void A_copy_that_the_plan_no_longer_wants_rests_until_it_does()
    {
        _world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now));
        Assert.Empty(Begin());
        Assert.Empty(Sweeping.Waiting(_world.Ledger));

        _world.Given(new NewEvent(Streams.OfDroplet(World.Droplet), new DropletEnrolled(World.Droplet, "web-1", "p", _world.Now)));
        Assert.Single(Sweeping.Waiting(_world.Ledger));
        _world.GivenPlan(new PlanChanged("p", 2, World.Terms(regions: ["sfo3"]), _world.Now));
        Assert.Empty(Sweeping.Waiting(_world.Ledger));
        Assert.Empty(Begin());

        _world.GivenPlan(new PlanChanged("p", 3, World.Terms(regions: [Region]), _world.Now));
        Assert.Single(Sweeping.Waiting(_world.Ledger));
        Assert.IsType<TransferAttempted>(Assert.Single(Begin()));
    }

    [Fact]
    public void A_copy_that_a_person_asked_for_is_made_whatever_the_plan_wants()
    {
        _world.Given(NewEvent.Of(_id, new TransferRequested(_id, World.Droplet, 1, "sfo3", Origin.Manual, _world.Now)));
        _world.When(l => Reconciliation.Withdraw(l, "untagged", _world.Now));
        Assert.Equal("sfo3", Assert.Single(Sweeping.Waiting(_world.Ledger)).Region);
        Assert.Single(_world.When(l => TransferWork.Begin(l, _id, "sfo3", _world.Now, _world.Timings)));
    }

    [Fact]
    public void A_region_that_holds_it_already_is_done_without_a_request()
    {
        var id = _world.Complete(World.Start.AddHours(-2), "nyc3", Region);
        _world.Given(NewEvent.Of(id, new TransferRequested(id, World.Droplet, 1, Region, Origin.Manual, _world.Now)));
        Assert.IsType<TransferCompleted>(Assert.Single(_world.When(l => TransferWork.Begin(l, id, Region, _world.Now, _world.Timings))));
    }

    [Theory]
    [InlineData(TransferPhase.Requested)]
    [InlineData(TransferPhase.Started)]
    [InlineData(TransferPhase.Completed)]
    [InlineData(TransferPhase.Failed)]
    public void An_outcome_of_an_attempt_that_is_not_open_changes_nothing(TransferPhase phase)
    {
        Reach(phase);
        foreach (var row in SnapshotWorkTests.Outcomes)
        {
            Assert.Empty(Record(1, row.Data.Item1));
        }

        Assert.Empty(_world.When(l => TransferWork.AlreadyThere(l, _id, Region, 1, _world.Now)));
        Assert.Empty(Settle([], null));
    }

    [Fact]
    public void Outcomes_say_what_came_of_it_and_count_once()
    {
        foreach (var (outcome, expected) in new (SendOutcome, Type?)[]
        {
            (new SendOutcome.Unknown("cut off"), null),
            (new SendOutcome.NotYet("busy"), typeof(TransferDeferred)),
            (new SendOutcome.Failed("no", Final: false), typeof(TransferFailed)),
            (new SendOutcome.Started(5, World.Start), typeof(TransferStarted)),
        })
        {
            if (_world.Find(_id).Transfers[Region].Phase is not TransferPhase.Attempted)
            {
                _world.Now += TimeSpan.FromHours(1);
                Assert.Single(Begin());
            }

            var attempt = _world.Find(_id).Transfers[Region].Attempts;
            Assert.Empty(Record(attempt + 1, outcome));
            Assert.Equal(expected, Record(attempt, outcome).SingleOrDefault()?.GetType());
            Assert.Empty(expected is null ? [] : Record(attempt, outcome));
        }
    }

    [Fact]
    public void A_final_refusal_is_neither_sent_nor_asked_for_again()
    {
        Reach(TransferPhase.Attempted);
        Assert.True(Assert.IsType<TransferFailed>(Assert.Single(Record(1, new SendOutcome.Failed("no such region", true)))).Final);
        _world.Now += TimeSpan.FromHours(5);
        Assert.Empty(Begin());
        Assert.Empty(_world.Plan());
        Assert.Empty(Sweeping.Waiting(_world.Ledger));
    }

    [Fact]
    public void Nothing_is_concluded_or_sent_again_before_the_outcome_can_be_seen()
    {
        var attempt = Assert.IsType<TransferAttempted>(Assert.Single(Begin()));
        _world.Now = _world.Timings.SettledAt(attempt.SendBefore).AddTicks(-1);
        Assert.Empty(Begin());
        Assert.Empty(Settle([new(5, ActionState.InProgress, World.Start, Region)], Image(Region)));
        _world.Now = _world.Now.AddTicks(1);
        Assert.IsType<TransferCompleted>(Assert.Single(Settle([], Image(Region))));
    }

    [Theory]
    [InlineData(ActionState.InProgress, 0, "lon1", true)]
    [InlineData(ActionState.Completed, 0, "lon1", true)]
    [InlineData(ActionState.InProgress, 0, null, true)]
    [InlineData(ActionState.InProgress, -120, "lon1", true)]
    [InlineData(ActionState.InProgress, -121, "lon1", false)]
    [InlineData(ActionState.InProgress, 0, "sfo3", false)]
    [InlineData(ActionState.Errored, 0, "lon1", false)]
    public void An_action_since_the_intent_and_to_the_region_is_adopted(ActionState state, int seconds, string? region, bool adopted)
    {
        Begin();
        _world.Now += TimeSpan.FromMinutes(11);
        var @event = Assert.Single(Settle([new(5, state, World.Start.AddSeconds(seconds), region)], Image()));
        Assert.Equal(adopted, @event is TransferStarted { ActionId: 5 });
        Assert.Equal(!adopted, @event is TransferFailed { Final: false });
        Assert.Empty(Settle([], Image()));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_action_goes_one_of_these_ways(string name, ActionState state, bool there, double hours, string expected)
    {
        Reach(TransferPhase.Started);
        _world.Now = World.Start.AddHours(hours);

        var events = Follow(state, there ? Image(Region) : Image());

        Assert.True(expected == (events.SingleOrDefault() switch
        {
            null => "",
            TransferCompleted => "complete",
            TransferFailed { Final: false, RetryAt: not null } => "again",
            var other => other.ToString(),
        }), $"{name}: {events.SingleOrDefault()}");
        Assert.Empty(events.Count == 0 ? [] : Follow(state, there ? Image(Region) : Image()));
    }

    [Fact]
    public void A_region_fills_in_the_end_whatever_fails_and_each_failure_waits_longer()
    {
        var waits = new List<double>();
        for (var attempt = 1; attempt <= 9; attempt++)
        {
            Assert.Equal(attempt, Assert.IsType<TransferAttempted>(Assert.Single(Begin())).Attempt);
            var failed = Assert.IsType<TransferFailed>(Assert.Single(Record(attempt, new SendOutcome.Failed("no", false))));
            waits.Add((failed.RetryAt!.Value - _world.Now).TotalMinutes);
            Assert.Empty(Begin());
            _world.Now = failed.RetryAt.Value;
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
        Begin();
        Assert.IsType<TransferCompleted>(Assert.Single(_world.When(l => TransferWork.AlreadyThere(l, _id, Region, 10, _world.Now))));
        Assert.Contains(Region, _world.Find(_id).Regions);
        Assert.Empty(_world.Plan());
    }

    private void Reach(TransferPhase phase)
    {
        object[] events = phase switch
        {
            TransferPhase.Requested => [],
            TransferPhase.Attempted => [Attempted()],
            TransferPhase.Started => [Attempted(), new TransferStarted(_id, World.Droplet, Region, 5, World.Start)],
            TransferPhase.Completed => [Attempted(), new TransferCompleted(_id, World.Droplet, Region, World.Start)],
            _ => [Attempted(), new TransferFailed(_id, World.Droplet, Region, "no", true, World.Start)],
        };
        _world.Given([.. events.Select(e => NewEvent.Of(_id, e))]);

        object Attempted() => new TransferAttempted(_id, World.Droplet, Region, 1, World.Start, World.Start.AddMinutes(1));
    }

    private ObservedSnapshot Image(params string[] more) => _world.Seen(_id) with { Regions = ["nyc3", .. more] };

    private IReadOnlyList<object> Begin() => _world.When(l => TransferWork.Begin(l, _id, Region, _world.Now, _world.Timings));

    private IReadOnlyList<object> Record(int attempt, SendOutcome outcome) =>
        _world.When(l => TransferWork.Record(l, _id, Region, attempt, outcome, _world.Now, _world.Timings));

    /// <summary>Who looks may be another replica than who sent: one clock is ahead, and the other behind, each by no more than it may be.</summary>
    [Theory]
    [InlineData(110, -110)]
    [InlineData(-110, 110)]
    public void A_transfer_is_found_whoevers_clock_stamped_the_attempt(int senderAhead, int lookerAhead)
    {
        Begin();
        var sent = _world.Now;
        _world.Now += TimeSpan.FromMinutes(11);
        ObservedAction[] actions = [new(5, ActionState.InProgress, sent.AddSeconds(-senderAhead), Region)];
        Assert.IsType<TransferStarted>(Assert.Single(_world.When(
            l => TransferWork.Settle(l, _id, Region, actions, Image(), _world.Now, _world.Timings, TimeSpan.FromSeconds(-lookerAhead)))));
    }

    private IReadOnlyList<object> Settle(ObservedAction[] actions, ObservedSnapshot? image) =>
        _world.When(l => TransferWork.Settle(l, _id, Region, actions, image, _world.Now, _world.Timings));

    private IReadOnlyList<object> Follow(ActionState state, ObservedSnapshot? image) =>
        _world.When(l => TransferWork.Follow(l, _id, Region, state, image, _world.Now, _world.Timings));
}
