using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Forecasting;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>What a policy that is tried would let go is what the planner lets go once it is saved.</summary>
public sealed class PolicyTrialTests
{
    private static readonly TimeSpan Past = TimeSpan.FromDays(20);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly Gen<string> Rule = Gen.Select(Gen.Int[0, 4], Gen.Int[1, 14], (interval, age) => $"{interval}d:{age}d");

    private static readonly Gen<string[]> Keep = Rule.Array[0, 3];

    [Fact]
    public void What_goes_now_and_within_thirty_days_is_what_the_planner_lets_go_once_it_is_saved()
    {
        var (now, later) = (0, 0);
        Gen.Select(Keep, Keep, Gen.Bool, Gen.Int[1, 3]).Sample(
            (live, tried, isAnchored, keepAtLeast) =>
            {
                var timing = isAnchored ? PlanTiming.Anchored : PlanTiming.Elapsed;
                var history = new History(History.Terms(string.Join(' ', live), timing: timing, keepAtLeast: keepAtLeast), droplets: 2).Run(Past);
                var from = history.Now;
                // Up to the last round that is run.
                var trial = Try(history, tried, Ahead - History.Step);
                var there = history.Droplets.SelectMany(d => history.Snapshots(d)).Where(s => s.IsComplete).Select(s => s.SnapshotId).ToHashSet();
                Assert.Equal(there.Count, trial.Total);

                Save(history, tried);
                var decided = history.Droplets.SelectMany(d => Planning.Decide(history.Ledger(d), from)).Select(e => e.Data).OfType<SnapshotExpired>();
                Assert.Equal(decided.Select(e => e.SnapshotId).Order(), trial.Snapshots.Where(s => s.GoesAt == from).Select(s => s.SnapshotId).Order());
                Assert.Equal(trial.Now.Tried.Snapshots, trial.Snapshots.Count(s => s.GoesAt == from));

                history.Run(Ahead);
                var went = history.Events.Select(e => e.Data).OfType<SnapshotExpired>().Where(e => e.DecidedAt >= from && there.Contains(e.SnapshotId));
                Assert.Equal(
                    went.Select(e => (e.SnapshotId, e.DecidedAt, Rule: e.Rule!)).Order(), trial.Snapshots.Select(s => (s.SnapshotId, DecidedAt: s.GoesAt, s.Rule)).Order());
                (now, later) = (now + trial.Now.Tried.Snapshots, later + trial.Later.Tried.Snapshots);
            },
            iter: 12,
            threads: 1);
        Assert.True(now > 10 && later > 30, $"{now} went at once, {later} in all");
    }

    [Fact]
    public void The_same_policy_lets_go_what_goes_anyway_and_leaves_the_same_gaps()
    {
        var history = new History(History.Terms("2d:3d 0d:9d")).Run(Past);
        var trial = Try(history, ["2d:3d", "0d:9d"]);
        Assert.NotEmpty(trial.Snapshots);
        Assert.All(trial.Snapshots, s => Assert.True(s.GoesAnyway));
        Assert.Equal((trial.Now.Live, trial.Later.Live), (trial.Now.Tried, trial.Later.Tried));
    }

    [Fact]
    public void A_slip_is_told_with_what_goes_at_once_what_the_brake_holds_and_the_gaps_that_it_leaves()
    {
        var history = new History(History.Terms("", brake: BrakeSetting.On)).Run(Past);
        var trial = Try(history, ["4d:2d"]);
        Assert.Equal(20, trial.Total);
        Assert.InRange(trial.Now.Tried.Snapshots, 11, 16);
        Assert.Equal(trial.Now.Tried.Snapshots, trial.Now.HeldByBrake);
        Assert.Equal((0, 0), (trial.Now.Live.Snapshots, trial.Later.Live.Snapshots));
        Assert.Contains("would go within a day", Assert.Single(trial.Brakes), StringComparison.Ordinal);
        Assert.Equal(trial.Now.Tried.Snapshots * 2m, trial.Now.Tried.Gigabytes);
        Assert.Equal(trial.Now.Tried.Gigabytes * 0.06m, trial.Now.Tried.DollarsPerMonth);
        Assert.InRange(trial.Now.Live.LongestGap!.Length, TimeSpan.FromHours(22), TimeSpan.FromHours(30));
        Assert.InRange(trial.Now.Tried.LongestGap!.Length, TimeSpan.FromDays(3), TimeSpan.FromDays(5));
        // With a release all of it goes; without one nothing does.
        Assert.All(trial.Snapshots, s => Assert.False(s.GoesAnyway));
    }

    private static PolicyTrial Try(History history, string[] keep, TimeSpan? ahead = null)
    {
        var plan = history.Log.LoadFleetFactsAsync(Ct).Result.Plans.Single();
        var terms = new TrialTerms(plan, new PolicyWanted(keep, null, plan.PlanVersion).In(plan.Terms!), history.Now + (ahead ?? Ahead)) { Pace = History.Step };
        return PolicyTrial.Of(history.Log.LoadLedgersAsync(null, Ct).Result, history.Now, terms, Ct);
    }

    /// <summary>Saves it as a person does, unless it says what there is.</summary>
    private static void Save(History history, string[] keep)
    {
        var by = new CommandedBy("ann", "tried", history.Now);
        history.Log.DecideFleetAsync(fleet => Commanding.ChangePolicy(fleet, History.Plan, new PolicyWanted(keep, null, 1), by).Events, Ct).Wait(Ct);
    }
}
