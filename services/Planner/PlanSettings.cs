using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Planner;

/// <summary>The plan as the configuration states it. Section <c>Plan</c>; in the environment <c>Plan__Every=1d</c>, <c>Plan__Keep=3d:1d 1w:1w</c>.</summary>
public sealed class PlanSettings
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Plan";

    /// <summary>The plan's name.</summary>
    public string Name { get; set; } = "default";

    /// <summary>Droplets with this tag belong to it.</summary>
    public string Tag { get; set; } = "autosnapshot";

    /// <summary>Start of the snapshots' names.</summary>
    public string Prefix { get; set; } = "$droplet-autosnapshot-";

    /// <summary>The time between snapshots.</summary>
    public string Every { get; set; } = "1d";

    /// <summary>Time of day that anchors the schedule, UTC.</summary>
    public string At { get; set; } = "03:00";

    /// <summary>Droplets are spread over this much time after the anchor.</summary>
    public string Spread { get; set; } = "2h";

    /// <summary>Retention rules, separated by blanks or commas. None keeps everything.</summary>
    public string Keep { get; set; } = "";

    /// <summary>Regions that shall hold a copy, separated by blanks or commas.</summary>
    public string Regions { get; set; } = "";

    /// <summary>The least number of complete snapshots of a droplet that a removal must leave.</summary>
    public int KeepAtLeast { get; set; } = 1;

    /// <summary>How it is measured when the next snapshot is due.</summary>
    public PlanTiming Timing { get; set; } = PlanTiming.Anchored;

    /// <summary>The plan's terms.</summary>
    /// <exception cref="PlanException">A setting cannot be used; the message names it and quotes its value.</exception>
    public PlanTerms ToTerms()
    {
        var terms = new PlanTerms(Tag, Prefix, Every, At, Spread, Split(Keep), Split(Regions), KeepAtLeast, Timing);
        // A planner decides every minute: one that finds a snapshot due whenever it looks would make one after the other.
        return Plan.From(Name, 0, terms).Every.Duration > TimeSpan.Zero
            ? terms
            : throw new PlanException(new PlanProblem("every", Every, "it must be more than zero"));
    }

    private static string[] Split(string text) => text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
