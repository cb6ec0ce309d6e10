namespace DoSnapshot.Sandbox;

/// <summary>Many droplets of a kind, and the snapshots that a daily or hourly plan would have left of them.</summary>
public sealed record NewFleet
{
    internal const string Limits =
        "A fleet has up to 10000 droplets with up to 10000 snapshots each, 200000 in all; at least a region; and a snapshot every 0.01 to 10000 hours.";

    /// <summary>How many droplets.</summary>
    public required int Count { get; init; }

    /// <summary>What their names begin with, before a dash and a number from 1; <c>node</c> by default.</summary>
    public string Prefix { get; init; } = "node";

    /// <summary>Their tags; <c>autosnapshot</c> by default.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [SandboxSeeds.Tag];

    /// <summary>Their regions, by turns; <c>nyc3</c> by default.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["nyc3"];

    /// <summary>Size of their disks in GB; 25 by default.</summary>
    public int Disk { get; init; } = 25;

    /// <summary>How many snapshots each has; none by default.</summary>
    public int Snapshots { get; init; }

    /// <summary>Hours from one snapshot to the next, the newest being about half of that old; 24 by default.</summary>
    public double EveryHours { get; init; } = 24;

    /// <summary>Regions that hold the snapshots besides the droplet's; none by default.</summary>
    public IReadOnlyList<string> CopiedTo { get; init; } = [];

    internal bool IsValid =>
        Count is >= 0 and <= 10_000 && Snapshots is >= 0 and <= 10_000 && (long)Count * Snapshots <= 200_000
            && Regions.Count > 0 && EveryHours is >= 0.01 and <= 10_000 && EveryHours * (Snapshots + 1) <= 200_000;

    internal IEnumerable<NewDroplet> Droplets() => Enumerable.Range(0, Count).Select(i => new NewDroplet
    {
        Name = Name(i),
        Tags = Tags,
        Region = Region(i),
        Disk = Disk,
        AgeHours = EveryHours * (Snapshots + 1),
    });

    internal IEnumerable<NewSnapshot> History(DateTimeOffset now) =>
        from droplet in Enumerable.Range(0, Count)
        from snapshot in Enumerable.Range(0, Snapshots)
        let at = now.AddHours(-EveryHours * (snapshot + 0.5 + (0.4 * droplet / Count)))
        select new NewSnapshot
        {
            Name = SandboxSeeds.AutosnapshotName(Name(droplet), at),
            Droplet = Name(droplet),
            CreatedAt = at,
            Regions = [.. new[] { Region(droplet) }.Union(CopiedTo, StringComparer.Ordinal)],
        };

    private string Name(int index) => $"{Prefix}-{index + 1}";

    private string Region(int index) => Regions[index % Regions.Count];
}
