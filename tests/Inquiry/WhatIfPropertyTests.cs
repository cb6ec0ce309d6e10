using System.Collections.Concurrent;
using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.WhatIf;
using DoSnapshot.Retention;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>The same rules make the same world; others make the world that a simulation of them makes of the same snapshots.</summary>
public sealed class WhatIfPropertyTests
{
    private static readonly TimeSpan Span = TimeSpan.FromDays(20);

    private static readonly Gen<string> Rule = Gen.Select(OneOf("0d", "1d", "2d", "3d", "1w", "30h"), OneOf("2d", "3d", "4d", "1w", "10d", "2w", "50h"), (interval, age) => $"{interval}:{age}");

    private static readonly Gen<string> Policy = Rule.Array[0, 4].Select(rules => string.Join(' ', rules));

    private static readonly Gen<PlanTiming> Timing = OneOf(PlanTiming.Elapsed, PlanTiming.Anchored);

    [Fact]
    public void In_simulated_worlds_the_plans_own_rules_make_no_difference()
    {
        var found = new ConcurrentBag<string>();
        var same = new ConcurrentBag<long>();
        Parallel.For(1, 16, seed =>
        {
            var (log, end) = SimulatedLogs.Of((ulong)seed);
            var result = log.WhatIf(end, new WhatIfTerms());
            same.Add(result.PastSame);
            foreach (var difference in result.Differences())
            {
                found.Add($"seed {seed}: {difference}");
            }

            foreach (var day in result.Days.Where(d => d.TruthGigabytes != d.OtherGigabytes || d.TruthCost != d.OtherCost || d.TruthSnapshots != d.OtherSnapshots))
            {
                found.Add($"seed {seed}: {day}");
            }
        });
        Assert.Empty(found.Order(StringComparer.Ordinal));
        Assert.True(same.Sum() > 300, $"{same.Sum()} ended");
    }

    [Fact]
    public void The_rules_of_a_troubled_history_make_no_difference_to_it() =>
        Gen.Select(Policy, Timing, Gen.ULong, Gen.Bool).Sample(
            (policy, timing, seed, brake) =>
            {
                var dice = new Random((int)seed);
                var terms = History.Terms(policy, timing: timing, regions: ["lon1"], brake: brake ? BrakeSetting.On : BrakeSetting.Off);
                var history = new History(terms, droplets: 2, lag: dice.Next(3) * History.Step).Run(Span, h => Trouble(h, dice));
                var result = history.Events.WhatIf(history.Last, WhatIfRuns.Terms(policy));
                Assert.Empty(result.Differences());
                Assert.True(result.IsSame);
                Assert.All(result.Days, d => Assert.Equal((d.TruthGigabytes, d.TruthCost, d.TruthSnapshots), (d.OtherGigabytes, d.OtherCost, d.OtherSnapshots)));
            },
            iter: 20,
            threads: 1);

    [Fact]
    public void Other_rules_and_another_interval_make_what_a_simulation_of_them_makes() =>
        Gen.Select(Policy, Policy, Timing, OneOf<string?>(null, null, "2d", "3d", "12h", "8h")).Sample(
            (truth, other, timing, anyEvery) =>
            {
                // A simulation has no guards: the next must be there before a rule reaches the newest.
                var rules = RetentionPolicy.Parse(other.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                var every = anyEvery is { } given && rules.Rules.Any(r => r.Age.Duration <= Period.Parse(given).Duration) ? null : anyEvery;
                var history = new History(History.Terms(truth, timing: timing, keepAtLeast: 0)).Run(Span);
                var result = history.Events.WhatIf(history.Last, WhatIfRuns.Terms(other, every));
                var simulated = Simulator.Run(new SimulationTerms
                {
                    Every = Period.Parse(every ?? "1d"),
                    Policy = rules,
                    Start = History.Start,
                    Interval = Period.Parse($"{History.Step.Hours}h"),
                    Duration = Period.Parse($"{Span.Days}d"),
                    Timing = timing is PlanTiming.Anchored ? SimulationTiming.Anchored : SimulationTiming.Elapsed,
                });
                Assert.Equal(
                    simulated.Left.Select(s => s.Point.CreatedAt),
                    result.Today.Where(s => s.Other.Kind is FateKind.Exists).Select(s => s.CreatedAt));
                var ends = simulated.Snapshots.ToDictionary(s => s.Point.CreatedAt, s => s.Deletion?.At);
                Assert.All(
                    result.Today.Concat(result.Past).Where(s => s.Other.Kind is not FateKind.NeverMade),
                    s => Assert.Equal(ends[s.CreatedAt], s.Other.At));
                Assert.Equal(simulated.Snapshots.Length, result.PastSame + result.Today.Concat(result.Past).Count(s => s.Other.Kind is not FateKind.NeverMade));
            },
            iter: 40,
            threads: 1);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>Whatever an operator, an owner or fate may do.</summary>
    private static void Trouble(History h, Random dice)
    {
        if (dice.Next(6) != 0 || h.Snapshots().Where(s => s.IsComplete).ToList() is not { Count: > 0 } complete)
        {
            return;
        }

        var s = complete[dice.Next(complete.Count)];
        switch (dice.Next(10))
        {
            case 0:
                h.Append(s.DropletId, s.SnapshotId, new SnapshotPinned(s.SnapshotId, s.DropletId, "ann", "", h.Now));
                break;
            case 1 when s.Pinned:
                h.Append(s.DropletId, s.SnapshotId, new SnapshotUnpinned(s.SnapshotId, s.DropletId, "ann", "", h.Now));
                break;
            case 2 when !s.Pinned:
                h.Remove(s);
                break;
            case 3:
                h.Append(s.DropletId, s.SnapshotId, new SnapshotLost(s.SnapshotId, s.DropletId, s.ImageId!.Value, h.Now));
                break;
            case 4:
                h.Discover(h.Now.AddHours(-dice.Next(20 * 24)));
                break;
            case 5:
                h.Plans = !h.Plans;
                break;
            case 6:
                h.State(new PlanPaused(History.Plan, "ann", "", h.Now));
                break;
            case 7:
                h.State(new PlanResumed(History.Plan, "ann", "", h.Now));
                break;
            case 8:
                h.State(new BrakeReleased(History.Plan, null, "ann", "looked", h.Now));
                break;
            default:
                h.Plans = true;
                break;
        }
    }
}
