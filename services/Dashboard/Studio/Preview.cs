using System.Collections.Immutable;
using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Retention;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Dashboard.Studio;

/// <summary>What a policy would make of a new droplet in some time.</summary>
/// <param name="Taken">Snapshots taken.</param>
/// <param name="Left">Ages of those that are left, youngest first.</param>
/// <param name="LongestGap">The longest time between two that are left next to each other; null with less than two.</param>
internal sealed record FromNothing(int Taken, ImmutableArray<TimeSpan> Left, TimeSpan? LongestGap);

/// <summary>What would go at once if a policy took the place of the one that is in force.</summary>
/// <param name="Snapshots">Which.</param>
/// <param name="Of">Out of so many.</param>
internal sealed record GoesAtOnce(ImmutableArray<ForecastSnapshotShape> Snapshots, int Of)
{
    /// <summary>GB that are freed.</summary>
    public decimal Gigabytes => Snapshots.Sum(s => s.SizeGigabytes);
}

/// <summary>Tries a policy out, by the rules that the planner decides by.</summary>
internal static class Preview
{
    private static readonly Period Hour = Period.Parse("1h");

    /// <summary>Plays it from nothing.</summary>
    /// <param name="every">The time between snapshots.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="days">For so many days.</param>
    /// <param name="start">From when on, UTC.</param>
    public static FromNothing Play(Period every, RetentionPolicy policy, int days, DateTimeOffset start)
    {
        var result = Simulator.Run(new SimulationTerms
        {
            Every = every,
            Policy = policy,
            Start = start,
            Interval = every.Duration < TimeSpan.FromDays(1) ? Hour : every,
            Duration = Period.Parse($"{days}d"),
            Timing = SimulationTiming.Anchored,
        });
        var end = start.AddDays(days);
        ImmutableArray<DateTimeOffset> left = [.. result.Left.Select(s => s.Point.CreatedAt).Order()];
        return new FromNothing(
            result.Snapshots.Length,
            [.. left.Reverse().Select(at => end - at)],
            left.Length < 2 ? null : left.Zip(left.Skip(1), (a, b) => b - a).Max());
    }

    /// <summary>What the rules alone would let go of what there is. Guards, pins and the brake hold some of it.</summary>
    /// <param name="policy">The rules.</param>
    /// <param name="plan">Of this plan.</param>
    /// <param name="snapshots">What there is, and is to come.</param>
    /// <param name="now">The moment, UTC.</param>
    public static GoesAtOnce Now(RetentionPolicy policy, string plan, IEnumerable<ForecastSnapshotShape> snapshots, DateTimeOffset now)
    {
        var ofPlan = snapshots.Where(s => !s.ToCome && string.Equals(s.Plan, plan, StringComparison.Ordinal)).ToList();
        var goes = ImmutableArray.CreateBuilder<ForecastSnapshotShape>();
        foreach (var droplet in ofPlan.GroupBy(s => s.DropletId))
        {
            var all = droplet.ToList();
            foreach (var verdict in Sieve.Deletions([.. all.Select((s, at) => new RestorePoint(at, s.CreatedAt))], policy, now))
            {
                goes.Add(all[(int)verdict.Point.Id]);
            }
        }

        return new GoesAtOnce(goes.ToImmutable(), ofPlan.Count);
    }
}
