using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Looking what became of an attempt, and following an action to its end.</summary>
public sealed class SnapshotFollowTests
{
    private readonly World _world = new();
    private readonly Guid _id;

    public SnapshotFollowTests()
    {
        _id = ((SnapshotRequested)_world.Plan().Single()).SnapshotId;
        _world.When(l => SnapshotWork.Begin(l, _id, _world.Now, _world.Timings));
    }

    public static TheoryData<string, ActionState, double, bool> Adoption => new()
    {
        { "at work, from right after the intent", ActionState.InProgress, 1, true },
        { "done already", ActionState.Completed, 30, true },
        { "their clock is behind ours", ActionState.InProgress, -120, true },
        { "sent at the last moment, slowly, and their clock is ahead", ActionState.InProgress, 60 + 30 + 120, true },
        { "from before the intent", ActionState.InProgress, -121, false },
        { "from after the last moment", ActionState.InProgress, 60 + 30 + 121, false },
        { "failed", ActionState.Errored, 1, false },
        { "unknown", ActionState.Missing, 1, false },
    };

    [Theory]
    [MemberData(nameof(Adoption))]
    public void An_action_is_adopted_when_it_can_be_ours(string name, ActionState state, double seconds, bool adopted)
    {
        var startedAt = _world.Now.AddSeconds(seconds);
        _world.Now += TimeSpan.FromMinutes(11);
        var @event = Assert.Single(Settle([new(5, state, startedAt, null)]));
        Assert.True(adopted == @event is SnapshotStarted { Provisional: true, ActionId: 5 } && adopted != @event is SnapshotFailed { Final: false }, name);
    }

    [Fact]
    public void Of_several_the_first_is_adopted_and_never_one_that_is_anothers()
    {
        var started = _world.Now;
        var manual = _world.Manual("before upgrade");
        _world.Given(NewEvent.Of(manual, new SnapshotStarted(manual, World.Droplet, 4, started)));
        _world.Now += TimeSpan.FromMinutes(11);
        var adopted = Assert.IsType<SnapshotStarted>(Assert.Single(Settle(
        [
            new(6, ActionState.InProgress, started.AddSeconds(20), null),
            new(5, ActionState.Completed, started.AddSeconds(10), null),
            new(4, ActionState.InProgress, started, null),
        ])));
        Assert.Equal((5L, started.AddSeconds(10)), (adopted.ActionId, adopted.StartedAt));
        Assert.Empty(Settle([]));
    }

    [Fact]
    public void The_listed_image_says_more_than_any_action()
    {
        _world.Now += TimeSpan.FromMinutes(11);
        var completed = Assert.IsType<SnapshotCompleted>(Assert.Single(
            Settle([new(5, ActionState.InProgress, World.Start, null)], Image(9))));
        Assert.Equal((9L, World.Start.AddSeconds(5)), (completed.ImageId, completed.CreatedAt));
    }

    [Fact]
    public void Nothing_is_concluded_before_the_outcome_can_be_seen()
    {
        var sendBefore = _world.Find(_id).SendBefore!.Value;
        _world.Now = sendBefore + TimeSpan.FromSeconds(30) + TimeSpan.FromMinutes(5) + TimeSpan.FromMinutes(4) - TimeSpan.FromTicks(1);
        Assert.False(SnapshotWork.IsToBeLookedFor(_world.Find(_id), _world.Now, _world.Timings));
        Assert.Empty(Settle([new(5, ActionState.Completed, World.Start, null)], Image(9)));
        _world.Now += TimeSpan.FromTicks(1);
        Assert.True(SnapshotWork.IsToBeLookedFor(_world.Find(_id), _world.Now, _world.Timings));
        Assert.NotEmpty(Settle([]));
    }

    [Fact]
    public void A_late_outcome_after_looking_changes_nothing()
    {
        _world.Now += TimeSpan.FromMinutes(11);
        Settle([new(5, ActionState.InProgress, World.Start, null)]);
        Assert.Empty(_world.When(l => SnapshotWork.Record(l, _id, 1, new SendOutcome.Started(5, World.Start), _world.Now, _world.Timings)));
        Assert.Empty(_world.When(l => SnapshotWork.Record(l, _id, 1, new SendOutcome.Failed("no", true), _world.Now, _world.Timings)));
    }

    [Theory]
    [InlineData("of another name")]
    [InlineData("that another snapshot has made")]
    public void An_image_that_is_not_ours_completes_nothing(string image)
    {
        var listed = Image(9);
        if (image == "of another name")
        {
            listed = listed with { Name = listed.Name + "-copy" };
        }
        else
        {
            // do-snapshot.py, started in the same second, gives the same name; reconciliation has taken its image in.
            var other = SnapshotIds.ForImage(9);
            _world.Given(NewEvent.Of(other, new SnapshotDiscovered(
                other, World.Droplet, "web-1", 9, listed.Name, "p", 1, ["nyc3"], listed.CreatedAt, _world.Now)));
        }

        _world.Now += TimeSpan.FromMinutes(11);
        Assert.IsType<SnapshotStarted>(Assert.Single(Settle([new(5, ActionState.Completed, World.Start, null)], listed)));
        Assert.Empty(Follow(ActionState.Completed, listed));
        Assert.IsType<SnapshotCompleted>(Assert.Single(Follow(ActionState.Completed, Image(10))));
    }

    [Fact]
    public void Of_several_images_with_our_name_ours_is_the_one_that_began_with_our_action()
    {
        Start(provisional: false);
        ObservedSnapshot[] listed = [Image(9) with { CreatedAt = World.Start.AddMinutes(30) }, Image(11), Image(10) with { CreatedAt = World.Start }];
        var completed = Assert.IsType<SnapshotCompleted>(Assert.Single(
            _world.When(l => SnapshotWork.Follow(l, _id, ActionState.Completed, listed, _world.Now, _world.Timings))));
        Assert.Equal(10, completed.ImageId);
    }

    [Fact]
    public void A_name_that_a_person_gave_before_is_not_taken_for_the_new_snapshot()
    {
        var manual = _world.Manual("before upgrade");
        _world.Given(
            NewEvent.Of(manual, new SnapshotAttempted(manual, World.Droplet, 1, _world.Now, _world.Now)),
            NewEvent.Of(manual, new SnapshotStarted(manual, World.Droplet, 77, _world.Now)));
        var old = new ObservedSnapshot(8, "before upgrade", World.Droplet, World.Start.AddMonths(-3), 1, ["nyc3"]);
        Assert.Empty(_world.When(l => SnapshotWork.Follow(l, manual, ActionState.Completed, [old], _world.Now, _world.Timings)));
        var ours = old with { ImageId = 9, CreatedAt = World.Start };
        Assert.Equal(9, Assert.IsType<SnapshotCompleted>(Assert.Single(
            _world.When(l => SnapshotWork.Follow(l, manual, ActionState.Completed, [ours], _world.Now, _world.Timings)))).ImageId);
    }

    public static TheoryData<string, ActionState, bool, bool, double, string> Ways => new()
    {
        { "at work", ActionState.InProgress, false, false, 47, "" },
        { "at work, and an image of that name", ActionState.InProgress, true, false, 1, "" },
        { "at work too long", ActionState.InProgress, false, false, 48.1, "again" },
        { "done and listed", ActionState.Completed, true, false, 0, "complete" },
        { "done and listed, adopted", ActionState.Completed, true, true, 0, "complete" },
        { "done, not listed yet", ActionState.Completed, false, false, 1.1, "" },
        { "done, never listed", ActionState.Completed, false, false, 48.1, "again" },
        { "adopted, done, not listed yet", ActionState.Completed, false, true, 0.9, "" },
        { "adopted, done, not listed", ActionState.Completed, false, true, 1.1, "again" },
        { "failed", ActionState.Errored, false, false, 0, "again" },
        { "failed, adopted", ActionState.Errored, false, true, 0, "again" },
        { "not known yet", ActionState.Missing, false, false, 0.9, "" },
        { "not known any more", ActionState.Missing, false, false, 1.1, "again" },
        { "not known any more, but listed", ActionState.Missing, true, false, 1.1, "complete" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_action_goes_one_of_these_ways(string name, ActionState state, bool listed, bool provisional, double hours, string expected)
    {
        Start(provisional);
        _world.Now = World.Start.AddHours(hours);

        var events = Follow(state, listed ? Image(9) : null);

        Assert.True(expected == (events.SingleOrDefault() switch
        {
            null => "",
            SnapshotCompleted => "complete",
            SnapshotFailed { Final: false, RetryAt: { } retryAt } when retryAt > _world.Now => "again",
            var other => other.ToString(),
        }), $"{name}: {events.SingleOrDefault()}");
        Assert.Empty(events.Count == 0 ? [] : Follow(state, listed ? Image(9) : null));
    }

    [Theory]
    [InlineData(ActionState.Completed, true)]
    [InlineData(ActionState.Missing, false)]
    public void An_action_that_took_hours_and_may_have_ended_a_moment_ago_is_not_doubled(ActionState state, bool provisional)
    {
        Start(provisional);
        _world.Now += TimeSpan.FromHours(3);
        Follow(state, null);
        // The image is listed some minutes later, which reconciliation sees; until then nobody asks again.
        for (var minute = 0; minute < 59; minute++)
        {
            _world.Now += TimeSpan.FromMinutes(1);
            Assert.Empty(_world.When(l => SnapshotWork.Begin(l, _id, _world.Now, _world.Timings)));
        }

        var seen = new[] { Image(9) };
        _world.When(l => Reconciliation.Decide(
            l, l.PlanFacts!, new ObservedDroplet(World.Droplet, "web-1"), seen, new HashSet<long>(), _world.Now, _world.Timings));
        Assert.Equal((SnapshotPhase.Complete, 9L, 1), (_world.Find(_id).Phase, _world.Find(_id).ImageId!.Value, _world.Find(_id).Attempts));
    }

    private void Start(bool provisional) =>
        _world.Given(NewEvent.Of(_id, new SnapshotStarted(_id, World.Droplet, 5, World.Start, provisional)));

    private ObservedSnapshot Image(long image) => new(image, _world.Find(_id).Name, World.Droplet, World.Start.AddSeconds(5), 2, ["nyc3"]);

    private IReadOnlyList<object> Settle(ObservedAction[] actions, ObservedSnapshot? listed = null) =>
        _world.When(l => SnapshotWork.Settle(l, _id, actions, listed is null ? [] : [listed], _world.Now, _world.Timings));

    private IReadOnlyList<object> Follow(ActionState state, ObservedSnapshot? listed) =>
        _world.When(l => SnapshotWork.Follow(l, _id, state, listed is null ? [] : [listed], _world.Now, _world.Timings));
}
