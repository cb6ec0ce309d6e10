using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Planner.Plans;

/// <summary>
/// The plan as the settings state it, where there is only one. Section <c>Plan</c>; in the environment <c>Plan__Every=1d</c>,
/// <c>Plan__Keep=3d:1d 1w:1w</c>.
/// </summary>
public sealed class PlanSettings
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Plan";

    /// <summary>The plan's name.</summary>
    public string Name { get; set; } = "default";

    /// <summary>Droplets with this tag belong to it.</summary>
    public string Tag { get; set; } = "autosnapshot";

    /// <summary>Droplets with this tag do not, whatever other tags they have; null for none.</summary>
    public string? OptOutTag { get; set; }

    /// <summary>Start of the snapshots' names.</summary>
    public string Prefix { get; set; } = "$droplet-autosnapshot-";

    /// <summary>The time between snapshots.</summary>
    public string Every { get; set; } = "1d";

    /// <summary>Time of day that anchors the schedule, UTC.</summary>
    public string At { get; set; } = PlanDefaults.At;

    /// <summary>Droplets are spread over this much time after the anchor; null for two hours, or none where the interval is no longer than that.</summary>
    public string? Spread { get; set; }

    /// <summary>Retention rules, separated by blanks or commas. None keeps everything.</summary>
    public string Keep { get; set; } = "";

    /// <summary>Regions that shall hold a copy, separated by blanks or commas.</summary>
    public string Regions { get; set; } = "";

    /// <summary>The least number of complete snapshots of a droplet that a removal must leave.</summary>
    public int KeepAtLeast { get; set; } = PlanDefaults.KeepAtLeast;

    /// <summary>How it is measured when the next snapshot is due.</summary>
    public PlanTiming Timing { get; set; } = PlanTiming.Anchored;

    /// <summary>What becomes of the snapshots whose droplet is no more or left the plan, and of all if the plan is removed.</summary>
    public OrphanHandling Orphans { get; set; } = OrphanHandling.Keep;

    /// <summary>Whether expiry stops for an operator when too much would go at once.</summary>
    public BrakeSetting Brake { get; set; } = BrakeSetting.On;

    /// <summary>Whether its droplets run while their snapshots are taken.</summary>
    public SnapshotConsistency Consistency { get; set; } = SnapshotConsistency.Live;

    /// <summary>What becomes of a droplet that does not shut down for its snapshot within the grace period.</summary>
    public ForcedPowerOff ForcePowerOff { get; set; } = ForcedPowerOff.Never;

    /// <summary>The plan, as it is stated; whether it can be used is for <see cref="PlanSet.Problems"/> to say.</summary>
    public StatedPlan ToPlan() => new(
        Name,
        new PlanTerms(
            Tag,
            Prefix,
            Every,
            At,
            Spread ?? PlanDefaults.Spread(Every),
            Split(Keep),
            Split(Regions),
            KeepAtLeast,
            Timing,
            OptOutTag,
            Orphans,
            Brake,
            Consistency,
            ForcePowerOff));

    private static string[] Split(string text) => text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
