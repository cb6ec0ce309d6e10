using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Forecasting;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What is foretold comes to pass, when nobody interferes.</summary>
public sealed class ForecastTests
{
    private static readonly TimeSpan Past = TimeSpan.FromDays(14);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(20);

    private static readonly Gen<string> Rule = Gen.Select(OneOf("0d", "1d", "2d", "3d", "1w", "30h"), OneOf("2d", "3d", "4d", "1w", "10d", "2w", "50h"), (interval, age) => $"{interval}:{age}");

    private static readonly Gen<string> Policy = Rule.Array[0, 4].Select(rules => string.Join(' ', rules));

    private static readonly Gen<PlanTiming> Timing = OneOf(PlanTiming.Elapsed, PlanTiming.Anchored);

    [Fact]
    public void What_goes_goes_at_the_foretold_moment_by_the_foretold_rule_in_favour_of_the_foretold_one()
    {
        var foretold = 0;
        Gen.Select(Policy, Timing, Gen.Int[0, 2], OneOf("1d", "12h", "2d")).Sample(
            (policy, timing, lag, every) =>
            {
                var history = new History(History.Terms(policy, every, timing: timing), droplets: 2, lag: lag * History.Step).Run(Past);
                var now = history.Now;
                var forecast = Forecaster.Of(Fleet(history), now, new ForecastTerms(now + Ahead) { Pace = History.Step });
                history.Run(Ahead);

                var happened = history.Events.Select(e => e.Data).OfType<SnapshotExpired>().Where(e => e.DecidedAt >= now)
                    .Select(e => (e.SnapshotId, e.DecidedAt, e.Rule, e.KeptInstead?.SnapshotId, e.KeptInstead?.Distance)).Order().ToList();
                var said = forecast.Departures.Where(s => s.Goes!.At < now + Ahead)
                    .Select(s => (s.SnapshotId, s.Goes!.At, s.Goes.Rule, s.Goes.InFavourOf?.SnapshotId, s.Goes.InFavourOf?.Distance)).Order().ToList();
                Assert.Equal(happened, said);
                Interlocked.Add(ref foretold, said.Count);

                // What is there at the end, and what is stored.
                var there = Fleet(history).SelectMany(l => l.Snapshots).Where(s => s.IsComplete).ToList();
                var (last, late) = (forecast.Days[^1], forecast.Snapshots.Count(s => s.Goes?.At >= now + Ahead));
                Assert.InRange(last.Snapshots - late, there.Count - 2, there.Count + 2);
            },
            iter: 40,
            threads: 1);
        Assert.True(foretold > 300, $"{foretold} were foretold");
    }

    [Fact]
    public void With_copies_it_goes_within_one_round_of_the_foretold_moment() =>
        Gen.Select(Policy, Timing).Sample(
            (policy, timing) =>
            {
                var history = new History(History.Terms(policy, regions: ["lon1"], timing: timing), lag: History.Step).Run(Past);
                var now = history.Now;
                var forecast = Forecaster.Of(Fleet(history), now, new ForecastTerms(now + Ahead) { Pace = History.Step });
                history.Run(Ahead + History.Step);

                var happened = history.Events.Select(e => e.Data).OfType<SnapshotExpired>().ToDictionary(e => e.SnapshotId);
                Assert.All(
                    forecast.Departures.Where(s => s.Goes!.At < now + Ahead),
                    s => Assert.InRange(happened[s.SnapshotId].DecidedAt - s.Goes!.At, TimeSpan.Zero, History.Step));
            },
            iter: 15,
            threads: 1);

    [Fact]
    public void A_pinned_one_and_one_of_no_plan_stay_and_what_holds_one_is_told()
    {
        var history = new History(History.Terms("0h:3d")).Run(TimeSpan.FromDays(2));
        var pinned = history.Snapshots().MinBy(s => s.CreatedAt)!;
        history.Append(History.FirstDroplet, pinned.SnapshotId, new SnapshotPinned(pinned.SnapshotId, History.FirstDroplet, "ann", "kept", history.Now));
        var manual = Guid.NewGuid();
        history.Append(History.FirstDroplet, manual, new SnapshotRequested(manual, History.FirstDroplet, "web-41", "by-hand", null, Origin.Manual, history.Now));
        history.Append(History.FirstDroplet, manual, new SnapshotAttempted(manual, History.FirstDroplet, 1, history.Now, history.Now));
        history.Append(History.FirstDroplet, manual, new SnapshotCompleted(manual, History.FirstDroplet, 77, 1, ["nyc3"], history.Now, history.Now));

        var forecast = Forecaster.Of(Fleet(history), history.Now, new ForecastTerms(history.Now + Ahead));

        var stays = forecast.Snapshots.Single(s => s.SnapshotId == pinned.SnapshotId);
        Assert.Null(stays.Goes);
        Assert.Equal(Guard.Pinned, stays.Held!.Guard);
        var byHand = forecast.Snapshots.Single(s => s.SnapshotId == manual);
        Assert.Equal((null, null), (byHand.Goes, byHand.Held));
        Assert.NotEmpty(forecast.Departures);
    }

    [Fact]
    public void What_a_brake_holds_stays_and_the_brake_is_told()
    {
        var history = new History(History.Terms("0h:1d", brake: BrakeSetting.On));
        foreach (var days in Enumerable.Range(5, 8))
        {
            history.Discover(history.Now.AddDays(-days));
        }

        history.Discover(history.Now);
        var forecast = Forecaster.Of(Fleet(history), history.Now, new ForecastTerms(history.Now.AddHours(20)));

        Assert.Empty(forecast.Departures);
        Assert.Contains("will expire", Assert.Single(forecast.Brakes.Distinct(StringComparer.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(9, forecast.Snapshots.Length);
    }

    [Fact]
    public void Days_add_up_to_what_is_stored_and_what_it_costs()
    {
        var history = new History(History.Terms("0h:3d", timing: PlanTiming.Anchored)) { Size = 10 }.Run(TimeSpan.FromDays(10));
        var forecast = Forecaster.Of(Fleet(history), history.Now, new ForecastTerms(history.Now + TimeSpan.FromDays(30)) { Price = 0.30m });

        // Three or four at any time, of 10 GB, at a cent a day for each GB.
        Assert.Equal(31, forecast.Days.Length);
        Assert.All(forecast.Days, d => Assert.InRange(d.Gigabytes, 30, 40));
        Assert.All(forecast.Days.Skip(1).SkipLast(1), d => Assert.InRange(d.Cost, 0.30m, 0.40m));
        Assert.Equal(forecast.Days.Select(d => d.Snapshots * 10m), forecast.Days.Select(d => d.Gigabytes));
    }

    private static IReadOnlyList<DropletLedger> Fleet(History history) => history.Log.LoadLedgersAsync(null, default).Result;

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
