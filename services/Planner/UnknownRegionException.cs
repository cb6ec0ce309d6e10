namespace DoSnapshot.Planner;

/// <summary>Plans want copies in regions that DigitalOcean does not have. Nothing is decided until they are mended.</summary>
public sealed class UnknownRegionException : Exception
{
    /// <summary>These are wanted, and those there are.</summary>
    /// <param name="wanted">Where each is wanted, and which.</param>
    /// <param name="there">The regions that DigitalOcean has.</param>
    public UnknownRegionException(IEnumerable<(string Place, string Region)> wanted, IEnumerable<string> there)
        : base($"{string.Join("; ", wanted.GroupBy(w => w.Place, w => w.Region, StringComparer.Ordinal).Select(Say))}. It has {string.Join(", ", there.Order(StringComparer.Ordinal))}.")
    {
    }

    private static string Say(IGrouping<string, string> place) => $"{place.Key} names '{string.Join("', '", place)}', which DigitalOcean does not have";
}
