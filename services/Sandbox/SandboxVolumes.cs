using System.Text.RegularExpressions;

namespace DoSnapshot.Sandbox;

/// <summary>A volume of block storage. It is there so that its snapshots are: they share a list with those of droplets.</summary>
public sealed record SandboxVolume
{
    /// <summary>Its identity, a UUID (documented).</summary>
    public required string Id { get; init; }

    /// <summary>Its name, which its region has once.</summary>
    public required string Name { get; init; }

    /// <summary>The slug of its region, which it never leaves, nor do its snapshots (documented).</summary>
    public required string Region { get; init; }

    /// <summary>Its size in GiB.</summary>
    public required int SizeGigabytes { get; init; }

    /// <summary>Free text.</summary>
    public string Description { get; init; } = "";

    /// <summary>The file system on it.</summary>
    public string FilesystemType { get; init; } = "";

    /// <summary>The name of that.</summary>
    public string FilesystemLabel { get; init; } = "";

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A snapshot of a volume.</summary>
public sealed record SandboxVolumeSnapshot
{
    /// <summary>Its identity, a UUID (documented).</summary>
    public required string Id { get; init; }

    /// <summary>Its name, which its volume has once (observed).</summary>
    public required string Name { get; init; }

    /// <summary>The volume it is of; that may be gone.</summary>
    public required string VolumeId { get; init; }

    /// <summary>The slug of the region it is in.</summary>
    public required string Region { get; init; }

    /// <summary>Size of the volume in GiB.</summary>
    public required int MinDiskSize { get; init; }

    /// <summary>Billed size in GiB.</summary>
    public required double SizeGigabytes { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When it was taken: there is no action, it is there at once (documented).</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A volume to be. The body of <c>POST /v2/volumes</c> and a part of a seed.</summary>
public sealed partial record NewVolume
{
    private const int LargestSize = 16_384;

    /// <summary>Its name: small letters, digits and dashes, 64 at most, a letter first (documented).</summary>
    public string? Name { get; init; }

    /// <summary>Slug of its region.</summary>
    public string? Region { get; init; }

    /// <summary>Its size in GiB; that of the snapshot it is made of, if not said.</summary>
    public int? SizeGigabytes { get; init; }

    /// <summary>The snapshot it is made of, if any.</summary>
    public string? SnapshotId { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The file system to put on it: <c>ext4</c> or <c>xfs</c>.</summary>
    public string? FilesystemType { get; init; }

    /// <summary>The name of that: 16 characters at most, 12 on xfs (documented).</summary>
    public string? FilesystemLabel { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    internal SandboxError? Mistake(SandboxSettings settings, SandboxVolumeSnapshot? source)
    {
        if (Name is null || !VolumeName().IsMatch(Name))
            return SandboxError.Unprocessable("Name is not valid: a volume has small letters, digits and dashes in it, and a letter first.");
        if (Region is null || settings.Region(Region) is null)
            return SandboxError.Unprocessable("The region is not available.");
        if ((SizeGigabytes ?? source?.MinDiskSize) is not (>= 1 and <= LargestSize))
            return SandboxError.Unprocessable($"A volume has from 1 to {LargestSize} GiB.");
        if (SnapshotId is not null && (source is null || !string.Equals(source.Region, Region, StringComparison.Ordinal)))
            return SandboxError.NotFound;
        if (FilesystemType is not (null or "" or "ext4" or "xfs") || FilesystemLabel?.Length > (FilesystemType is "xfs" ? 12 : 16))
            return SandboxError.Unprocessable("The file system is ext4 or xfs, its label of 16 or 12 characters.");
        return SandboxTag.Mistake(Tags);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9\-]{0,63}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VolumeName();
}

/// <summary>A snapshot of a volume to be. A part of a seed.</summary>
public sealed record NewVolumeSnapshot
{
    /// <summary>The volume's name.</summary>
    public required string Volume { get; init; }

    /// <summary>The snapshot's name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was taken; now by default.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its age in hours, in place of when it was taken.</summary>
    public double? AgeHours { get; init; }

    /// <summary>Its tags; none by default.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
