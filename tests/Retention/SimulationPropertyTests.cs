using CsCheck;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Retention.Tests;

public sealed class SimulationPropertyTests
{
    [Fact]
    public void Agrees_with_the_naive_simulation_in_every_snapshot_and_every_reason() => SimulationScenario.OfRuns(60).Sample(
        scenario => Assert.Equal(NaiveSimulation.Of(scenario).Snapshots, Simulator.Run(scenario.Terms).Snapshots.Select(Of)),
        iter: 1_500);

    [Fact]
    public void Counts_after_every_run_what_the_naive_simulation_counts() => SimulationScenario.OfRuns(40).Sample(
        scenario =>
        {
            IReadOnlyList<Dictionary<string, int>> expected = NaiveSimulation.Of(scenario).Counts;
            SimulationResult result = Simulator.Run(scenario.Terms);

            Assert.Equal(expected.Count, result.Runs);
            for (int run = 0; run < expected.Count; run++)
            {
                DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(scenario.Start + (run * scenario.Interval));
                Assert.All(result.Groups, group => Assert.Equal(Expected(expected[run], group), group.CountOn(now)));
                Assert.Equal(expected[run].Values.Sum(), result.Groups.Sum(group => group.CountOn(now)));
            }
        },
        iter: 500);

    [Fact]
    public void Agrees_with_the_sieve_at_every_run_of_a_long_time() => SimulationScenario.OfRuns(800).Sample(
        scenario => Assert.Equal(SievedRunByRun(scenario.Terms), Simulator.Run(scenario.Terms).Left.Select(one => one.Point)),
        iter: 300);

    [Fact]
    public void Takes_everything_down_in_order() => SimulationScenario.OfRuns(100).Sample(
        scenario =>
        {
            SimulationResult result = Simulator.Run(scenario.Terms);

            Assert.Equal(Enumerable.Range(1, result.Snapshots.Length).Select(id => (long)id), result.Snapshots.Select(one => one.Point.Id));
            Assert.All(result.Snapshots, one => Assert.Equal(one.TakenAt + scenario.Terms.Lag, one.Point.CreatedAt));
            Assert.All(result.Snapshots.Where(one => one.Deletion is not null), one =>
            {
                Assert.False(one.Deletion!.Reason.Keeps);
                Assert.InRange(one.Deletion.At, one.Point.CreatedAt, result.LastRun!.Value);
            });
            Assert.All(result.Groups, group =>
            {
                Assert.Equal(group.Counts.OrderBy(count => count.At), group.Counts);
                Assert.All(group.Counts.Zip(group.Counts.Skip(1)), pair => Assert.NotEqual(pair.First.Count, pair.Second.Count));
            });
        },
        iter: 500);

    private static int Expected(Dictionary<string, int> counts, GroupHistory group) =>
        counts.GetValueOrDefault(group.Rule?.ToString() ?? "");

    private static Taken Of(SimulatedSnapshot one)
    {
        var taken = new Taken(
            (int)one.Point.Id,
            one.TakenAt.ToUnixTimeSeconds(),
            one.Point.CreatedAt.ToUnixTimeSeconds(),
            one.Point.Slot.ToUnixTimeSeconds());
        if (one.Deletion is not { } deletion)
        {
            return taken;
        }

        ModelVerdict verdict = ModelVerdict.Of(new Verdict(one.Point, deletion.Reason, null));
        return taken with
        {
            DeletedAt = deletion.At.ToUnixTimeSeconds(),
            Why = verdict.Why,
            Rule = verdict.Rule,
            Neighbour = verdict.Neighbour,
            Distance = verdict.Distance,
        };
    }

    // The sieve asked about everything at every run.
    private static List<RestorePoint> SievedRunByRun(SimulationTerms terms)
    {
        List<RestorePoint> points = [];
        int taken = 0;
        RestorePoint? last = null;
        DateTimeOffset end = terms.Start + terms.Duration.Duration;
        for (DateTimeOffset now = terms.Start; now < end; now += terms.Interval.Duration)
        {
            List<RestorePoint> seen = [.. points.Where(point => point.CreatedAt <= now)];
            bool due = Schedule.IsDue(seen.Count == 0 ? null : seen.Max(point => point.CreatedAt), terms.Every, now);
            DateTimeOffset slot = now + terms.Lag;
            if (terms.Timing is SimulationTiming.Anchored)
            {
                slot = new Occurrences(terms.Anchor!.Value, terms.Every).Latest(now);
                due = last is not { } newest || (newest.Slot < slot && newest.CreatedAt < slot);
            }

            points = [.. Sieve.Judge(points, terms.Policy, now).Where(verdict => verdict.Keep).Select(verdict => verdict.Point)];
            if (due)
            {
                last = new RestorePoint(++taken, now + terms.Lag, slot);
                points.Add(last.Value);
            }
        }

        return points;
    }
}
