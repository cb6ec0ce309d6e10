namespace DoSnapshot.Contracts;

/// <summary>How a plan measures when the next snapshot is due.</summary>
public enum PlanTiming
{
    /// <summary>At fixed moments of the calendar, the same for ever, so that a daily plan is daily.</summary>
    Anchored = 0,

    /// <summary>When the last one is old enough, as do-snapshot.py does it; such a plan drifts.</summary>
    Elapsed = 1,
}

/// <summary>What a plan says, in the form that a person writes it. Periods are texts such as <c>1d</c>.</summary>
/// <param name="Tag">Droplets with this tag belong to the plan.</param>
/// <param name="Prefix">Start of the snapshots' names; <c>$droplet</c> and <c>$tag</c> are replaced.</param>
/// <param name="Every">The time between snapshots.</param>
/// <param name="At">Time of day that anchors the schedule, UTC, <c>HH:mm</c>. Without meaning for elapsed timing.</param>
/// <param name="Spread">Droplets are spread over this much time after the anchor, each always at the same moment.</param>
/// <param name="Keep">Retention rules, <c>INTERVAL:AGE</c> each.</param>
/// <param name="Regions">Slugs of the regions that shall hold a copy of every snapshot.</param>
/// <param name="KeepAtLeast">A removal that would leave fewer complete snapshots of a droplet than this is held back.</param>
/// <param name="Timing">How it is measured when the next snapshot is due.</param>
public sealed record PlanTerms(
    string Tag,
    string Prefix,
    string Every,
    string At,
    string Spread,
    IReadOnlyList<string> Keep,
    IReadOnlyList<string> Regions,
    int KeepAtLeast,
    PlanTiming Timing);

/// <summary>A plan is new or says something else from now on. Appended by the planner.</summary>
/// <param name="Plan">The plan's name, and the identity of its stream.</param>
/// <param name="Version">1 for the first.</param>
/// <param name="Terms">What it says.</param>
/// <param name="At">When, UTC.</param>
public sealed record PlanChanged(string Plan, int Version, PlanTerms Terms, DateTimeOffset At);

/// <summary>The plan makes no requests and no expiries until it is resumed; what is in flight is finished. Appended by the Api.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Actor">Who paused it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record PlanPaused(string Plan, string Actor, string Reason, DateTimeOffset At);

/// <summary>The plan goes on, with the latest occurrence. Appended by the Api.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Actor">Who resumed it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record PlanResumed(string Plan, string Actor, string Reason, DateTimeOffset At);

/// <summary>Expiry stops until an operator has looked, because too much would go at once. Appended by the planner.</summary>
/// <param name="Plan">The plan that is braked.</param>
/// <param name="DropletId">The droplet, or null for the whole plan.</param>
/// <param name="Detail">What would have gone.</param>
/// <param name="At">When, UTC.</param>
public sealed record BrakeApplied(string Plan, long? DropletId, string Detail, DateTimeOffset At);

/// <summary>An operator has looked and lets expiry go on. Appended by the Api.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="DropletId">The droplet, or null for the whole plan.</param>
/// <param name="Actor">Who released it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record BrakeReleased(string Plan, long? DropletId, string Actor, string Reason, DateTimeOffset At);

/// <summary>
/// The log belongs to this DigitalOcean account from now on. A token of another account, to which every snapshot of this one would look
/// deleted, is refused. Appended by the planner at first contact.
/// </summary>
/// <param name="AccountUuid">The account's uuid.</param>
/// <param name="At">When, UTC.</param>
public sealed record AccountBound(string AccountUuid, DateTimeOffset At);
