using CsCheck;
using DoSnapshot.Cli.Retention;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Retention;

namespace DoSnapshot.Cli.Tests.Retention;

/// <summary>The guards that a forecast names, against those that the planner and the pruner ask.</summary>
public sealed class ForecastGuardTests
{
    private static readonly string[] Rules = ["0d:0h", "0d:2d", "3d:1d", "1d:0h", "1w:0h"];

    [Fact]
    public void Holds_what_the_planners_guards_hold() => Gen.Select(Gen.Int[0, 240].Array[0, 8], Gen.Int[0, 4], Gen.Int[0, 4]).Sample((hours, rule, least) =>
    {
        var policy = RetentionPolicy.Parse([Rules[rule]]);
        var listed = hours.Select((age, index) => new ListedSnapshot(index + 1, Ran.Now - TimeSpan.FromHours(age))).ToList();

        var forecast = new RetentionForecast(policy, Ran.Now, null, null, least).Of(new DropletSnapshots("web", listed));

        Assert.Equal(ByThePlanner(listed, policy, least), forecast.Verdicts.Select(one => (one.Snapshot.Id, one.HeldBy)));
    });

    // The planner's own order: the verdicts from the oldest on, each asked of what remains.
    private static List<(long Id, Guard? HeldBy)> ByThePlanner(List<ListedSnapshot> listed, RetentionPolicy policy, int keepAtLeast)
    {
        var plan = Plan.From("p", 1, new PlanTerms("t", "$droplet-", "1d", "03:00", "0h", [], [], keepAtLeast, PlanTiming.Elapsed));
        var remaining = listed.ConvertAll(one => new Snapshot
        {
            Id = $"{one.Id}",
            SnapshotId = Guid.NewGuid(),
            DropletId = 1,
            DropletName = "web",
            Name = "web",
            ImageId = one.Id,
            CreatedAt = one.CreatedAt,
        });
        var held = new List<(long, Guard?)>();
        foreach (var verdict in Sieve.Judge([.. listed.Select(one => new RestorePoint(one.Id, one.CreatedAt))], policy, Ran.Now))
        {
            var snapshot = remaining.Single(one => one.ImageId == verdict.Point.Id);
            var guard = verdict.Keep ? null : Guards.Check(snapshot, remaining, plan)?.Guard;
            held.Add((verdict.Point.Id, guard));
            if (!verdict.Keep && guard is null)
            {
                remaining.Remove(snapshot);
            }
        }

        return held;
    }
}
