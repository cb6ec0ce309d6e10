using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>
/// The plans as they are and as they would be, neither with a brake: what a brake held in truth is held there, and the other policy counts as looked at.
/// </summary>
internal sealed class OtherPlans(PlanHistory plans, WhatIfTerms terms)
{
    private readonly Dictionary<string, PlanFacts> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlanFacts> truth = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlanFacts> other = new(StringComparer.Ordinal);

    /// <summary>The plans as they are.</summary>
    public IReadOnlyDictionary<string, PlanFacts> Truth => truth;

    /// <summary>The plans as they would be.</summary>
    public IReadOnlyDictionary<string, PlanFacts> Other => other;

    /// <summary>To be told after each event of a plan.</summary>
    public void Refresh()
    {
        foreach (var (name, facts) in plans.Current)
        {
            if (!ReferenceEquals(seen.GetValueOrDefault(name), facts))
            {
                seen[name] = facts;
                truth[name] = facts.Terms is { } said ? facts with { Terms = said with { Brake = BrakeSetting.Off } } : facts;
                other[name] = terms.Covers(name) ? Changed(truth[name]) : truth[name];
            }
        }
    }

    private PlanFacts Changed(PlanFacts facts)
    {
        if (facts.Terms is not { } said)
        {
            return facts;
        }

        var every = terms.Every?.ToString() ?? said.Every;
        return facts with
        {
            Terms = said with
            {
                Keep = terms.Keep is { } keep ? [.. keep.Rules.Select(r => r.ToString())] : said.Keep,
                Every = every,
                // A plan's droplets must have their turns within one interval.
                Spread = terms.Every is { } period && Retention.Period.TryParse(said.Spread, out var spread) && spread.Duration >= period.Duration ? "0h" : said.Spread,
            },
        };
    }
}
