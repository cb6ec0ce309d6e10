using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Retention.Linting;

/// <summary>Says what a policy will really do, before it does it. A pure function of its arguments.</summary>
public static class PolicyLint
{
    private static readonly Period Hour = Period.Parse("1h");
    private static readonly Period Year = Period.Parse("365d");

    /// <summary>
    /// Examines a policy, for snapshots that are taken on time (each a multiple of <paramref name="every"/> after the first) by a tool that
    /// runs often enough to find every snapshot in every band of ages.
    /// </summary>
    /// <param name="every">The time between snapshots. With zero, one at every run, no spacing can be told.</param>
    /// <param name="policy">The rules.</param>
    /// <returns>What was found: by rule, youngest first, then what is about the policy as a whole.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="policy"/> is null.</exception>
    public static IReadOnlyList<Finding> Examine(Period every, RetentionPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        List<Band> reached = Band.Reached(policy);
        List<Finding.Spacing> spacings = every.Duration == TimeSpan.Zero ? [] : Spacings(every.Duration, reached);

        List<Finding> findings = [];
        if (every.Duration == TimeSpan.Zero)
        {
            findings.Add(new Finding.EveryRun());
        }

        foreach (Finding.Spacing spacing in spacings)
        {
            findings.Add(spacing);
            if (spacing.Rule.Age.Duration < every.Duration)
            {
                findings.Add(new Finding.AgeBelowEvery(spacing.Rule, every, spacing.Given > spacing.Reaching));
            }
        }

        findings.AddRange(NeverApplying(policy, reached));
        if (End(every, policy, reached, spacings) is { } end)
        {
            findings.Add(end);
        }

        return findings;
    }

    private static List<Finding.Spacing> Spacings(TimeSpan every, List<Band> reached)
    {
        List<Finding.Spacing> spacings = [];
        TimeSpan reaching = every;
        for (int index = 0; index < reached.Count && !reached[index].Rule.KeepsNone; index++)
        {
            Band band = reached[index];
            TimeSpan wanted = band.Width < band.Rule.Interval.Duration ? band.Width.Value : band.Rule.Interval.Duration;
            TimeSpan given = TimeSpan.FromTicks((wanted.Ticks + reaching.Ticks - 1) / reaching.Ticks * reaching.Ticks);
            spacings.Add(new Finding.Spacing(band.Rule, reaching, index + 1 < reached.Count ? reached[index + 1].Rule : null, given));
            reaching = given;
        }

        return spacings;
    }

    private static IEnumerable<Finding> NeverApplying(RetentionPolicy policy, List<Band> reached)
    {
        KeepRule? end = reached.Count > 0 && reached[^1].Rule.KeepsNone ? reached[^1].Rule : null;
        KeepRule? older = null;
        List<Finding> findings = [];
        foreach (KeepRule rule in policy.Rules)
        {
            if (older is { } first && first.Age.Duration == rule.Age.Duration)
            {
                findings.Add(new Finding.EqualAge(rule, first));
                continue;
            }

            older = rule;
            if (end is { } younger && rule.Age.Duration > younger.Age.Duration)
            {
                findings.Add(new Finding.NeverReached(rule, younger));
            }
        }

        return Enumerable.Reverse(findings);
    }

    private static Finding? End(Period every, RetentionPolicy policy, List<Band> reached, List<Finding.Spacing> spacings)
    {
        bool hasEnd = reached.Count > 0 && reached[^1].Rule.KeepsNone;
        if (every.Duration == TimeSpan.Zero)
        {
            return hasEnd ? null : new Finding.NoEnd(null, null);
        }

        // Those that grow oldest come at this spacing. All others are gone before them, since a rule lengthens the spacing by less than
        // the width of its band; so there is none from the end of one until the next.
        TimeSpan cycle = spacings.Count == 0 ? every.Duration : spacings[^1].Given;
        if (!hasEnd)
        {
            return new Finding.NoEnd(AfterOneYear(every, policy), cycle);
        }

        KeepRule end = reached[^1].Rule;
        return end.Age.Duration <= cycle ? new Finding.KeepsNothing(end, cycle - end.Age.Duration, cycle) : null;
    }

    private static int AfterOneYear(Period every, RetentionPolicy policy) => Simulator.Run(new SimulationTerms
    {
        Every = every,
        Policy = policy,
        Start = DateTimeOffset.UnixEpoch,
        Interval = Hour,
        Duration = Year,
        Timing = SimulationTiming.Anchored,
    }).Left.Count();
}
