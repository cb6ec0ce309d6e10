using System.Collections.Immutable;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Inquiry.Forecasting;

/// <summary>A policy that is held against what there is, in the place of a plan's own.</summary>
/// <param name="Plan">The plan as it is.</param>
/// <param name="Terms">What it would say.</param>
/// <param name="Until">The end of what is foretold, UTC.</param>
/// <param name="Price">Dollars for a gigabyte and month.</param>
public sealed record TrialTerms(PlanFacts Plan, PlanTerms Terms, DateTimeOffset Until, decimal Price = 0.06m)
{
    /// <summary>As that of <see cref="ForecastTerms"/>.</summary>
    public TimeSpan Pace { get; init; }
}

/// <summary>A snapshot that would go.</summary>
/// <param name="SnapshotId">Our id.</param>
/// <param name="Name">Its name.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="DropletName">The droplet's name.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="SizeGigabytes">Its size in GB.</param>
/// <param name="GoesAt">When that is decided, UTC.</param>
/// <param name="Rule">The rule.</param>
/// <param name="GoesAnyway">Whether the plan as it is lets it go by the end as well.</param>
public sealed record TrialSnapshot(
    Guid SnapshotId, string Name, long DropletId, string DropletName, DateTimeOffset CreatedAt, decimal SizeGigabytes, DateTimeOffset GoesAt, string Rule, bool GoesAnyway);

/// <summary>What one policy lets go up to a moment, of the snapshots that there are now.</summary>
/// <param name="Snapshots">How many.</param>
/// <param name="Gigabytes">GB that are freed.</param>
/// <param name="DollarsPerMonth">Dollars a month that these cost.</param>
/// <param name="LongestGap">The longest time between two restore points of a droplet that is left; null with less than two of each.</param>
public sealed record TrialSide(int Snapshots, decimal Gigabytes, decimal DollarsPerMonth, ForecastGap? LongestGap);

/// <summary>The plan as it is and the policy that is tried, up to a moment.</summary>
/// <param name="At">The moment, UTC.</param>
/// <param name="Live">The plan as it is.</param>
/// <param name="Tried">The policy.</param>
/// <param name="HeldByBrake">So many of what the policy lets go the brake will hold until somebody has released it.</param>
public sealed record TrialMoment(DateTimeOffset At, TrialSide Live, TrialSide Tried, int HeldByBrake);

/// <summary>
/// What a policy would let go in the place of a plan's, by the planner's own decision run forward, as if the plan said it from this moment on. The brake is left
/// aside in what goes, and told besides: what it holds goes when somebody releases it.
/// </summary>
/// <param name="Terms">What was tried.</param>
/// <param name="Total">So many snapshots of the plan there are.</param>
/// <param name="Now">What goes at this moment.</param>
/// <param name="Later">What goes by the end, that of this moment included.</param>
/// <param name="Snapshots">What goes, in the order of time.</param>
/// <param name="Brakes">The brakes that would be on or come on, a sentence each.</param>
public sealed record PolicyTrial(
    TrialTerms Terms, int Total, TrialMoment Now, TrialMoment Later, ImmutableArray<TrialSnapshot> Snapshots, ImmutableArray<string> Brakes)
{
    /// <summary>Tries it. Takes up to three times the time of a forecast.</summary>
    /// <param name="fleet">What the log knows about every droplet.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="terms">What is tried.</param>
    /// <param name="ct">Ends it.</param>
    public static PolicyTrial Of(IReadOnlyList<DropletLedger> fleet, DateTimeOffset now, TrialTerms terms, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(terms);
        var asked = new ForecastTerms(terms.Until) { Plan = terms.Plan.Name, Price = terms.Price, Pace = terms.Pace };
        var changed = Changed(terms, now);
        var live = Forecaster.Of(Under(fleet, Unbraked(terms.Plan)), now, asked, ct);
        var tried = Forecaster.Of(Under(fleet, Unbraked(changed)), now, asked, ct);
        var braked = changed.Terms!.Brake is BrakeSetting.On ? Forecaster.Of(Under(fleet, changed), now, asked, ct) : tried;
        var anyway = Going(live).Select(s => s.SnapshotId).ToHashSet();
        return new PolicyTrial(
            terms,
            tried.Snapshots.Count(s => !s.IsToCome),
            Moment(now, s => s.GapNow),
            Moment(terms.Until, s => s.GapAtEnd),
            [.. Going(tried).Select(s => Row(s, anyway.Contains(s.SnapshotId)))],
            braked.Brakes);

        TrialMoment Moment(DateTimeOffset at, Func<Forecast, ForecastGap?> gap)
        {
            var passed = Going(braked).Where(s => s.Goes!.At <= at).Select(s => s.SnapshotId).ToHashSet();
            return new TrialMoment(at, Side(live, at, gap), Side(tried, at, gap), Going(tried).Count(s => s.Goes!.At <= at && !passed.Contains(s.SnapshotId)));
        }

        TrialSide Side(Forecast forecast, DateTimeOffset at, Func<Forecast, ForecastGap?> gap)
        {
            var gone = Going(forecast).Where(s => s.Goes!.At <= at).ToList();
            var gigabytes = gone.Sum(s => s.SizeGigabytes);
            return new TrialSide(gone.Count, gigabytes, gigabytes * terms.Price, gap(forecast));
        }
    }

    /// <summary>What the log would know of the plan once it says so.</summary>
    private static PlanFacts Changed(TrialTerms terms, DateTimeOffset now) =>
        PlanFacts.Evolve(terms.Plan, terms.Plan.Id, new PlanChanged(terms.Plan.Name, terms.Plan.PlanVersion + 1, terms.Terms, now))!;

    private static PlanFacts Unbraked(PlanFacts plan) => plan with { Terms = plan.Terms! with { Brake = BrakeSetting.Off } };

    /// <summary>The fleet as if a plan were this one.</summary>
    private static IReadOnlyList<DropletLedger> Under(IReadOnlyList<DropletLedger> fleet, PlanFacts plan)
    {
        return [.. fleet.Select(l => new DropletLedger(
            l.DropletId,
            l.Droplet,
            l.PlanFacts is { } own ? Replaced(own) : null,
            l.Snapshots,
            l.Others.IsDefaultOrEmpty ? l.Others : [.. l.Others.Select(Replaced)]))];

        PlanFacts Replaced(PlanFacts known) => string.Equals(known.Name, plan.Name, StringComparison.Ordinal) ? plan : known;
    }

    /// <summary>What there is and goes by rule, in the order of time.</summary>
    private static IEnumerable<ForecastSnapshot> Going(Forecast forecast) => forecast.Departures.Where(s => s is { IsToCome: false, Goes.Rule: not null });

    private static TrialSnapshot Row(ForecastSnapshot s, bool goesAnyway) =>
        new(s.SnapshotId, s.Name, s.DropletId, s.DropletName, s.CreatedAt, s.SizeGigabytes, s.Goes!.At, s.Goes.Rule!, goesAnyway);
}
