using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>An operator's release of a brake, which is of what was looked at: not of a version of the plan that came since.</summary>
public static class Releasing
{
    /// <summary>Releases a plan as a whole, and with it every droplet that is braked by itself in it.</summary>
    /// <param name="fleet">What the log knows.</param>
    /// <param name="seen">The brake that was looked at: the plan's, or one of a droplet in it.</param>
    /// <param name="actor">Who releases it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <returns>The release; nothing where the plan says something else by now.</returns>
    public static IReadOnlyList<NewEvent> Plan(FleetFacts fleet, BrakeInForce seen, string actor, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(seen);
        return fleet.Plans.Any(p => string.Equals(p.Name, seen.Plan, StringComparison.Ordinal) && p.PlanVersion == seen.Brake.PlanVersion)
            ? [new NewEvent(Streams.OfPlan(seen.Plan), new BrakeReleased(seen.Plan, null, actor, reason, now))]
            : [];
    }

    /// <summary>Releases one droplet.</summary>
    /// <param name="ledger">What the log knows of it.</param>
    /// <param name="seen">The brake that was looked at.</param>
    /// <param name="actor">Who releases it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <returns>The release; nothing where that brake is no longer on.</returns>
    public static IReadOnlyList<NewEvent> Droplet(DropletLedger ledger, BrakeInForce seen, string actor, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(seen);
        return Braking.InForce([ledger]).Any(brake => brake.DropletId is not null
                && string.Equals(brake.Plan, seen.Plan, StringComparison.Ordinal)
                && brake.Brake == seen.Brake)
            ? [new NewEvent(Streams.OfDroplet(ledger.DropletId), new BrakeReleased(seen.Plan, ledger.DropletId, actor, reason, now))]
            : [];
    }
}
