using System.Globalization;

namespace DoSnapshot.Sandbox;

/// <summary>What things look like in the vendor's JSON (documented, but for what is said to be observed).</summary>
internal static class SandboxShapes
{
    private static readonly string[] RegionFeatures =
        ["private_networking", "backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"];

    private static readonly string[] Sizes = ["s-1vcpu-1gb", "s-1vcpu-2gb", "s-2vcpu-4gb", "s-4vcpu-8gb", "s-8vcpu-16gb"];

    public static object Account(SandboxOwner owner) => new
    {
        owner.DropletLimit,
        FloatingIpLimit = 3,
        owner.Email,
        Name = "Sandbox",
        Uuid = owner.UserUuid,
        EmailVerified = true,
        owner.Status,
        StatusMessage = "",
        Team = new { owner.Uuid, Name = "Sandbox" },
    };

    public static object Region(SandboxRegion region) => new
    {
        region.Name,
        region.Slug,
        Features = RegionFeatures,
        region.Available,
        Sizes = region.Available ? Sizes : [],
    };

    /// <summary>A droplet. <c>locked</c> stays false during events, whatever the description says (observed).</summary>
    public static object Droplet(SandboxDroplet droplet, IEnumerable<SandboxImage> snapshots, SandboxSettings settings) => new
    {
        droplet.Id,
        droplet.Name,
        Memory = 1024,
        Vcpus = 1,
        droplet.Disk,
        DiskInfo = new[] { new { Type = "local", Size = new { Amount = droplet.Disk, Unit = "gib" } } },
        Locked = false,
        droplet.Status,
        Kernel = (object?)null,
        droplet.CreatedAt,
        Features = Array.Empty<string>(),
        BackupIds = Array.Empty<long>(),
        NextBackupWindow = (object?)null,
        SnapshotIds = snapshots.Select(snapshot => snapshot.Id).ToArray(),
        Image = BaseImage(droplet, settings),
        VolumeIds = Array.Empty<string>(),
        Size = new
        {
            Slug = Sizes[0],
            Memory = 1024,
            Vcpus = 1,
            droplet.Disk,
            Transfer = 1.0,
            PriceMonthly = 6.0,
            PriceHourly = 0.00893,
            Regions = settings.Regions.Select(region => region.Slug).ToArray(),
            Available = true,
            Description = "Basic",
        },
        SizeSlug = Sizes[0],
        Networks = new { V4 = Array.Empty<object>(), V6 = Array.Empty<object>() },
        Region = RegionOrNone(droplet.Region, settings),
        droplet.Tags,
        VpcUuid = "00000000-0000-4000-8000-000000000000",
    };

    /// <summary>A snapshot as <c>/v2/snapshots</c> shows it: its number and its droplet's are strings.</summary>
    public static object Snapshot(SandboxImage image) => new
    {
        Id = Text(image.Id),
        image.Name,
        image.CreatedAt,
        image.Regions,
        ResourceId = Text(image.DropletId),
        ResourceType = "droplet",
        image.MinDiskSize,
        image.SizeGigabytes,
        Tags = Array.Empty<string>(),
    };

    /// <summary>A snapshot as its droplet shows it: its number is a number, and the droplet is not told again.</summary>
    public static object DropletSnapshot(SandboxImage image) => new
    {
        image.Id,
        image.Name,
        image.CreatedAt,
        image.Regions,
        image.MinDiskSize,
        image.SizeGigabytes,
        image.Type,
    };

    /// <summary>The same snapshot as an image.</summary>
    public static object Image(SandboxImage image) => new
    {
        image.Id,
        image.Name,
        Distribution = "Ubuntu",
        Slug = (string?)null,
        Public = false,
        image.Regions,
        image.CreatedAt,
        image.Type,
        image.MinDiskSize,
        image.SizeGigabytes,
        Description = "",
        Tags = Array.Empty<string>(),
        Status = "available",
        ErrorMessage = "",
    };

    public static object Action(SandboxAction action, SandboxSettings settings) => Action(action, action.CompletedAt, settings);

    /// <summary>An action by way of its droplet, which never says when it was completed (observed): judge by the status.</summary>
    public static object ActionByDroplet(SandboxAction action, SandboxSettings settings) => Action(action, completedAt: null, settings);

    private static object Action(SandboxAction action, DateTimeOffset? completedAt, SandboxSettings settings) => new
    {
        action.Id,
        action.Status,
        action.Type,
        action.StartedAt,
        CompletedAt = completedAt,
        action.ResourceId,
        action.ResourceType,
        Region = RegionOrNone(action.Region, settings),
        RegionSlug = action.Region,
    };

    private static object BaseImage(SandboxDroplet droplet, SandboxSettings settings) => new
    {
        Id = 63_663_980,
        Name = "20.04 (LTS) x64",
        Distribution = "Ubuntu",
        Slug = "ubuntu-20-04-x64",
        Public = true,
        Regions = settings.Regions.Select(region => region.Slug).ToArray(),
        droplet.CreatedAt,
        Type = "base",
        MinDiskSize = 15,
        SizeGigabytes = 2.36,
        Description = "",
        Tags = Array.Empty<string>(),
        Status = "available",
        ErrorMessage = "",
    };

    private static object? RegionOrNone(string slug, SandboxSettings settings) => settings.Region(slug) is { } region ? Region(region) : null;

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
