using System.Runtime.InteropServices;

namespace DoSnapshot.Retention;

/// <summary>The ages at which one rule applies.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Until">The age at which the next older rule takes over; null for the oldest.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Band(KeepRule Rule, Period? Until)
{
    /// <summary>The age from which on the rule applies.</summary>
    public TimeSpan From => Rule.Age.Duration;

    /// <summary>How long a snapshot falls to the rule; null for ever.</summary>
    public TimeSpan? Width => Until?.Duration - From;

    /// <summary>The bands of a policy, youngest first. Of rules with equal ages only the first one given has a band.</summary>
    public static List<Band> Of(RetentionPolicy policy)
    {
        List<Band> bands = [];
        foreach (KeepRule rule in policy.Rules)
        {
            if (bands.Count == 0 || bands[^1].From != rule.Age.Duration)
            {
                bands.Add(new Band(rule, bands.Count == 0 ? null : bands[^1].Rule.Age));
            }
        }

        bands.Reverse();
        return bands;
    }

    /// <summary>The bands that snapshots come to: none beyond a rule that keeps nothing, if the tool runs often enough.</summary>
    public static List<Band> Reached(RetentionPolicy policy)
    {
        List<Band> bands = Of(policy);
        int end = bands.FindIndex(band => band.Rule.KeepsNone);
        return end < 0 ? bands : bands[..(end + 1)];
    }
}
