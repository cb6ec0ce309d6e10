namespace DoSnapshot.Sandbox;

/// <summary>How long a thing takes: a fixed part and a part for each GB.</summary>
/// <param name="Base">The fixed part.</param>
/// <param name="PerGigabyte">The part for each GB.</param>
public sealed record SandboxDuration(TimeSpan Base, TimeSpan PerGigabyte = default)
{
    /// <summary>The duration for something of this size, before variation.</summary>
    public TimeSpan Of(double gigabytes) => Base + (PerGigabyte * gigabytes);
}

/// <summary>
/// How the account behaves. The defaults are DigitalOcean's own pace as users measured it; an account to practise on
/// is given shorter ones, down to nothing.
/// </summary>
public sealed record SandboxSettings
{
    /// <summary>DigitalOcean's regions.</summary>
    internal static IReadOnlyList<SandboxRegion> AllRegions { get; } =
    [
        new("nyc1", "New York 1"), new("sfo1", "San Francisco 1", Available: false), new("nyc2", "New York 2", Available: false),
        new("ams2", "Amsterdam 2", Available: false), new("sgp1", "Singapore 1"), new("lon1", "London 1"), new("nyc3", "New York 3"),
        new("ams3", "Amsterdam 3"), new("fra1", "Frankfurt 1"), new("tor1", "Toronto 1"), new("sfo2", "San Francisco 2"),
        new("blr1", "Bangalore 1"), new("sfo3", "San Francisco 3"), new("syd1", "Sydney 1"), new("atl1", "Atlanta 1"),
    ];

    /// <summary>How long a snapshot takes, by the GB in use. A million of them took 59 s a GB on average (observed).</summary>
    public SandboxDuration SnapshotDuration { get; init; } = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));

    /// <summary>How long a transfer takes, by the GB of the image; 6 minutes to over an hour were seen (observed).</summary>
    public SandboxDuration TransferDuration { get; init; } = new(TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(30));

    /// <summary>How long a shutdown, power-off or power-on takes.</summary>
    public TimeSpan PowerDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after a completed power action the droplet still shows its old status (observed: seconds).</summary>
    public TimeSpan PowerLag { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long after its action is completed a snapshot is still missing from every list (observed in one run out of three).</summary>
    public TimeSpan ListingLag { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// By how much durations differ, as a fraction: 0.3 gives 70 to 130 %. An action's number decides its share, so the
    /// same account lived through twice takes the same time.
    /// </summary>
    public double Variation { get; init; } = 0.3;

    /// <summary>Requests a token may make in any hour (documented: 5,000); none means no limit.</summary>
    public int? HourlyLimit { get; init; } = 5_000;

    /// <summary>Requests a token may make in any minute (documented: 250); none means no limit.</summary>
    public int? BurstLimit { get; init; } = 250;

    /// <summary>The one token that is accepted; none accepts any that is not empty.</summary>
    public string? Token { get; init; }

    /// <summary>Whose account it is.</summary>
    public SandboxOwner Owner { get; init; } = new();

    /// <summary>The regions there are, in the order in which they are listed.</summary>
    public IReadOnlyList<SandboxRegion> Regions { get; init; } = AllRegions;

    /// <summary>No request is ever refused for being one too many.</summary>
    public SandboxSettings WithoutRateLimits() => this with { HourlyLimit = null, BurstLimit = null };

    /// <summary>The region with this slug, or one that new droplets can be created in and whose slug begins so (documented).</summary>
    internal SandboxRegion? RegionFor(string slug) =>
        Region(slug) ?? Regions.FirstOrDefault(region => slug.Length == 3 && region.Available && region.Slug.StartsWith(slug, StringComparison.Ordinal));

    /// <summary>The region with this slug, if there is one.</summary>
    internal SandboxRegion? Region(string slug) =>
        Regions.FirstOrDefault(region => string.Equals(region.Slug, slug, StringComparison.Ordinal));
}
