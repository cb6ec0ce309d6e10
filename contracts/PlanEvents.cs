using System.Text.Json.Serialization;

namespace DoSnapshot.Contracts;

/// <summary>How a plan measures when the next snapshot is due.</summary>
public enum PlanTiming
{
    /// <summary>At fixed moments of the calendar, the same for ever, so that a daily plan is daily.</summary>
    Anchored = 0,

    /// <summary>When the last one is old enough, as do-snapshot.py does it; such a plan drifts.</summary>
    Elapsed = 1,
}

/// <summary>What becomes of snapshots whose droplet is no more or left the plan, and of those of a plan that was removed.</summary>
public enum OrphanHandling
{
    /// <summary>They stay as they are.</summary>
    Keep = 0,

    /// <summary>The plan's rules go on thinning them out; the guards hold as ever, so the newest of a droplet stays.</summary>
    Apply = 1,
}

/// <summary>Whether a plan's expiry stops for an operator when too much would go at once.</summary>
public enum BrakeSetting
{
    /// <summary>It stops.</summary>
    On = 0,

    /// <summary>It does not: what the rules let go, goes.</summary>
    Off = 1,
}

/// <summary>Whether a droplet runs while its snapshot is taken.</summary>
public enum SnapshotConsistency
{
    /// <summary>It runs on: what it had not yet written to its disk is not in the snapshot, as after a power cut.</summary>
    Live = 0,

    /// <summary>It is shut down for the snapshot and powered on again, unless it was off already.</summary>
    PoweredOff = 1,
}

/// <summary>What becomes of a droplet that does not shut down for its powered-off snapshot within the grace period.</summary>
public enum ForcedPowerOff
{
    /// <summary>It runs on, and the attempt has failed.</summary>
    Never = 0,

    /// <summary>Its power is cut, as if the plug were pulled.</summary>
    AfterGrace = 1,
}

/// <summary>What a plan says, in the form that a person writes it. Periods are texts such as <c>1d</c>.</summary>
/// <remarks>What was added later is not written where it is the default, so that a plan without it is written as it always was.</remarks>
/// <param name="Tag">Droplets with this tag belong to the plan.</param>
/// <param name="Prefix">Start of the snapshots' names; <c>$droplet</c> and <c>$tag</c> are replaced.</param>
/// <param name="Every">The time between snapshots.</param>
/// <param name="At">Time of day that anchors the schedule, UTC, <c>HH:mm</c>. Without meaning for elapsed timing.</param>
/// <param name="Spread">Droplets are spread over this much time after the anchor, each always at the same moment.</param>
/// <param name="Keep">Retention rules, <c>INTERVAL:AGE</c> each.</param>
/// <param name="Regions">Slugs of the regions that shall hold a copy of every snapshot.</param>
/// <param name="KeepAtLeast">A removal that would leave fewer complete snapshots of a droplet than this is held back.</param>
/// <param name="Timing">How it is measured when the next snapshot is due.</param>
/// <param name="OptOutTag">Droplets with this tag do not belong to the plan, whatever other tags they have; null for none.</param>
/// <param name="Orphans">What becomes of snapshots whose droplet is no more or left the plan, and of all if the plan is removed.</param>
/// <param name="Brake">Whether expiry stops for an operator when too much would go at once.</param>
/// <param name="Consistency">Whether its droplets run while their snapshots are taken.</param>
/// <param name="ForcePowerOff">What becomes of a droplet that does not shut down in time. Without meaning for live snapshots.</param>
public sealed record PlanTerms(
    string Tag,
    string Prefix,
    string Every,
    string At,
    string Spread,
    IReadOnlyList<string> Keep,
    IReadOnlyList<string> Regions,
    int KeepAtLeast,
    PlanTiming Timing,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? OptOutTag = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] OrphanHandling Orphans = OrphanHandling.Keep,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] BrakeSetting Brake = BrakeSetting.On,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] SnapshotConsistency Consistency = SnapshotConsistency.Live,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ForcedPowerOff ForcePowerOff = ForcedPowerOff.Never);

/// <summary>
/// A plan is new or says something else from now on. Appended by the planner, as the configuration states it, and by the Api or the command for a person.
/// </summary>
/// <param name="Plan">The plan's name, and the identity of its stream.</param>
/// <param name="Version">1 for the first.</param>
/// <param name="Terms">What it says.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Who changed it; null where the configuration did.</param>
/// <param name="Reason">Why; null where the configuration did.</param>
public sealed record PlanChanged(
    string Plan,
    int Version,
    PlanTerms Terms,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Actor = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null);

/// <summary>
/// The plan is no more: no requests, and its droplets leave it. Their snapshots stay as they are, unless the plan says that its rules go on. A
/// later <see cref="PlanChanged"/> brings it back. Appended by the planner.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Reason">In words.</param>
/// <param name="At">When, UTC.</param>
public sealed record PlanRemoved(string Plan, string Reason, DateTimeOffset At);

/// <summary>
/// What the configuration states as plans was brought into the log. It is not again until it says something else, so that what is changed in the
/// log since then stays. Appended by the planner.
/// </summary>
/// <param name="Hash">SHA-256 of what was stated, in a form that white space, comments and order do not change; hexadecimal.</param>
/// <param name="Source">Where it was stated: the name of the file, or the section of the settings.</param>
/// <param name="Plans">The names of the plans that it states.</param>
/// <param name="OnlyWayIn">True where the configuration is the only way to change a plan.</param>
/// <param name="At">When, UTC.</param>
public sealed record PlansApplied(string Hash, string Source, IReadOnlyList<string> Plans, bool OnlyWayIn, DateTimeOffset At);

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

/// <summary>
/// Expiry by rule stops until an operator has looked, because too much would go within a day. It is about this version of the plan: one that says
/// something else is checked anew. Appended by the planner.
/// </summary>
/// <param name="Plan">The plan that is braked.</param>
/// <param name="DropletId">The droplet, or null for the whole plan.</param>
/// <param name="Detail">What would have gone.</param>
/// <param name="At">When, UTC.</param>
/// <param name="PlanVersion">The plan's version that would have let it go.</param>
public sealed record BrakeApplied(
    string Plan,
    long? DropletId,
    string Detail,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? PlanVersion = null);

/// <summary>An operator has looked and lets expiry go on: for a day the brake stays off there. Appended by the command or the Api.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="DropletId">The droplet, or null for the whole plan with every droplet of it.</param>
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

/// <summary>
/// These droplets are there and no plan goes by any of their tags. Appended by the planner when there are more or others than it has said last, and at most a day
/// after one of them is no more; those that a plan keeps out by its opt-out tag, and the nodes of a Kubernetes cluster, are not among them. Who is not named may be
/// there all the same.
/// </summary>
/// <param name="Droplets">Those that have tags, or that were in a plan before.</param>
/// <param name="LeftOut">How many more there are.</param>
/// <param name="At">When they were seen, UTC.</param>
public sealed record DropletsUncovered(IReadOnlyList<UncoveredDroplet> Droplets, int LeftOut, DateTimeOffset At);

/// <summary>A droplet that no plan covers.</summary>
/// <param name="DropletId">The droplet.</param>
/// <param name="Name">Its name.</param>
/// <param name="Tags">Its tags; none for one that was in a plan and has lost its last.</param>
public sealed record UncoveredDroplet(long DropletId, string Name, IReadOnlyList<string> Tags);
