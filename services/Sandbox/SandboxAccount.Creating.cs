using System.Text.RegularExpressions;

namespace DoSnapshot.Sandbox;

/// <content>What clients can have created: droplets.</content>
public sealed partial class SandboxAccount
{
    private const int DropletsAtOnce = 10;

    /// <summary>Creates droplets, each with an action that ends when it runs.</summary>
    public SandboxResult<SandboxAction[]> CreateDroplets(DropletOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        lock (_gate)
        {
            var now = Advance();
            var region = order.Region is null ? Settings.Regions.FirstOrDefault(region => region.Available) : Settings.RegionFor(order.Region);
            if (order.AllNames is { Count: < 1 or > DropletsAtOnce } || order.AllNames.Any(name => !IsDropletName(name)))
                return SandboxError.Unprocessable("Name is not valid.");
            if (region is not { Available: true })
                return SandboxError.Unprocessable("The region is not available.");
            if (SandboxCatalog.Size(order.Size) is not { } size)
                return SandboxError.Unprocessable("You specified an invalid size for Droplet creation.");
            if (UsableImage(order.Image, region.Slug, size.Disk) is not { } image)
                return SandboxError.InvalidImage;
            if (SandboxTag.Mistake(order.Tags) is { } mistake)
                return mistake;
            if (order.Backups && !(order.BackupPolicy ?? new SandboxBackupPolicy()).IsValid)
                return SandboxError.Unprocessable("The backup policy is not valid.");
            if (_droplets.Count + order.AllNames.Count > Settings.Owner.DropletLimit)
                return SandboxError.Unprocessable("creating this/these droplet(s) will exceed your droplet limit");

            return order.AllNames.Select(name => Create(now, name, order, region, size, image)).ToArray();
        }
    }

    /// <summary>Destroys every droplet with a tag.</summary>
    /// <returns>Whether there is such a tag.</returns>
    public bool DestroyDroplets(string tag)
    {
        lock (_gate)
        {
            Advance();
            if (!_tags.ContainsKey(tag))
                return false;
            foreach (var droplet in _droplets.Values.Where(droplet => HasTag(droplet.Tags, tag)).ToList())
                DestroyDroplet(droplet.Id);
            return true;
        }
    }

    private SandboxAction Create(
        DateTimeOffset now, string name, DropletOrder order, SandboxRegion region, SandboxSize size, SandboxImage image)
    {
        var id = NextDropletId();
        Put(new SandboxDroplet
        {
            Id = id,
            Name = name,
            Tags = order.Tags ?? [],
            Region = region.Slug,
            Status = SandboxPower.New,
            Disk = size.Disk,
            Size = size.Slug,
            Image = image,
            Backups = order.Backups ? order.BackupPolicy ?? new SandboxBackupPolicy() : null,
            Ipv6 = order.Ipv6,
            UsedGigabytes = Math.Max(1, image.SizeGigabytes),
            CreatedAt = Stamp(now),
        });
        return Start(
            now,
            SandboxResource.Droplet(id),
            "create",
            region.Slug,
            new SandboxDuration(Settings.PowerDuration),
            0,
            edit: new SandboxDropletEdit { Status = SandboxPower.Active });
    }

    /// <summary>What may be a droplet's name (documented).</summary>
    private static bool IsDropletName(string? name) => name is { Length: > 0 and <= 255 } && DropletName().IsMatch(name);

    [GeneratedRegex(@"^[a-zA-Z0-9]?[a-z0-9A-Z.\-]*[a-z0-9A-Z]\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DropletName();
}

/// <summary>Droplets to be created by a client: the body of <c>POST /v2/droplets</c>.</summary>
public sealed record DropletOrder
{
    /// <summary>Name of the one.</summary>
    public string? Name { get; init; }

    /// <summary>Names of several, in place of the one; ten at most (documented).</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Slug of the region, or the beginning of one; any if not said (documented).</summary>
    public string? Region { get; init; }

    /// <summary>Slug of the size.</summary>
    public string? Size { get; init; }

    /// <summary>Number or slug of the image.</summary>
    [System.Text.Json.Serialization.JsonConverter(typeof(SandboxDropletCommand.TextOrNumber))]
    public string? Image { get; init; }

    /// <summary>Their tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whether backups are on.</summary>
    public bool Backups { get; init; }

    /// <summary>When backups are taken.</summary>
    public SandboxBackupPolicy? BackupPolicy { get; init; }

    /// <summary>Whether they have an IPv6 address.</summary>
    public bool Ipv6 { get; init; }

    internal IReadOnlyList<string> AllNames => Names ?? (Name is null ? [] : [Name]);
}
