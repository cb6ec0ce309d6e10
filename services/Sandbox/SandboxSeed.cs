namespace DoSnapshot.Sandbox;

/// <summary>A droplet to be. The body of <c>POST /sandbox/droplets</c> and a part of a seed.</summary>
public sealed record NewDroplet
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its tags; none by default.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Slug of its region; <c>nyc3</c> by default.</summary>
    public string Region { get; init; } = "nyc3";

    /// <summary>Running or not; running by default.</summary>
    public SandboxPower Status { get; init; } = SandboxPower.Active;

    /// <summary>Whether its system takes no notice of a shutdown, which is then done without effect (observed); it does by default.</summary>
    public bool IgnoresShutdown { get; init; }

    /// <summary>Size of its disk in GB; 25 by default.</summary>
    public int Disk { get; init; } = 25;

    /// <summary>GB in use; a quarter of the disk by default.</summary>
    public double? UsedGigabytes { get; init; }

    /// <summary>When it was created; now by default.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its age in hours, in place of when it was created.</summary>
    public double? AgeHours { get; init; }

    /// <summary>Its number; the next free one by default.</summary>
    public long? Id { get; init; }
}

/// <summary>A finished snapshot to be. The body of <c>POST /sandbox/snapshots</c> and a part of a seed.</summary>
public sealed record NewSnapshot
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The droplet it was taken of, by number; the droplet need not exist.</summary>
    public long? DropletId { get; init; }

    /// <summary>The droplet it was taken of, by name, in place of its number.</summary>
    public string? Droplet { get; init; }

    /// <summary>When it was started; now by default.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its age in hours, in place of when it was started.</summary>
    public double? AgeHours { get; init; }

    /// <summary>Its size in GB; what the droplet uses by default, and 1 GB without a droplet.</summary>
    public double? SizeGigabytes { get; init; }

    /// <summary>Smallest disk it can be restored to, in GB; the droplet's disk by default.</summary>
    public int? MinDiskSize { get; init; }

    /// <summary>Regions that hold it; the droplet's by default.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>A snapshot by default; backups and custom images are there to be left alone.</summary>
    public SandboxImageType Type { get; init; } = SandboxImageType.Snapshot;

    /// <summary>Its tags; none by default.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Its number; the next free one by default.</summary>
    public long? Id { get; init; }
}

/// <summary>What an account holds at the start: the form of a seed file.</summary>
public sealed record SandboxSeed
{
    /// <summary>The tokens that are accepted; those of the settings if there are none here.</summary>
    public IReadOnlyList<NewToken> Tokens { get; init; } = [];

    /// <summary>Names of tags; those that something bears need not be said.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Droplets, added in this order.</summary>
    public IReadOnlyList<NewDroplet> Droplets { get; init; } = [];

    /// <summary>Many droplets of a kind and their snapshots, added after those that are named one by one.</summary>
    public IReadOnlyList<NewFleet> Fleets { get; init; } = [];

    /// <summary>Snapshots, planted in this order once the droplets are there.</summary>
    public IReadOnlyList<NewSnapshot> Snapshots { get; init; } = [];

    /// <summary>Volumes.</summary>
    public IReadOnlyList<NewVolume> Volumes { get; init; } = [];

    /// <summary>Snapshots of volumes, planted once those are there.</summary>
    public IReadOnlyList<NewVolumeSnapshot> VolumeSnapshots { get; init; } = [];
}

/// <summary>Composes a seed of any size.</summary>
public sealed class SandboxSeedBuilder
{
    private readonly List<NewDroplet> _droplets = [];
    private readonly List<NewSnapshot> _snapshots = [];

    /// <summary>Adds a droplet.</summary>
    public SandboxSeedBuilder Droplet(
        string name, IReadOnlyList<string>? tags = null, string region = "nyc3", int disk = 25, double? used = null, DateTimeOffset? createdAt = null)
    {
        _droplets.Add(new NewDroplet
        {
            Name = name,
            Tags = tags ?? [],
            Region = region,
            Disk = disk,
            UsedGigabytes = used,
            CreatedAt = createdAt,
        });
        return this;
    }

    /// <summary>Adds this many droplets with one tag, named <c>{prefix}-1</c> and on, in the regions by turns.</summary>
    public SandboxSeedBuilder Fleet(int count, string tag = "autosnapshot", string prefix = "droplet", params string[] regions)
    {
        for (var i = 0; i < count; i++)
            Droplet($"{prefix}-{i + 1}", [tag], regions.Length == 0 ? "nyc3" : regions[i % regions.Length]);
        return this;
    }

    /// <summary>Adds a finished snapshot of a droplet that is named.</summary>
    public SandboxSeedBuilder Snapshot(
        string droplet, string name, DateTimeOffset createdAt, IReadOnlyList<string>? regions = null, double? size = null) =>
        Snapshot(new NewSnapshot { Name = name, Droplet = droplet, CreatedAt = createdAt, Regions = regions, SizeGigabytes = size });

    /// <summary>Adds a finished snapshot.</summary>
    public SandboxSeedBuilder Snapshot(NewSnapshot snapshot)
    {
        _snapshots.Add(snapshot);
        return this;
    }

    /// <summary>
    /// Adds snapshots of a droplet as do-snapshot.py leaves them: <c>{droplet}-autosnapshot-{UTC time}</c>, from the first
    /// on, an interval apart, up to the end.
    /// </summary>
    /// <param name="droplet">The droplet's name.</param>
    /// <param name="first">When the first was made.</param>
    /// <param name="interval">How far apart they are.</param>
    /// <param name="end">None is made after this.</param>
    /// <param name="regions">Regions that hold them; the droplet's by default.</param>
    public SandboxSeedBuilder History(
        string droplet, DateTimeOffset first, TimeSpan interval, DateTimeOffset end, IReadOnlyList<string>? regions = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        for (var at = first; at <= end; at += interval)
            Snapshot(droplet, SandboxSeeds.AutosnapshotName(droplet, at), at, regions);
        return this;
    }

    /// <summary>The seed as composed so far.</summary>
    public SandboxSeed Build() => new() { Droplets = [.. _droplets], Snapshots = [.. _snapshots] };
}
