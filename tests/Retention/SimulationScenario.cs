using CsCheck;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Retention.Tests;

/// <summary>Terms as the simulator and the naive simulation are both given them; lengths and times in seconds.</summary>
internal sealed record SimulationScenario(
    long Every, ModelRule[] Rules, long Start, long Interval, long Duration, bool Anchored, long Anchor, long Lag)
{
    private const int Hour = 3600;

    private static readonly Gen<ModelRule> Rule = Gen.Select(
        Gen.Frequency((1, Gen.Const(0)), (5, Gen.Int[1, 24])),
        Gen.Frequency((1, Gen.Const(0)), (5, Gen.Int[1, 48])),
        (interval, age) => new ModelRule((long)Hour * interval, (long)Hour * age, $"{interval}h:{age}h", 0));

    // No lag, some seconds, and now and then more than the time between runs, so that several are in progress at once.
    private static readonly Gen<long> Lags = Gen.Frequency(
        (3, Gen.Const(0L)), (3, Gen.Long[1, 60]), (1, Gen.Int[1, 8].Select(hours => (long)Hour * hours)), (1, Gen.Long[1, 40_000]));

    /// <summary>Up to so many runs.</summary>
    public static Gen<SimulationScenario> OfRuns(int most) => Gen.Select(
        Gen.Select(Gen.Int[0, 24], Gen.Int[1, 6], Gen.Int[0, most], Gen.Bool),
        Rule.Array[0, 4],
        Gen.Int[0, 86_400],
        Gen.Frequency((1, Gen.Const(0)), (1, Gen.Int[-90_000, 90_000])),
        Lags,
        (numbers, rules, start, anchor, lag) =>
        {
            (int every, int interval, int runs, bool anchored) = numbers;
            // A duration that is no multiple of the interval as well.
            long duration = ((long)runs * interval) - (start % 2 == 0 || runs == 0 ? 0 : interval / 2);
            long second = SieveCase.Noon.ToUnixTimeSeconds() + start;
            return new SimulationScenario(
                (long)Hour * (anchored ? Math.Max(every, 1) : every),
                [.. rules.Select((rule, place) => rule with { Place = place })],
                second,
                (long)Hour * interval,
                Hour * duration,
                anchored,
                second + anchor,
                lag);
        });

    public RetentionPolicy Policy => RetentionPolicy.Parse(Rules.Select(rule => rule.Text));

    public SimulationTerms Terms => new()
    {
        Every = Hours(Every),
        Policy = Policy,
        Start = DateTimeOffset.FromUnixTimeSeconds(Start),
        Interval = Hours(Interval),
        Duration = Hours(Duration),
        Timing = Anchored ? SimulationTiming.Anchored : SimulationTiming.Elapsed,
        Anchor = DateTimeOffset.FromUnixTimeSeconds(Anchor),
        Lag = TimeSpan.FromSeconds(Lag),
    };

    /// <summary>What a failure is reported as.</summary>
    public override string ToString() =>
        $"every {Every / Hour}h, rules {string.Join(' ', Rules.Select(rule => rule.Text))}, run every {Interval / Hour}h "
        + $"for {Duration / Hour}h, {(Anchored ? $"anchored {Anchor - Start} s after the start" : "elapsed")}, lag {Lag} s, start {Start}";

    private static Period Hours(long seconds) => Period.Parse($"{seconds / Hour}h");
}
