namespace DoSnapshot.Cli.Retention;

/// <summary>A snapshot as a list shows it.</summary>
/// <param name="Id">Its id; one that occurs twice counts once.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Name">Its name, if known.</param>
/// <param name="SizeGigabytes">Its size, if known; what it is billed for.</param>
internal sealed record ListedSnapshot(long Id, DateTimeOffset CreatedAt, string? Name = null, decimal? SizeGigabytes = null);

/// <summary>The snapshots of one droplet. Rules never look across droplets.</summary>
/// <param name="Droplet">What the droplet is called, or its id; null when that is not known.</param>
/// <param name="Snapshots">Its complete snapshots, in any order.</param>
internal sealed record DropletSnapshots(string? Droplet, IReadOnlyList<ListedSnapshot> Snapshots);
