namespace DoSnapshot.Planner;

/// <summary>The plan wants copies in a region that DigitalOcean does not have. Nothing is decided until the plan is mended.</summary>
public sealed class UnknownRegionException : Exception
{
    /// <summary>These are wanted, and those there are.</summary>
    public UnknownRegionException(IEnumerable<string> unknown, IEnumerable<string> there)
        : base($"Plan:Regions names '{string.Join("', '", unknown)}', which DigitalOcean does not have (environment: Plan__Regions). It has {string.Join(", ", there.Order(StringComparer.Ordinal))}.")
    {
    }
}
