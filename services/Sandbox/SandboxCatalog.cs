namespace DoSnapshot.Sandbox;

/// <summary>A size of droplet.</summary>
/// <param name="Slug">What the API calls it.</param>
/// <param name="Memory">MB of memory.</param>
/// <param name="Vcpus">Processors.</param>
/// <param name="Disk">GB of disk.</param>
/// <param name="Transfer">TB that may be sent in a month.</param>
/// <param name="PriceMonthly">US dollars.</param>
internal sealed record SandboxSize(string Slug, int Memory, int Vcpus, int Disk, double Transfer, double PriceMonthly);

/// <summary>What DigitalOcean offers everybody: a few of its sizes and public images.</summary>
internal static class SandboxCatalog
{
    private const double HoursOfAMonth = 672;

    /// <summary>The sizes, smallest first.</summary>
    public static IReadOnlyList<SandboxSize> Sizes { get; } =
    [
        new("s-1vcpu-1gb", 1_024, 1, 25, 1, 6), new("s-1vcpu-2gb", 2_048, 1, 50, 2, 12), new("s-2vcpu-4gb", 4_096, 2, 80, 4, 24),
        new("s-4vcpu-8gb", 8_192, 4, 160, 5, 48), new("s-8vcpu-16gb", 16_384, 8, 320, 6, 96),
    ];

    /// <summary>The public images that distributions are.</summary>
    public static IReadOnlyList<SandboxImage> Distributions { get; } =
    [
        Public(2_150_000_011, "24.04 (LTS) x64", "Ubuntu", "ubuntu-24-04-x64", 7), Public(2_150_000_052, "12 x64", "Debian", "debian-12-x64", 7),
        Public(2_150_000_097, "9 x64", "Rocky Linux", "rockylinux-9-x64", 10),
    ];

    /// <summary>The public images with an application on them. What they are is <c>snapshot</c> in the vendor's own examples.</summary>
    public static IReadOnlyList<SandboxImage> Applications { get; } =
        [Public(2_150_000_130, "Docker on Ubuntu 22.04", "Ubuntu", "docker-20-04", 25) with { Type = SandboxImageType.Snapshot }];

    /// <summary>All public images, newest number last.</summary>
    public static IReadOnlyList<SandboxImage> PublicImages { get; } = [.. Distributions, .. Applications];

    /// <summary>The size with this slug, if there is one.</summary>
    public static SandboxSize? Size(string? slug) => Sizes.FirstOrDefault(size => string.Equals(size.Slug, slug, StringComparison.Ordinal));

    /// <summary>The smallest size with such a disk, or the largest there is.</summary>
    public static SandboxSize SizeFor(int disk) => Sizes.FirstOrDefault(size => size.Disk >= disk) ?? Sizes[^1];

    /// <summary>The public image with this number or slug, if there is one.</summary>
    public static SandboxImage? PublicImage(string identifier) => PublicImages.FirstOrDefault(image =>
        string.Equals(image.Slug, identifier, StringComparison.Ordinal) || string.Equals($"{image.Id}", identifier, StringComparison.Ordinal));

    /// <summary>The price of an hour; the vendor's examples make 672 of them a month.</summary>
    public static double PriceHourly(SandboxSize size) => Math.Round(size.PriceMonthly / HoursOfAMonth, 5);

    private static SandboxImage Public(long id, string name, string distribution, string slug, int minDiskSize) => new()
    {
        Id = id,
        Name = name,
        Type = SandboxImageType.Base,
        DropletId = 0,
        Slug = slug,
        Distribution = distribution,
        SizeGigabytes = 2.36,
        MinDiskSize = minDiskSize,
        Regions = [.. SandboxSettings.AllRegions.Select(region => region.Slug)],
        CreatedAt = new DateTimeOffset(2025, 1, 15, 9, 30, 0, TimeSpan.Zero),
    };
}
