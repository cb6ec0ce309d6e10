using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>An attempt was refused because the droplet is busy, and what keeps it busy may be a snapshot that a restored log does not know.</summary>
public sealed class UnloggedTests
{
    private const long Own = 77;

    private readonly World _world = new();
    private readonly Guid _id;

    public UnloggedTests()
    {
        _id = ((SnapshotRequested)_world.Plan().Single()).SnapshotId;
        _world.When(l => SnapshotWork.Begin(l, _id, _world.Now, _world.Timings));
        _world.When(l => SnapshotWork.Record(l, _id, 1, new SendOutcome.NotYet("busy"), _world.Now, _world.Timings));
        _world.Now += TimeSpan.FromMinutes(1);
    }

    public static TheoryData<string, ActionState, int, string[], bool> Shown => new()
    {
        { "at work since the occurrence", ActionState.InProgress, -5, [], true },
        { "at work since before it", ActionState.InProgress, -11 * 60, [], false },
        { "just done, and not listed yet", ActionState.Completed, -5, [], true },
        { "just done, and in the list as the plan names them", ActionState.Completed, -5, ["web-1-autosnapshot-20260101T030002Z"], true },
        { "just done, and somebody else's by the name in the list", ActionState.Completed, -5, ["before-upgrade"], false },
        { "done an hour ago, and never listed", ActionState.Completed, -61, [], false },
        { "failed", ActionState.Errored, -5, [], false },
    };

    [Theory]
    [MemberData(nameof(Shown))]
    public void Another_attempt_waits_while_what_the_log_does_not_know_may_answer_it(
        string name, ActionState state, int startedMinutes, string[] listed, bool waits)
    {
        var started = _world.Now.AddMinutes(startedMinutes);
        var events = Begin([.. listed.Select((n, i) => Image(100 + i, n, started))], [new ObservedAction(Own, state, started, null)]);
        Assert.True(Assert.Single(events) is SnapshotDeferred == waits, name);
        Assert.Equal(waits ? SnapshotPhase.Requested : SnapshotPhase.Attempted, _world.Find(_id).Phase);
    }

    [Fact]
    public void When_the_comparison_has_taken_it_in_the_request_is_given_up_and_none_is_made()
    {
        var made = Image(100, "web-1-autosnapshot-20260101T030002Z", _world.Now.AddMinutes(-5));
        Assert.IsType<SnapshotDeferred>(Assert.Single(Begin([made], [])));
        _world.Complete(made.CreatedAt);
        Assert.Contains("answered by", Assert.IsType<SnapshotFailed>(Assert.Single(_world.Plan())).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_log_knows_is_in_nobodys_way()
    {
        var known = _world.Complete(_world.Now.AddDays(-3));
        var manual = _world.Manual("golden", _world.Now.AddMinutes(-6));
        Assert.IsType<SnapshotAttempted>(Assert.Single(Begin([_world.Seen(known), _world.Seen(manual)], [])));
    }

    [Fact]
    public void The_first_attempt_does_not_look() => Assert.False(Unlogged.IsToBeLookedForBefore(_world.Find(_id) with { Attempts = 0 }, _world.Now));

    private IReadOnlyList<object> Begin(ObservedSnapshot[] listed, ObservedAction[] actions) =>
        _world.When(l => SnapshotWork.Begin(l, _id, _world.Now, _world.Timings, listed, actions: actions));

    private static ObservedSnapshot Image(long image, string name, DateTimeOffset at) => new(image, name, World.Droplet, at, 2, ["nyc3"]);
}
