using DoSnapshot.Lifecycle;

namespace DoSnapshot.Inquiry.Forecasting;

/// <summary>What is to be foretold.</summary>
/// <param name="Until">The end, UTC.</param>
public sealed record ForecastTerms(DateTimeOffset Until)
{
    /// <summary>Dollars for a gigabyte and month of 30 days; copies in more regions cost nothing.</summary>
    public decimal Price { get; init; } = 0.06m;

    /// <summary>The snapshots of this plan alone; null for every plan, and for those of none.</summary>
    public string? Plan { get; init; }

    /// <summary>
    /// The droplets to look at, by DigitalOcean's id; null for all. A brake on a whole plan is then foretold only where it comes on at this moment: what all
    /// of the plan's droplets lose later is not reckoned.
    /// </summary>
    public IReadOnlySet<long>? Droplets { get; init; }

    /// <summary>The planner decides at whole multiples of this from the moment on; zero for whenever something can change, as it does to within a minute.</summary>
    public TimeSpan Pace { get; init; }

    /// <summary>What is assumed about the time from when a snapshot is asked for to when it is complete, where none of the droplet's tells.</summary>
    public TimeSpan UsualDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Of the snapshots that come and go again before the end, so many are told one by one: those that go first.</summary>
    public int MostToCome { get; init; } = 10_000;

    internal bool Covers(DropletLedger ledger) =>
        (Droplets is null || Droplets.Contains(ledger.DropletId))
        && (Plan is null || string.Equals(ledger.Droplet?.Plan, Plan, StringComparison.Ordinal) || ledger.Snapshots.Any(s => Covers(s.Plan)));

    internal bool Covers(string? plan) => Plan is null || string.Equals(Plan, plan, StringComparison.Ordinal);
}
