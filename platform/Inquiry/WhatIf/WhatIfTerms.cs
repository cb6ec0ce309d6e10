using DoSnapshot.Retention;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>The other policy, and what it is tried on.</summary>
public sealed record WhatIfTerms
{
    /// <summary>The rules in place of the plans' own; null leaves each plan's.</summary>
    public RetentionPolicy? Keep { get; init; }

    /// <summary>The time between snapshots in place of the plans' own, more than zero; null leaves each plan's.</summary>
    public Period? Every { get; init; }

    /// <summary>The plan that it is in place of; null for every plan.</summary>
    public string? Plan { get; init; }

    /// <summary>The droplets to look at, by DigitalOcean's id; null for all.</summary>
    public IReadOnlySet<long>? Droplets { get; init; }

    /// <summary>Up to this moment all was as it was, UTC; null tries the other policy from the beginning of the log.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Dollars for a gigabyte and month of 30 days; copies in more regions cost nothing.</summary>
    public decimal Price { get; init; } = 0.06m;

    /// <summary>So many snapshots that exist in neither world any more are held; the result says how many more differ.</summary>
    public int MostHeld { get; init; } = 10_000;

    internal bool Covers(long dropletId) => Droplets is null || Droplets.Contains(dropletId);

    internal bool Covers(string? plan) => Plan is null || string.Equals(Plan, plan, StringComparison.Ordinal);
}
