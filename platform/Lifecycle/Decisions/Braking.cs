using System.Collections.Frozen;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>How many of a plan's snapshots go by rule within a day, and of how many.</summary>
/// <param name="Going">Those that went and those that would go now.</param>
/// <param name="Of">Those and the ones that stay.</param>
public readonly record struct Removal(int Going, int Of)
{
    /// <summary>Both together.</summary>
    public static Removal operator +(Removal one, Removal other) => new(one.Going + other.Going, one.Of + other.Of);

    /// <summary>Both together.</summary>
    public Removal Add(Removal other) => this + other;

    /// <summary>Whether it is more than half, and more than so many.</summary>
    public bool IsTooMuch(int atLeast) => Going > atLeast && Going > Of - Going;
}

/// <summary>A brake that is on.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="DropletId">The droplet; null for the whole plan.</param>
/// <param name="DropletName">Its name.</param>
/// <param name="Brake">The brake.</param>
public sealed record BrakeInForce(string Plan, long? DropletId, string? DropletName, Brake Brake)
{
    /// <summary>What is held, why, and since when.</summary>
    public string Describe() => DropletId is null
        ? $"nothing of plan '{Plan}' expires since {Brake.AppliedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Brake.Detail}"
        : $"nothing of droplet {DropletId} ('{DropletName}') in plan '{Plan}' expires since {Brake.AppliedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Brake.Detail}";
}

/// <summary>
/// The brake on mass expiry: where more than half of a droplet's snapshots and more than three, or more than half of a plan's and more than ten, would
/// go by rule within a day, nothing goes until an operator has looked. A slip in a plan, a wrong clock or a fault here then costs nothing.
/// </summary>
public static class Braking
{
    /// <summary>What goes by rule is counted over this time.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>Of a droplet, so many may always go.</summary>
    public const int FreeOfDroplet = 3;

    /// <summary>Of a plan, so many may always go.</summary>
    public const int FreeOfPlan = 10;

    /// <summary>The brake that holds back what a plan's rules let go of a droplet; null where none does.</summary>
    public static Brake? Holding(DropletLedger ledger, Plan plan)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Brakes)
        {
            return null;
        }

        var facts = ledger.FactsOf(plan.Name);
        return facts?.Brake is { ReleasedAt: null } whole
            ? whole
            : ledger.Droplet?.Brakes.GetValueOrDefault(plan.Name) is { ReleasedAt: null } own
                && own.PlanVersion == plan.Version
                && !(facts?.ReleasedAt >= own.AppliedAt)
                    ? own
                    : null;
    }

    /// <summary>Every brake that is on, a plan's as a whole once.</summary>
    public static IReadOnlyList<BrakeInForce> InForce(IReadOnlyList<DropletLedger> fleet)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return
        [
            .. fleet.SelectMany(ledger => Expiring.Plans(ledger).Select(plan => (ledger, plan, Brake: Holding(ledger, plan))))
                .Where(found => found.Brake is not null)
                .Select(found => ReferenceEquals(found.Brake, found.ledger.FactsOf(found.plan.Name)?.Brake)
                    ? new BrakeInForce(found.plan.Name, null, null, found.Brake!)
                    : new BrakeInForce(found.plan.Name, found.ledger.DropletId, found.ledger.Droplet?.Name, found.Brake!))
                .DistinctBy(brake => (brake.Plan, brake.DropletId))
                .OrderBy(brake => brake.Plan, StringComparer.Ordinal)
                .ThenBy(brake => brake.DropletId),
        ];
    }

    /// <summary>
    /// Checks the plans as a whole, before anything of them expires. Where too much of a plan would go, it is braked; where each of several lets little
    /// enough go for itself but all together do not, those are that lose more than half.
    /// </summary>
    /// <param name="fleet">Every droplet.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <returns>What may expire at this moment, and the brakes to apply.</returns>
    public static (Clearance Clearance, IReadOnlyList<BrakeApplied> Brakes) Check(IReadOnlyList<DropletLedger> fleet, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        var leaving = fleet.SelectMany(ledger => Leaving(ledger, now)).ToLookup(l => (l.Plan.Name, l.Plan.Version));
        var plans = leaving.Select(of => (of.First().Plan, of.First().Facts, Total: of.Aggregate(default(Removal), (sum, l) => sum + l.Removal))).ToList();
        var watched = plans.Where(p => p.Plan.Brakes && !IsReleased(p.Facts?.ReleasedAt, now)).ToList();
        var isTooMuchTogether = watched.Aggregate(default(Removal), (sum, p) => sum + p.Total).IsTooMuch(FreeOfPlan);
        var braked = watched.Where(p => p.Total.IsTooMuch(isTooMuchTogether ? 0 : FreeOfPlan)).ToList();
        var names = braked.Select(p => p.Plan.Name).ToHashSet(StringComparer.Ordinal);
        return (
            Clearance.For(leaving.Where(of => !names.Contains(of.Key.Name)).SelectMany(of => of).Select(l => (l.Plan, l.Ids))),
            [.. braked.Select(p => new BrakeApplied(p.Plan.Name, null, Words($"plan '{p.Plan.Name}'", p.Total), now, p.Plan.Version))]);
    }

    /// <summary>The brakes that a check found, as far as the plans still are what was checked.</summary>
    public static IReadOnlyList<NewEvent> Apply(FleetFacts fleet, IReadOnlyList<BrakeApplied> found)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return
        [
            .. found.Where(brake => fleet.Plans.Any(p => string.Equals(p.Name, brake.Plan, StringComparison.Ordinal)
                    && p.PlanVersion == brake.PlanVersion
                    && p.Brake is not { ReleasedAt: null }))
                .Select(brake => new NewEvent(Streams.OfPlan(brake.Plan), brake)),
        ];
    }

    /// <summary>The brake to apply to one droplet, if too much of it would go.</summary>
    internal static BrakeApplied? Check(DropletLedger ledger, Plan plan, IReadOnlyCollection<Guid> going, DateTimeOffset now)
    {
        var own = ledger.Droplet?.Brakes.GetValueOrDefault(plan.Name);
        var released = own is { ReleasedAt: { } at } && own.PlanVersion == plan.Version ? at : (DateTimeOffset?)null;
        var whole = ledger.FactsOf(plan.Name)?.ReleasedAt;
        if (!plan.Brakes || IsReleased(released, now) || IsReleased(whole, now))
        {
            return null;
        }

        var removal = Count(ledger, plan, going, Later(released, whole), now);
        return removal.IsTooMuch(FreeOfDroplet)
            ? new BrakeApplied(plan.Name, ledger.DropletId, Words($"droplet '{ledger.Droplet?.Name}'", removal), now, plan.Version)
            : null;
    }

    private static IEnumerable<(Plan Plan, PlanFacts? Facts, IReadOnlyCollection<Guid> Ids, Removal Removal)> Leaving(DropletLedger ledger, DateTimeOffset now)
    {
        foreach (var plan in Expiring.Plans(ledger))
        {
            var facts = ledger.FactsOf(plan.Name);
            var going = Holding(ledger, plan) is null ? Expiring.Leaving(ledger, plan, now) : [];
            yield return (plan, facts, going, Count(ledger, plan, going, facts?.ReleasedAt, now));
        }
    }

    /// <summary>What goes and what there is. What went under a release was looked at, and does not count again.</summary>
    private static Removal Count(DropletLedger ledger, Plan plan, IReadOnlyCollection<Guid> going, DateTimeOffset? released, DateTimeOffset now)
    {
        var since = now - Window;
        if (released is { } at && at + Window > since)
        {
            since = at + Window;
        }

        var gone = Planning.Members(ledger, plan).Count(s =>
            s is { Phase: SnapshotPhase.Expired or SnapshotPhase.Pruning or SnapshotPhase.Pruned, Expiry.Origin: Origin.Plan } && s.Expiry.DecidedAt > since);
        return new Removal(gone + going.Count, gone + Expiring.Complete(ledger, plan).Count());
    }

    private static bool IsReleased(DateTimeOffset? releasedAt, DateTimeOffset now) => releasedAt + Window > now;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private static string Words(string whose, Removal removal) => $"{removal.Going} of {removal.Of} snapshots of {whose} would go within a day";
}

/// <summary>
/// What may expire at a decision: the snapshots that were counted when their plan was checked as a whole, under the version that was checked. What has
/// become due since then waits for the next check.
/// </summary>
public sealed class Clearance
{
    private readonly FrozenDictionary<(string Plan, int Version), FrozenSet<Guid>>? cleared;

    private Clearance(FrozenDictionary<(string Plan, int Version), FrozenSet<Guid>>? cleared)
    {
        this.cleared = cleared;
    }

    /// <summary>Nothing expires: for a decision about one droplet between two checks.</summary>
    public static Clearance None { get; } = new(FrozenDictionary<(string Plan, int Version), FrozenSet<Guid>>.Empty);

    /// <summary>Whatever the rules let go: for one droplet by itself, or plans without a brake.</summary>
    public static Clearance All { get; } = new(null);

    internal static Clearance For(IEnumerable<(Plan Plan, IReadOnlyCollection<Guid> Ids)> checkedPlans) => new(checkedPlans
        .GroupBy(c => (c.Plan.Name, c.Plan.Version), c => c.Ids)
        .ToFrozenDictionary(of => of.Key, of => of.SelectMany(ids => ids).ToFrozenSet()));

    internal bool Covers(Plan plan, Guid snapshotId) =>
        cleared is null || (cleared.TryGetValue((plan.Name, plan.Version), out var ids) && ids.Contains(snapshotId));
}
