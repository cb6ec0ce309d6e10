namespace DoSnapshot.Planner.Plans;

/// <summary>Where the plans are stated. Section <c>Plans</c>; in the environment <c>Plans__File=/etc/do-snapshot/plans.yaml</c>.</summary>
public sealed class PlansSettings
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Plans";

    /// <summary>A YAML file with every plan; empty where the one plan of section <c>Plan</c> is enough.</summary>
    public string File { get; set; } = "";

    /// <summary>
    /// Whether the configuration is the only way to change a plan: what the log was told otherwise is set back when a planner begins to lead. Without,
    /// the configuration is brought into the log when it says something new.
    /// </summary>
    public bool OnlyWayIn { get; set; }
}
