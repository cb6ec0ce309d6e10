using System.Collections.Immutable;
using DoSnapshot.Retention;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Dashboard.Studio;

/// <summary>What a policy would make of a new droplet in some time.</summary>
/// <param name="Taken">Snapshots taken.</param>
/// <param name="Left">Ages of those that are left, youngest first.</param>
/// <param name="LongestGap">The longest time between two that are left next to each other; null with less than two.</param>
internal sealed record FromNothing(int Taken, ImmutableArray<TimeSpan> Left, TimeSpan? LongestGap);

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
}
