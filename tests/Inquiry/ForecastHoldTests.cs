using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Forecasting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What the rules let go and something holds stays, and it is said what.</summary>
public sealed class ForecastHoldTests
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What holds the oldest snapshot, and what a forecast names for it.</summary>
    private static readonly Dictionary<string, (Action<History, Snapshot> Do, Guard? Guard)> Holds = new(StringComparer.Ordinal)
    {
        ["a pin"] = (Pin, Guard.Pinned),
        ["a pin that held it before"] = ((h, s) =>
        {
            Pin(h, s);
            h.Run(TimeSpan.FromDays(3));
        }, Guard.Pinned),
        ["a paused droplet"] = ((h, s) => h.Tell(s.DropletId, new DropletPaused(s.DropletId, "ann", "rebuilt", h.Now)), Guard.Paused),
        ["a paused plan"] = ((h, _) => h.State(new PlanPaused(History.Plan, "ann", "holiday", h.Now)), Guard.Paused),
        ["two plans"] = ((h, s) => h.Tell(s.DropletId, new PlansOverlapped(s.DropletId, [History.Plan, "q"], h.Now)), Guard.Overlap),
        ["a refusal"] = ((h, s) => h.Append(s.DropletId, s.SnapshotId, new PruneRefused(s.SnapshotId, s.DropletId, Guard.IdentityChanged, "another name", h.Now)), Guard.IdentityChanged),
        ["a refusal by DigitalOcean"] = ((h, s) => h.Append(s.DropletId, s.SnapshotId, new PruneRefused(s.SnapshotId, s.DropletId, null, "locked", h.Now)), null),
        ["a brake on the droplet"] = ((h, s) => h.Tell(s.DropletId, new BrakeApplied(History.Plan, s.DropletId, "5 of 6", h.Now, 1)), Guard.Brake),
        ["a brake on the plan"] = ((h, _) => h.State(new BrakeApplied(History.Plan, null, "5 of 6", h.Now, 1)), Guard.Brake),
    };

    public static TheoryData<string> Names => [.. Holds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_held_stays_and_it_is_said_what_holds_it(string name)
    {
        var history = new History(History.Terms("0h:3d", brake: BrakeSetting.On)).Run(TimeSpan.FromDays(2));
        var oldest = history.Snapshots().MinBy(s => s.CreatedAt)!;
        Holds[name].Do(history, oldest);

        var forecast = Forecaster.Of(Fleet(history), history.Now, new ForecastTerms(history.Now + Ahead), Ct);

        var stays = forecast.Snapshots.Single(s => s.SnapshotId == oldest.SnapshotId);
        Assert.Null(stays.Goes);
        Assert.NotNull(stays.Held);
        Assert.Equal(Holds[name].Guard, stays.Held.Guard);
        Assert.NotEmpty(stays.Held.Detail);
    }

    [Fact]
    public void One_of_no_plan_stays_and_nothing_has_to_hold_it()
    {
        var history = new History(History.Terms("0h:3d")).Run(TimeSpan.FromDays(2));
        var id = Guid.NewGuid();
        history.Append(History.FirstDroplet, id, new SnapshotRequested(id, History.FirstDroplet, "web-41", "by-hand", null, Origin.Manual, history.Now));
        history.Append(History.FirstDroplet, id, new SnapshotAttempted(id, History.FirstDroplet, 1, history.Now, history.Now));
        history.Append(History.FirstDroplet, id, new SnapshotCompleted(id, History.FirstDroplet, 77, 1, ["nyc3"], history.Now, history.Now));

        var forecast = Forecaster.Of(Fleet(history), history.Now, new ForecastTerms(history.Now + Ahead), Ct);

        var byHand = forecast.Snapshots.Single(s => s.SnapshotId == id);
        Assert.Null(byHand.Goes);
        Assert.Null(byHand.Held);
        Assert.NotEmpty(forecast.Departures);
    }

    [Fact]
    public void What_the_brake_on_a_droplet_will_hold_stays_and_that_brake_is_told()
    {
        var history = new History(History.Terms("0h:1d", brake: BrakeSetting.On));
        foreach (var days in Enumerable.Range(5, 8))
        {
            history.Discover(history.Now.AddDays(-days));
        }

        history.Discover(history.Now);
        var forecast = Forecaster.Of(Fleet(history), history.Now, new ForecastTerms(history.Now.AddHours(20)), Ct);

        Assert.Empty(forecast.Departures);
        Assert.Contains("of droplet 41 ('web-41') in plan 'p' will expire", Assert.Single(forecast.Brakes), StringComparison.Ordinal);
        Assert.Equal(9, forecast.Snapshots.Length);
        Assert.Equal(8, forecast.Snapshots.Count(s => s.Held is { Guard: Guard.Brake }));
    }

    [Fact]
    public void What_went_already_counts_for_the_brake_that_is_foretold()
    {
        // Three have just gone, which is as many as may; two more within a day are too much.
        var history = new History(History.Terms("0h:4d", brake: BrakeSetting.On)).Run(TimeSpan.FromHours(2));
        foreach (var hours in (int[])[97, 98, 99])
        {
            history.Discover(history.Now.AddHours(-hours));
        }

        history.Run(TimeSpan.FromHours(2));
        Assert.Equal(3, history.Events.Count(e => e.Data is SnapshotPruned));
        history.Discover(history.Now.AddHours(-90));
        history.Discover(history.Now.AddHours(-91));
        var now = history.Now;
        var forecast = Forecaster.Of(Fleet(history), now, new ForecastTerms(now.AddHours(18)) { Pace = History.Step }, Ct);
        history.Run(TimeSpan.FromHours(20));

        Assert.Contains("3 of which went already", Assert.Single(history.Events.Select(e => e.Data).OfType<BrakeApplied>()).Detail, StringComparison.Ordinal);
        Assert.Contains("3 of which went already", Assert.Single(forecast.Brakes), StringComparison.Ordinal);
        Assert.Equal(3, history.Events.Count(e => e.Data is SnapshotPruned));
        Assert.Empty(forecast.Departures);
    }

    [Theory]
    [InlineData(10, false, true)]
    [InlineData(90, false, false)]
    [InlineData(10, true, false)]
    public void What_is_on_its_way_out_goes_unless_the_pruner_takes_it_back(int minutes, bool paused, bool goes)
    {
        var history = new History(History.Terms("0h:30d")).Run(TimeSpan.FromDays(2));
        var oldest = history.Snapshots().MinBy(s => s.CreatedAt)!;
        // Another rule has just come, and the planner has decided by it.
        history.State(new PlanChanged(History.Plan, 2, History.Terms("0h:1d"), history.Now));
        history.Append(oldest.DropletId, oldest.SnapshotId, new SnapshotExpired(
            oldest.SnapshotId, oldest.DropletId, oldest.ImageId!.Value, oldest.Name, History.Plan, 2, "0h:1d", TimeSpan.Zero, TimeSpan.FromDays(2), null, Origin.Plan, history.Now));
        if (paused)
        {
            history.State(new PlanPaused(History.Plan, "ann", "holiday", history.Now));
        }

        var now = history.Now.AddMinutes(minutes);
        var forecast = Forecaster.Of(Fleet(history), now, new ForecastTerms(now.AddMinutes(5)), Ct);

        Assert.Equal(goes, forecast.Snapshots.Single(s => s.SnapshotId == oldest.SnapshotId).Goes is { Rule: "0h:1d" } departure && departure.At == now);
    }

    private static void Pin(History h, Snapshot s) => h.Append(s.DropletId, s.SnapshotId, new SnapshotPinned(s.SnapshotId, s.DropletId, "ann", "kept", h.Now));

    private static IReadOnlyList<DropletLedger> Fleet(History history) => history.Log.LoadLedgersAsync(null, default).Result;
}
