using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Forecasting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What is foretold comes to pass, when nobody interferes.</summary>
public sealed class ForecastTests
{
    private static readonly TimeSpan Past = TimeSpan.FromDays(14);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly Gen<string> Rule = Gen.Select(OneOf("0d", "1d", "2d", "3d", "1w", "30h"), OneOf("2d", "3d", "4d", "1w", "10d", "2w", "50h"), (interval, age) => $"{interval}:{age}");

    private static readonly Gen<string> Policy = Rule.Array[0, 4].Select(rules => string.Join(' ', rules));

    private static readonly Gen<PlanTiming> Timing = OneOf(PlanTiming.Elapsed, PlanTiming.Anchored);

    /// <summary>What may have happened right before the forecast, by name.</summary>
    private static readonly Dictionary<string, Action<History>> Befores = new(StringComparer.Ordinal)
    {
        ["a pin"] = h => h.Append(History.FirstDroplet, Oldest(h).SnapshotId, new SnapshotPinned(Oldest(h).SnapshotId, History.FirstDroplet, "ann", "kept", h.Now)),
        ["a removal by hand"] = h => h.Remove(Oldest(h)),
        ["a paused droplet"] = h => h.Tell(History.FirstDroplet, new DropletPaused(History.FirstDroplet, "ann", "rebuilt", h.Now)),
        ["a paused plan"] = h => h.State(new PlanPaused(History.Plan, "ann", "holiday", h.Now)),
        ["a droplet that is gone, or lost its tag"] = h => h.Tell(History.FirstDroplet, new DropletWithdrawn(History.FirstDroplet, History.Plan, "gone", h.Now)),
        ["a plan that was removed"] = h => h.State(new PlanRemoved(History.Plan, "not wanted", h.Now)),
        ["two plans on a droplet"] = h => h.Tell(History.FirstDroplet, new PlansOverlapped(History.FirstDroplet, [History.Plan, "q"], h.Now)),
        ["old snapshots found"] = h => Enumerable.Range(1, 3).ToList().ForEach(days => h.Discover(h.Now.AddDays(-days).AddHours(-5))),
        ["so many found that the droplet's brake comes on"] = h => Enumerable.Range(1, 8).ToList().ForEach(n => h.Discover(h.Now.AddDays(-20).AddHours(-n))),
        ["so many found that the plan's brake comes on"] = h => Enumerable.Range(1, 30).ToList().ForEach(n => h.Discover(h.Now.AddDays(-20).AddHours(-n))),
        ["a snapshot lost"] = h => h.Append(History.FirstDroplet, Oldest(h).SnapshotId, new SnapshotLost(Oldest(h).SnapshotId, History.FirstDroplet, Oldest(h).ImageId!.Value, h.Now)),
        ["no snapshot left"] = h => Complete(h).ForEach(s => h.Append(s.DropletId, s.SnapshotId, new SnapshotLost(s.SnapshotId, s.DropletId, s.ImageId!.Value, h.Now))),
        ["a snapshot given up, and none for long"] = GiveUp,
    };

    public static TheoryData<string, PlanTiming, OrphanHandling> Beginnings =>
    [
        .. from before in Befores.Keys
           from timing in (PlanTiming[])[PlanTiming.Elapsed, PlanTiming.Anchored]
           from orphans in (OrphanHandling[])[OrphanHandling.Keep, OrphanHandling.Apply]
           select (before, timing, orphans),
    ];

    [Fact]
    public void What_goes_goes_at_the_foretold_moment_by_the_foretold_rule_in_favour_of_the_foretold_one()
    {
        var foretold = 0;
        Gen.Select(Policy, Timing, Gen.Int[0, 2], OneOf("1d", "12h", "2d"), Gen.Bool, Gen.Int[1, 3]).Sample(
            (policy, timing, lag, every, brake, keepAtLeast) =>
            {
                var terms = History.Terms(policy, every, timing: timing, brake: brake ? BrakeSetting.On : BrakeSetting.Off, keepAtLeast: keepAtLeast);
                foretold += Compare(new History(terms, droplets: 2, lag: lag * History.Step).Run(Past));
            },
            iter: 40,
            threads: 1);
        Assert.True(foretold > 100, $"{foretold} were foretold");
    }

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void Whatever_the_beginning_it_comes_to_pass(string before, PlanTiming timing, OrphanHandling orphans)
    {
        var brake = before.Contains("brake", StringComparison.Ordinal) ? BrakeSetting.On : BrakeSetting.Off;
        var history = new History(History.Terms("2d:3d 0d:8d", timing: timing, brake: brake) with { Orphans = orphans }, droplets: 4, lag: History.Step).Run(Past);
        Befores[before](history);
        var nothingGoes = before is "a paused plan" or "so many found that the plan's brake comes on" || (before is "a plan that was removed" && orphans is OrphanHandling.Keep);
        Assert.Equal(nothingGoes, Compare(history) == 0);
    }

    [Fact]
    public void With_copies_it_goes_within_one_round_of_the_foretold_moment() =>
        Gen.Select(Policy, Timing).Sample(
            (policy, timing) =>
            {
                var history = new History(History.Terms(policy, regions: ["lon1"], timing: timing), lag: History.Step).Run(Past);
                var now = history.Now;
                var forecast = Forecaster.Of(Fleet(history), now, new ForecastTerms(now + Ahead) { Pace = History.Step }, Ct);
                history.Run(Ahead + History.Step);

                var happened = history.Events.Select(e => e.Data).OfType<SnapshotExpired>().ToDictionary(e => e.SnapshotId);
                Assert.All(
                    forecast.Departures.Where(s => s.Goes!.At < now + Ahead),
                    s => Assert.InRange(happened[s.SnapshotId].DecidedAt - s.Goes!.At, TimeSpan.Zero, History.Step));
            },
            iter: 15,
            threads: 1);

    [Fact]
    public void A_brake_on_the_whole_plan_is_foretold_for_when_it_comes_on()
    {
        // Each droplet may lose as much; all together lose more than half.
        var history = new History(History.Terms("0h:2d", "2d", brake: BrakeSetting.On), droplets: 6).Run(TimeSpan.FromDays(5));
        foreach (var droplet in history.Droplets)
        {
            history.Discover(history.Now.AddHours(-30), droplet);
            history.Discover(history.Now.AddHours(-30), droplet);
        }

        var now = history.Now;
        var forecast = Forecaster.Of(Fleet(history), now, new ForecastTerms(now + Ahead - History.Step) { Pace = History.Step }, Ct);
        history.Run(Ahead);

        var brake = Assert.Single(history.Events.Select(e => e.Data).OfType<BrakeApplied>());
        Assert.Null(brake.DropletId);
        Assert.Equal(now.AddHours(18), brake.At);
        Assert.Equal($"from {Stamp.Of(brake.At)} on nothing of plan 'p' will expire: {brake.Detail}", Assert.Single(forecast.Brakes));
        Assert.DoesNotContain(forecast.Departures, s => s.Goes!.At >= brake.At);
        Assert.Equal(12, forecast.Snapshots.Count(s => s.Held is { Guard: Guard.Brake, Since: var since } && since == brake.At));
    }

    [Fact]
    public void Days_add_up_to_what_is_stored_and_what_it_costs()
    {
        var history = new History(History.Terms("0h:3d", timing: PlanTiming.Anchored)) { Size = 10 }.Run(TimeSpan.FromDays(10));
        var forecast = Forecaster.Of(Fleet(history), history.Now, new ForecastTerms(history.Now + TimeSpan.FromDays(30)) { Price = 0.30m }, Ct);

        // Three or four at any time, of 10 GB, at a cent a day for each GB.
        Assert.Equal(31, forecast.Days.Length);
        Assert.All(forecast.Days, d => Assert.InRange(d.Gigabytes, 30, 40));
        Assert.All(forecast.Days.Skip(1).SkipLast(1), d => Assert.InRange(d.Cost, 0.30m, 0.40m));
        Assert.Equal(forecast.Days.Select(d => d.Snapshots * 10m), forecast.Days.Select(d => d.Gigabytes));

        // Fewer rows: those that go last are left out, and the days still count them.
        var cut = Forecaster.Of(Fleet(history), history.Now, new ForecastTerms(forecast.Until) { Price = 0.30m, MostToCome = 5 }, Ct);
        Assert.Equal(forecast.Departures.Count(s => s.IsToCome) - 5, cut.LeftOut);
        Assert.Equal(forecast.Departures.Take(cut.Departures.Count()).ToArray(), cut.Departures.ToArray());
        Assert.Equal(forecast.Days.ToArray(), cut.Days.ToArray());
    }

    /// <summary>Foretells, lets the time pass round by round, and compares. How many were foretold to go.</summary>
    private static int Compare(History history)
    {
        var now = history.Now;
        // Up to the last round that is run.
        var forecast = Forecaster.Of(Fleet(history), now, new ForecastTerms(now + Ahead - History.Step) { Pace = History.Step }, Ct);
        history.Run(Ahead);

        var happened = history.Events.Select(e => e.Data).OfType<SnapshotExpired>().Where(e => e.DecidedAt >= now)
            .Select(e => (e.SnapshotId, e.DecidedAt, e.Rule, Instead: e.KeptInstead?.SnapshotId, e.KeptInstead?.Distance)).Order().ToList();
        var said = forecast.Departures
            .Select(s => (s.SnapshotId, s.Goes!.At, s.Goes.Rule, Instead: s.Goes.InFavourOf?.SnapshotId, s.Goes.InFavourOf?.Distance)).Order().ToList();
        Assert.Equal(happened, said);

        var there = Fleet(history).SelectMany(l => l.Snapshots).Where(s => s.IsComplete).ToList();
        Assert.Equal((there.Count, there.Sum(s => s.SizeGigabytes)), (forecast.Days[^1].Snapshots, forecast.Days[^1].Gigabytes));
        Assert.DoesNotContain(there, s => forecast.Departures.Any(d => d.SnapshotId == s.SnapshotId));
        return said.Count;
    }

    private static void GiveUp(History h)
    {
        h.Plans = false;
        h.Run(TimeSpan.FromDays(3));
        h.Plans = true;
        var last = h.Ledger().LastScheduled!;
        var id = SnapshotIds.ForElapsed(History.Plan, History.FirstDroplet, last.SnapshotId);
        h.Append(History.FirstDroplet, id, new SnapshotRequested(id, History.FirstDroplet, "web-41", "given-up", History.Plan, Origin.Plan, h.Now, PlanVersion: 1));
        h.Append(History.FirstDroplet, id, new SnapshotFailed(id, History.FirstDroplet, "no room", Final: true, h.Now));
    }

    private static List<Snapshot> Complete(History h) => [.. h.Snapshots().Where(s => s.IsComplete)];

    private static Snapshot Oldest(History h) => Complete(h).MinBy(s => s.CreatedAt)!;

    private static IReadOnlyList<DropletLedger> Fleet(History history) => history.Log.LoadLedgersAsync(null, default).Result;

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
