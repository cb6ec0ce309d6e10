using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>
/// The brake on mass expiry: where more than half of a droplet's snapshots and more than three, or more than half of a plan's and more than ten, would
/// go by rule within a day, nothing goes until an operator has looked. A slip in a plan, a wrong clock or a fault here then costs nothing.
/// </summary>
public static class Braking
{
    /// <summary>
    /// What goes by rule is counted over this time: a day less an hour, so that what goes at the same hour of two days, give or take some minutes, is never
    /// counted as one day's.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(23);

    /// <summary>Of a droplet, so many may always go.</summary>
    public const int FreeOfDroplet = 3;

    /// <summary>Of a plan, so many may always go.</summary>
    public const int FreeOfPlan = 10;

    /// <summary>A release of a moment further ahead than this is a mistake of somebody's clock, and releases nothing.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

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

    /// <summary>Every brake that is on, a plan's as a whole once; of what is paused, too.</summary>
    /// <param name="fleet">Every droplet.</param>
    /// <param name="now">The moment to say for what each holds, UTC.</param>
    public static IReadOnlyList<BrakeInForce> InForce(IReadOnlyList<DropletLedger> fleet, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        var found = from ledger in fleet
                    from plan in Ruling(ledger)
                    let brake = Holding(ledger, plan)
                    where brake is not null
                    let isWhole = ReferenceEquals(brake, ledger.FactsOf(plan.Name)?.Brake)
                    let leaving = Expiring.Leaving(ledger, plan, now)
                    select (plan.Name, Droplet: isWhole ? null : (long?)ledger.DropletId, ledger, brake, leaving);
        return
        [
            .. found.GroupBy(f => (f.Name, f.Droplet))
                .Select(of => new BrakeInForce(
                    of.Key.Name,
                    of.Key.Droplet,
                    of.Key.Droplet is null ? null : of.First().ledger.Droplet?.Name,
                    of.First().brake,
                    [.. of.SelectMany(f => f.ledger.Snapshots.Where(s => f.leaving.Contains(s.SnapshotId)))]))
                .OrderBy(brake => brake.Plan, StringComparer.Ordinal)
                .ThenBy(brake => brake.DropletId),
        ];
    }

    /// <summary>
    /// Every release that is in force, plans as a whole first: by what the checks go by, so that one which a change of the plan or a resume has ended is none,
    /// nor one of a plan whose rules let go nothing any more of the droplet.
    /// </summary>
    /// <param name="fleet">Every droplet.</param>
    /// <param name="now">The moment, UTC.</param>
    public static IReadOnlyList<ReleaseInForce> ReleasesInForce(IReadOnlyList<DropletLedger> fleet, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        var found = from ledger in fleet
                    from plan in Ruling(ledger)
                    from release in (ReleaseInForce[])
                    [
                        new(plan.Name, null, null, ledger.FactsOf(plan.Name)?.LookedAtUntil ?? default),
                        new(plan.Name, ledger.DropletId, ledger.Droplet?.Name, LookedAtUntil(ledger, plan.Name) ?? default),
                    ]
                    where IsReleased(release.Until, now)
                    select release;
        return [.. found.Distinct().OrderBy(r => r.DropletId is not null).ThenBy(r => r.Plan, StringComparer.Ordinal).ThenBy(r => r.DropletId)];
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
        var parts = fleet.SelectMany(ledger => Parts(ledger, now)).ToLookup(p => p.Facts.Name, StringComparer.Ordinal);
        var totals = parts.Select(of => (of.First().Facts, Total: Sum(of.Select(p => p.Removal)))).ToList();
        var watched = totals.Where(t => t.Facts.Terms is { Brake: BrakeSetting.On } && !IsReleased(t.Facts.LookedAtUntil, now)).ToList();
        var free = Sum(watched.Select(t => t.Total)).IsTooMuch(FreeOfPlan) ? 0 : FreeOfPlan;
        var braked = watched.Where(t => t.Total.IsTooMuch(free)).ToDictionary(t => t.Facts.Name, t => t, StringComparer.Ordinal);
        return (
            Clearance.For(parts.SelectMany(of => of).Where(p => !braked.ContainsKey(p.Facts.Name)).Select(p => (p.Facts, p.Ids))),
            [.. braked.Values.Select(t => new BrakeApplied(t.Facts.Name, null, t.Total.Describe($"plan '{t.Facts.Name}'"), now, t.Facts.PlanVersion))]);
    }

    /// <summary>The brakes that a check found, as far as the plans still are what was checked, and nobody has released them meanwhile.</summary>
    public static IReadOnlyList<NewEvent> Apply(FleetFacts fleet, IReadOnlyList<BrakeApplied> found)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return
        [
            .. found.Where(brake => fleet.Plans.Any(p => string.Equals(p.Name, brake.Plan, StringComparison.Ordinal)
                    && p.PlanVersion == brake.PlanVersion
                    && p.Brake is not { ReleasedAt: null }
                    && !IsReleased(p.LookedAtUntil, brake.At)))
                .Select(brake => new NewEvent(Streams.OfPlan(brake.Plan), brake)),
        ];
    }

    /// <summary>The brakes to apply to one droplet: by each plan that lets too much of it go, or lets more than half go where all together do.</summary>
    internal static IReadOnlyList<BrakeApplied> CheckDroplet(
        DropletLedger ledger, IReadOnlyList<(Plan Plan, IReadOnlyCollection<Guid> Going)> plans, DateTimeOffset now)
    {
        var watched = plans
            .Where(p => p.Plan.Brakes && !IsReleased(ledger.FactsOf(p.Plan.Name)?.LookedAtUntil, now) && !IsReleased(LookedAtUntil(ledger, p.Plan.Name), now))
            .Select(p => (p.Plan, Removal: Count(ledger, p.Plan.Name, p.Going, now)))
            .ToList();
        var free = Sum(watched.Select(w => w.Removal)).IsTooMuch(FreeOfDroplet) ? 0 : FreeOfDroplet;
        return
        [
            .. watched.Where(w => w.Removal.IsTooMuch(free)).Select(w => new BrakeApplied(
                w.Plan.Name, ledger.DropletId, w.Removal.Describe($"droplet '{ledger.Droplet?.Name}'"), now, w.Plan.Version)),
        ];
    }

    /// <summary>The plans whose rules let go of a droplet's snapshots, its own first.</summary>
    private static Plan[] Ruling(DropletLedger ledger) => [.. ledger.Plan is { } own ? [own] : Array.Empty<Plan>(), .. ledger.OrphanPlans];

    /// <summary>Each plan that has snapshots of a droplet, with what goes of it: also of plans whose rules do not apply at this moment, of which something went.</summary>
    private static IEnumerable<(PlanFacts Facts, IReadOnlyCollection<Guid> Ids, Removal Removal)> Parts(DropletLedger ledger, DateTimeOffset now)
    {
        var applying = Expiring.Plans(ledger).ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (var name in ledger.Snapshots.Select(s => s.Plan).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (ledger.FactsOf(name) is { } facts)
            {
                var going = applying.TryGetValue(name, out var plan) && Holding(ledger, plan) is null ? Expiring.Leaving(ledger, plan, now) : [];
                yield return (facts, going, Count(ledger, name, going, now));
            }
        }
    }

    /// <summary>What goes and what stays, an image once. What went while somebody had looked does not count again.</summary>
    private static Removal Count(DropletLedger ledger, string plan, IReadOnlyCollection<Guid> going, DateTimeOffset now)
    {
        var since = now - Window;
        foreach (var lookedAt in (DateTimeOffset?[])[ledger.FactsOf(plan)?.LookedAtUntil, LookedAtUntil(ledger, plan)])
        {
            if (IsReleased(lookedAt, now))
            {
                since = now;
            }
            else if (lookedAt > since && lookedAt <= now)
            {
                since = lookedAt.Value;
            }
        }

        var complete = ledger.CompleteOf(plan).Select(s => s.ImageId!.Value).ToHashSet();
        var gone = Planning.Members(ledger, plan)
            .Where(s => s is { Phase: SnapshotPhase.Expired or SnapshotPhase.Pruning or SnapshotPhase.Pruned, Expiry.Origin: Origin.Plan } && s.Expiry.DecidedAt > since)
            .Select(s => s.ImageId!.Value)
            .Distinct()
            .Count(image => !complete.Contains(image));
        return new Removal(gone, going.Count, complete.Count - going.Count);
    }

    /// <summary>Up to when an operator has looked at what goes of a droplet by a plan: a day from the release, or less where the plan was changed or resumed.</summary>
    private static DateTimeOffset? LookedAtUntil(DropletLedger ledger, string plan)
    {
        if (ledger.Droplet?.Brakes.GetValueOrDefault(plan) is not { ReleasedAt: { } releasedAt } own)
        {
            return null;
        }

        var (end, facts) = (releasedAt + Brake.ReleaseLasts, ledger.FactsOf(plan));
        if (facts?.CheckedSince is { } since && since > releasedAt && since < end)
        {
            return since;
        }

        // By clocks that differ, a version that came after may seem to have come before.
        return facts?.PlanVersion == own.PlanVersion ? end : releasedAt;
    }

    private static bool IsReleased(DateTimeOffset? lookedAtUntil, DateTimeOffset now) =>
        lookedAtUntil > now && lookedAtUntil <= now + Brake.ReleaseLasts + MostSkew;

    private static Removal Sum(IEnumerable<Removal> removals) => removals.Aggregate(default(Removal), (sum, r) => sum.Add(r));
}
