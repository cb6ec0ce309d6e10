using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Slots;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What came of the turns of a schedule.</summary>
public sealed class SlotTests
{
    private const long Droplet = History.FirstDroplet;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static TheoryData<string, SlotState> States => new()
    {
        { "all is well", SlotState.Good },
        { "thinned by a rule", SlotState.Thinned },
        { "removed by a person", SlotState.Removed },
        { "nothing was made", SlotState.Missed },
        { "paused", SlotState.Paused },
        { "given up", SlotState.Failed },
        { "at work", SlotState.Running },
        { "before it was in a plan", SlotState.Unplanned },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Each_turn_has_the_state_that_it_has(string name, SlotState expected)
    {
        var history = new History(History.Terms(name == "thinned by a rule" ? "0h:4d" : "", timing: PlanTiming.Anchored));
        history.Run(Day * 5);
        var (at, now) = (3, history.Last);
        switch (name)
        {
            case "thinned by a rule":
                history.Run(Day * 4);
                (at, now) = (4, history.Last);
                break;
            case "removed by a person":
                history.Remove(history.Snapshots().First(s => s.IsComplete && s.Occurrence is { } o && o > History.Start + (Day * 1.5)));
                history.Run(Day / 2);
                (at, now) = (0, history.Last);
                break;
            case "nothing was made":
                history.Plans = false;
                history.Run(Day * 3);
                (at, now) = (1, history.Last);
                break;
            case "paused":
                history.Tell(Droplet, new DropletPaused(Droplet, "ann", "rebuilt", history.Now));
                history.Run(Day * 3);
                (at, now) = (1, history.Last);
                break;
            case "given up" or "at work":
                history.Plans = false;
                history.Run(Day * 1.5);
                var (id, due) = (Guid.NewGuid(), Turns(history, history.Last)[^1].From);
                history.Append(Droplet, id, new SnapshotRequested(
                    id, Droplet, "web-41", "one", History.Plan, Origin.Plan, due, Occurrence: due, PlanVersion: 1));
                history.Append(Droplet, id, name == "at work" ? new SnapshotStarted(id, Droplet, 7, due) : new SnapshotFailed(id, Droplet, "no luck", Final: true, due));
                (at, now) = (0, history.Last);
                break;
            case "before it was in a plan":
                at = 12;
                break;
        }

        var turns = Turns(history, now);
        Assert.Equal(SlotStrip.Usual, turns.Count);
        var found = name is "removed by a person" ? turns.Single(t => t.State is SlotState.Removed).State : turns[^(1 + at)].State;
        Assert.Equal(expected, found);
    }

    [Fact]
    public void The_turns_follow_each_other_without_a_gap_up_to_now()
    {
        var history = new History(History.Terms("", timing: PlanTiming.Anchored)).Run(Day * 3);
        var turns = Turns(history, history.Last);
        Assert.All(turns.Zip(turns.Skip(1)), pair => Assert.Equal(pair.First.Until, pair.Second.From));
        Assert.InRange(history.Last, turns[^1].From, turns[^1].Until);
    }

    [Fact]
    public void What_a_policy_let_go_is_never_called_missed()
    {
        var history = new History(History.Terms("0h:2d", timing: PlanTiming.Anchored)).Run(Day * 20);
        var turns = Turns(history, history.Last);
        Assert.Contains(turns, t => t.State is SlotState.Thinned);
        Assert.DoesNotContain(turns, t => t.State is SlotState.Missed);
    }

    [Fact]
    public void What_was_found_is_not_late_and_neither_is_the_first_of_a_droplet_that_joined_in_between()
    {
        var history = new History(History.Terms("", timing: PlanTiming.Anchored));
        var found = history.Discover(History.Start - (Day * 3) + TimeSpan.FromHours(9));
        history.Run(Day * 2);
        var turns = Turns(history, history.Last);
        Assert.Equal(SlotState.Good, turns.Single(t => t.SnapshotId == found).State);
        Assert.DoesNotContain(turns, t => t.State is SlotState.Late);
    }

    [Fact]
    public void What_came_long_after_it_was_due_is_late()
    {
        var history = new History(History.Terms("", timing: PlanTiming.Anchored)).Run(Day * 3);
        history.Plans = false;
        history.Run(Day * 1.5);
        history.Plans = true;
        history.Run(Day / 2);
        Assert.Contains(Turns(history, history.Last), t => t.State is SlotState.Late);
    }

    [Fact]
    public void A_life_whose_beginning_is_left_out_is_left_out_unless_it_lives()
    {
        var history = new History(History.Terms("0h:2d", timing: PlanTiming.Anchored)).Run(Day * 8);
        var events = Events(history);
        var all = SlotStrip.SnapshotsOf(history.Ledger(), events);
        var cut = SlotStrip.SnapshotsOf(history.Ledger(), [.. events.Skip(events.Count / 2)]);
        Assert.True(cut.Length < all.Length);
        Assert.All(history.Snapshots().Where(s => s.Live), s => Assert.Contains(cut, c => c.SnapshotId == s.SnapshotId));
    }

    private static IReadOnlyList<LoggedEvent> Events(History history) => history.Log.ReadDropletAsync(Droplet, int.MaxValue, default).Result;

    private static IReadOnlyList<Slot> Turns(History history, DateTimeOffset now)
    {
        var events = Events(history);
        IReadOnlyList<Snapshot> snapshots = SlotStrip.SnapshotsOf(history.Ledger(), events);
        return SlotStrip.Of(history.Ledger(), snapshots, [.. events, .. history.Log.ReadStreamAsync(history.Ledger().PlanFacts!.Id, default).Result], now);
    }
}
