namespace DoSnapshot.Retention;

/// <summary>Puts a policy into one sentence.</summary>
internal static class PolicySentence
{
    public static string Of(Period every, RetentionPolicy policy)
    {
        string taken = every.Duration == TimeSpan.Zero
            ? "A snapshot is taken at every run"
            : $"A snapshot is taken every {every.DescribeRepeat()}";
        List<Band> bands = Band.Reached(policy);
        if (bands.Count == 0)
        {
            return $"{taken} and kept for ever.";
        }

        string youth = bands[0].From == TimeSpan.Zero
            ? $"{taken}; "
            : $"{taken} and kept until it is {bands[0].Rule.Age.Describe()} old; then ";
        return youth + Stages(bands) + ".";
    }

    private static string Stages(List<Band> bands)
    {
        if (bands.Count == 1)
        {
            return bands[0].Rule.KeepsNone ? "none stays" : $"{Spacing(bands[0])} stays {End(bands[0])}";
        }

        IEnumerable<string> earlier = bands.Take(bands.Count - 1)
            .Select((band, index) => index == 0 ? $"{Spacing(band)} stays {End(band)}" : $"{Spacing(band)} {End(band)}");
        Band last = bands[^1];
        return $"{string.Join(", ", earlier)}, and {(last.Rule.KeepsNone ? "none after that" : $"{Spacing(last)} {End(last)}")}";
    }

    private static string Spacing(Band band) => $"one every {band.Rule.Interval.DescribeRepeat()}";

    private static string End(Band band) => band.Until is { } age ? $"until {age.Describe()}" : "for ever";
}
