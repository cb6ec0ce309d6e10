using System.Globalization;

namespace DoSnapshot.Sandbox;

/// <summary>
/// What things look like in the vendor's JSON (documented, but for what is said to be observed). Some members are only there for a
/// token with a scope of their own (documented).
/// </summary>
internal static class SandboxShapes
{
    private static readonly string[] RegionFeatures =
        ["private_networking", "backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"];

    private static readonly string[] Sizes = [.. SandboxCatalog.Sizes.Select(size => size.Slug)];

    public static object Account(SandboxOwner owner, SandboxGrant grant) => new Shape(grant)
        .With("droplet_limit", owner.DropletLimit, "droplet:read")
        .With("floating_ip_limit", 3, "reserved_ip:read")
        .With("email", owner.Email)
        .With("name", "Sandbox")
        .With("uuid", owner.UserUuid)
        .With("email_verified", true)
        .With("status", owner.Status)
        .With("status_message", "")
        .With("team", new { owner.Uuid, Name = "Sandbox" })
        .Members;

    public static object Region(SandboxRegion region, SandboxGrant grant) => new Shape(grant)
        .With("name", region.Name)
        .With("slug", region.Slug)
        .With("features", RegionFeatures)
        .With("available", region.Available)
        .With("sizes", region.Available ? Sizes : [], "sizes:read")
        .Members;

    /// <summary>A droplet. <c>locked</c> stays false during events, whatever the description says (observed).</summary>
    public static object Droplet(SandboxDroplet droplet, SandboxAccount account, SandboxGrant grant, SandboxFragments fragments)
    {
        var (size, settings) = (SandboxCatalog.Size(droplet.Size) ?? SandboxCatalog.Sizes[0], account.Settings);
        return new Shape(grant)
            .With("id", droplet.Id)
            .With("name", droplet.Name)
            .With("memory", size.Memory)
            .With("vcpus", size.Vcpus)
            .With("disk", droplet.Disk)
            .With("disk_info", new[] { Disk(droplet.Disk) })
            .With("locked", false)
            .With("status", droplet.Status)
            .With("kernel", null)
            .With("created_at", droplet.CreatedAt)
            .With("features", Features(droplet))
            .With("backup_ids", Numbers(account.BackupsOf(droplet.Id)), "image:read")
            .With("next_backup_window", droplet.Backups is { } backups ? Window(backups.NextWindow(account.Now)) : null)
            .With("snapshot_ids", Numbers(account.SnapshotsOf(droplet.Id)), "image:read")
            .With("image", fragments.Of("image", droplet.Image ?? SandboxCatalog.Distributions[0], settings, grant, image => Image(image, grant)), "image:read")
            .With("volume_ids", Array.Empty<string>(), "block_storage:read")
            .With("size", fragments.Of("size", size, settings, grant, one => Size(one, settings)))
            .With("size_slug", size.Slug)
            .With("networks", fragments.Of("networks", droplet, settings, grant, SandboxNetworks.Of))
            .With("region", fragments.Of("region of", droplet, settings, grant, one => RegionOrNone(one.Region, settings, grant)))
            .With("tags", droplet.Tags, "tag:read")
            .With("vpc_uuid", "5a4db0c5-0000-4000-8000-000000000001", "vpc:read")
            .Members;
    }

    /// <summary>A snapshot as <c>/v2/snapshots</c> shows it: its number and its droplet's are strings.</summary>
    public static object Snapshot(SandboxImage image, SandboxGrant grant) => new Shape(grant)
        .With("id", Text(image.Id))
        .With("name", image.Name)
        .With("created_at", image.CreatedAt)
        .With("regions", image.Regions)
        .With("resource_id", Text(image.DropletId))
        .With("resource_type", "droplet")
        .With("min_disk_size", image.MinDiskSize)
        .With("size_gigabytes", image.SizeGigabytes)
        .With("tags", image.Tags, "tag:read")
        .Members;

    /// <summary>The snapshot of a volume in the same place: there it is a UUID.</summary>
    public static object Snapshot(SandboxVolumeSnapshot snapshot, SandboxGrant grant) => new Shape(grant)
        .With("id", snapshot.Id)
        .With("name", snapshot.Name)
        .With("created_at", snapshot.CreatedAt)
        .With("regions", new[] { snapshot.Region })
        .With("resource_id", snapshot.VolumeId)
        .With("resource_type", "volume")
        .With("min_disk_size", snapshot.MinDiskSize)
        .With("size_gigabytes", snapshot.SizeGigabytes)
        .With("tags", snapshot.Tags, "tag:read")
        .Members;

    public static object Volume(SandboxVolume volume, SandboxSettings settings, SandboxGrant grant) => new Shape(grant)
        .With("id", volume.Id)
        .With("region", RegionOrNone(volume.Region, settings, grant))
        .With("droplet_ids", Array.Empty<long>())
        .With("name", volume.Name)
        .With("description", volume.Description)
        .With("size_gigabytes", volume.SizeGigabytes)
        .With("created_at", volume.CreatedAt)
        .With("filesystem_type", volume.FilesystemType)
        .With("filesystem_label", volume.FilesystemLabel)
        .With("tags", volume.Tags, "tag:read")
        .Members;

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

    /// <summary>An image; a snapshot looks so too. What is not known of a custom image before it is there is not told.</summary>
    public static object Image(SandboxImage image, SandboxGrant grant) => new Shape(grant)
        .With("id", image.Id)
        .With("name", image.Name)
        .With("distribution", image.Distribution)
        .With("slug", image.Slug)
        .With("public", image.Slug is not null)
        .With("regions", image.IsBeingImported ? [] : image.Regions)
        .With("created_at", image.CreatedAt)
        .With("type", image.Type)
        .With("min_disk_size", image.IsBeingImported ? null : image.MinDiskSize)
        .With("size_gigabytes", image.IsBeingImported ? null : image.SizeGigabytes)
        .With("description", image.Description)
        .With("tags", image.Tags, "tag:read")
        .With("status", image.IsBeingImported ? "NEW" : "available")
        .With("error_message", "")
        .Members;

    public static object Action(SandboxAction action, SandboxSettings settings, SandboxGrant grant) =>
        Action(action, action.CompletedAt, settings, grant);

    /// <summary>An action by way of its droplet, which never says when it was completed (observed): judge by the status.</summary>
    public static object ActionByDroplet(SandboxAction action, SandboxSettings settings, SandboxGrant grant) =>
        Action(action, completedAt: null, settings, grant);

    /// <summary>A tag, and how much of what bears it; of each kind only for a token that may read that kind (documented).</summary>
    public static object Tag(SandboxTag tag, SandboxTagCounts counts, SandboxVendorCall call) => new
    {
        tag.Name,
        Resources = new Shape(call.Grant)
            .WithEach(Tagged(counts.All, tag.LastTagged, call))
            .With("droplets", Tagged(counts.Droplets, tag.LastDroplet, call), "droplet:read")
            .With("images", Tagged(counts.Images, tag.LastImage, call), "image:read")
            .With("volumes", Tagged(counts.Volumes, tag.LastVolume, call), "block_storage:read")
            .With("volume_snapshots", Tagged(counts.VolumeSnapshots, tag.LastVolumeSnapshot, call), "block_storage_snapshot:read")
            .With("databases", Tagged(0, null, call), "database:read")
            .Members,
    };

    private static Dictionary<string, object?> Tagged(int count, string? last, SandboxVendorCall call)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["count"] = count };
        if (count > 0 && last is not null)
            members["last_tagged_uri"] = call.AddressOf(last);
        return members;
    }

    private static object Action(SandboxAction action, DateTimeOffset? completedAt, SandboxSettings settings, SandboxGrant grant) => new
    {
        action.Id,
        action.Status,
        action.Type,
        action.StartedAt,
        CompletedAt = completedAt,
        action.ResourceId,
        action.ResourceType,
        Region = RegionOrNone(action.Region, settings, grant),
        RegionSlug = action.Region,
    };

    private static string[] Features(SandboxDroplet droplet) =>
        [.. droplet.Backups is null ? Array.Empty<string>() : ["backups"], "private_networking", .. droplet.Ipv6 ? ["ipv6"] : Array.Empty<string>()];

    private static object Window((DateTimeOffset Start, DateTimeOffset End) window) => new { window.Start, window.End };

    private static object Disk(int gigabytes) => new { Type = "local", Size = new { Amount = gigabytes, Unit = "gib" } };

    private static object Size(SandboxSize size, SandboxSettings settings) => new
    {
        size.Slug,
        size.Memory,
        size.Vcpus,
        size.Disk,
        size.Transfer,
        size.PriceMonthly,
        PriceHourly = SandboxCatalog.PriceHourly(size),
        Regions = settings.Regions.Where(region => region.Available).Select(region => region.Slug).ToArray(),
        Available = true,
        Description = "Basic",
        DiskInfo = new[] { Disk(size.Disk) },
    };

    private static object? RegionOrNone(string slug, SandboxSettings settings, SandboxGrant grant) =>
        settings.Region(slug) is { } region ? Region(region, grant) : null;

    private static long[] Numbers(IEnumerable<SandboxImage> images) => [.. images.Select(image => image.Id)];

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Members of an object, without those that the token may not see.</summary>
    private sealed class Shape(SandboxGrant grant)
    {
        public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);

        public Shape With(string name, object? value, string? scope = null)
        {
            if (scope is null || grant.Allows(scope))
                Members[name] = value;
            return this;
        }

        public Shape WithEach(IEnumerable<KeyValuePair<string, object?>> members)
        {
            foreach (var (name, value) in members)
                Members[name] = value;
            return this;
        }
    }
}
