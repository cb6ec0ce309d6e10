using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Planner.Plans;

/// <summary>The plans of the configuration, checked as a whole, and where each of their terms is stated.</summary>
public sealed class ConfiguredPlans
{
    private readonly Func<string, string, string?> placeOf;

    /// <summary>These plans.</summary>
    /// <param name="plans">The plans.</param>
    /// <param name="source">Where they are stated: the name of the file, or the section of the settings.</param>
    /// <param name="onlyWayIn">Whether the configuration is the only way to change a plan.</param>
    /// <param name="placeOf">Where a plan's term is stated; null where it is not.</param>
    public ConfiguredPlans(PlanSet plans, string source, bool onlyWayIn, Func<string, string, string?> placeOf)
    {
        Plans = plans;
        Source = source;
        OnlyWayIn = onlyWayIn;
        this.placeOf = placeOf;
    }

    /// <summary>The plans.</summary>
    public PlanSet Plans { get; }

    /// <summary>Where they are stated.</summary>
    public string Source { get; }

    /// <summary>Whether the configuration is the only way to change a plan.</summary>
    public bool OnlyWayIn { get; }

    /// <summary>Where a plan's term is stated, for messages that name the setting; one that came into the log otherwise is named by its plan.</summary>
    public string PlaceOf(string plan, string term) => placeOf(plan, term) ?? $"plan '{plan}': {term}";
}
