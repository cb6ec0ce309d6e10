using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>How what the configuration states as plans comes into the log, which is where every decision takes them from.</summary>
public static class Stating
{
    /// <summary>
    /// What is new, says something else or is stated no more. Nothing, where the configuration says what it said when it was last brought in: what the
    /// log has been told since then stays, unless the configuration is the only way in.
    /// </summary>
    /// <param name="fleet">What the log knows.</param>
    /// <param name="stated">What the configuration states.</param>
    /// <param name="source">Where it states that.</param>
    /// <param name="onlyWayIn">Whether the configuration is the only way to change a plan.</param>
    /// <param name="now">The moment, UTC.</param>
    public static IReadOnlyList<NewEvent> Decide(FleetFacts fleet, PlanSet stated, string source, bool onlyWayIn, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(stated);
        var isSame = fleet.Applied is { } last && string.Equals(last.Hash, stated.Hash, StringComparison.Ordinal) && last.OnlyWayIn == onlyWayIn;
        if (isSame && !onlyWayIn)
        {
            return [];
        }

        var events = new List<NewEvent>();
        events.AddRange(stated.Plans.Select(p => Change(fleet, p, now)).OfType<NewEvent>());
        events.AddRange(Removals(fleet, stated, onlyWayIn, now));
        if (!isSame)
        {
            events.Add(new NewEvent(Streams.Plans, new PlansApplied(stated.Hash, source, [.. stated.Plans.Select(p => p.Name)], onlyWayIn, now)));
        }

        return events;
    }

    private static NewEvent? Change(FleetFacts fleet, StatedPlan plan, DateTimeOffset now)
    {
        var known = fleet.Plans.FirstOrDefault(p => string.Equals(p.Name, plan.Name, StringComparison.Ordinal));
        return known is { Removed: false, Terms: { } inForce } && PlanSet.SaySame(inForce, plan.Terms)
            ? null
            : new NewEvent(Streams.OfPlan(plan.Name), new PlanChanged(plan.Name, (known?.PlanVersion ?? 0) + 1, plan.Terms, now));
    }

    /// <summary>
    /// Of the plans that are stated no more, those that the configuration had stated; all, where it is the only way in, or where nobody noted what
    /// it had stated.
    /// </summary>
    private static IEnumerable<NewEvent> Removals(FleetFacts fleet, PlanSet stated, bool onlyWayIn, DateTimeOffset now) => fleet.InForce
        .Where(p => !stated.Plans.Any(s => string.Equals(s.Name, p.Name, StringComparison.Ordinal)))
        .Where(p => onlyWayIn || fleet.Applied is null || fleet.Applied.Plans.Contains(p.Name, StringComparer.Ordinal))
        .Select(p => new NewEvent(Streams.OfPlan(p.Name), new PlanRemoved(p.Name, "the configuration no longer states it", now)));
}
