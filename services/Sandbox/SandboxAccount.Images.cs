namespace DoSnapshot.Sandbox;

/// <content>What clients can have done to images, snapshots included.</content>
public sealed partial class SandboxAccount
{
    // How large an imported image turns out to be: the sandbox fetches nothing.
    private const double ImportedGigabytes = 2.5;

    /// <summary>
    /// Starts a copy of a snapshot or custom image to another region. Several may run side by side (documented by the vendor's
    /// staff), also two to the same region (chosen, as it lets a client that repeats itself be seen). A backup must be converted first.
    /// </summary>
    public SandboxResult<SandboxAction> StartTransfer(long imageId, string? region)
    {
        lock (_gate)
        {
            var now = Advance();
            if (ListedImage(imageId) is not { } image)
                return SandboxError.NotFound;
            if (image.Type == SandboxImageType.Backup || image.IsBeingImported)
                return SandboxError.Unprocessable("The image is not a snapshot.");
            if (region is null || Settings.Region(region) is null)
                return SandboxError.Unprocessable("The region is not available.");
            if (image.Regions.Contains(region, StringComparer.Ordinal))
                return SandboxError.Unprocessable($"The image is already available in {region}.");

            return Start(
                now, SandboxResource.Image(imageId), "transfer", region, Settings.TransferDuration, image.SizeGigabytes, imageId);
        }
    }

    /// <summary>Starts to make a snapshot of a backup.</summary>
    public SandboxResult<SandboxAction> StartConversion(long imageId)
    {
        lock (_gate)
        {
            var now = Advance();
            if (ListedImage(imageId) is not { } image)
                return SandboxError.NotFound;
            if (image.Type != SandboxImageType.Backup)
                return SandboxError.Unprocessable("The image is not a backup.");

            return Start(
                now, SandboxResource.Image(imageId), "convert", image.Regions[0], new SandboxDuration(Settings.PowerDuration), 0, imageId);
        }
    }

    /// <summary>
    /// Deletes a snapshot, everywhere and for good (documented by absence). One that is being transferred goes too, and the
    /// transfer ends as errored: nobody could say what DigitalOcean does, and this is the more dangerous answer.
    /// </summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="by">Who or what deleted it, for the record.</param>
    /// <returns>Why it was not deleted; none when it was.</returns>
    public SandboxError? DeleteSnapshot(long id, string by = "the sandbox's owner")
    {
        lock (_gate)
        {
            var now = Advance();
            return ListedImage(id) switch
            {
                null => SandboxError.NotFound,
                { Type: SandboxImageType.Snapshot } image => Remove(image, now, by),
                _ => SandboxError.NotASnapshot,
            };
        }
    }

    /// <summary>Deletes a snapshot or a custom image (documented), and no backup (chosen).</summary>
    /// <returns>Why it was not deleted; none when it was.</returns>
    public SandboxError? DeleteImage(long id, string by = "the sandbox's owner")
    {
        lock (_gate)
        {
            var now = Advance();
            if (SandboxCatalog.PublicImage($"{id}") is not null)
                return SandboxError.Forbidden;
            return ListedImage(id) switch
            {
                null => SandboxError.NotFound,
                { Type: SandboxImageType.Backup } => SandboxError.Unprocessable("A backup can not be deleted by itself."),
                var image => Remove(image, now, by),
            };
        }
    }

    /// <summary>Changes an image's name, and of a custom one what it says about itself (documented).</summary>
    public SandboxResult<SandboxImage> UpdateImage(long id, string? name, string? description, string? distribution)
    {
        lock (_gate)
        {
            Advance();
            if (SandboxCatalog.PublicImage($"{id}") is not null)
                return SandboxError.Forbidden;
            if (ListedImage(id) is not { } image)
                return SandboxError.NotFound;
            if (name is not null && string.IsNullOrWhiteSpace(name))
                return SandboxError.Unprocessable("Name can't be blank.");
            if (distribution is not null && !NewCustomImage.Distributions.Contains(distribution, StringComparer.Ordinal))
                return SandboxError.Unprocessable("Distribution is not valid.");

            var isCustom = image.Type == SandboxImageType.Custom;
            return Put(image with
            {
                Name = name ?? image.Name,
                Description = isCustom ? description ?? image.Description : image.Description,
                Distribution = isCustom ? distribution ?? image.Distribution : image.Distribution,
            });
        }
    }

    /// <summary>
    /// Adds a custom image, which is listed at once as <c>NEW</c> and comes to be available (documented) in the time of a transfer
    /// (chosen). Nothing is fetched from its address.
    /// </summary>
    public SandboxResult<SandboxImage> ImportImage(NewCustomImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        lock (_gate)
        {
            var now = Advance();
            if (image.Mistake(Settings) is { } mistake)
                return mistake;

            var id = NextImageId();
            var imported = Put(new SandboxImage
            {
                Id = id,
                Name = image.Name!,
                Type = SandboxImageType.Custom,
                DropletId = 0,
                Distribution = image.Distribution ?? "Unknown",
                Description = image.Description ?? "",
                Tags = image.Tags ?? [],
                SizeGigabytes = ImportedGigabytes,
                MinDiskSize = (int)Math.Ceiling(ImportedGigabytes),
                Regions = [image.Region!],
                CreatedAt = Stamp(now),
                IsBeingImported = true,
            });
            _agenda.Add(now + (Settings.TransferDuration.Of(ImportedGigabytes) * SandboxNumbers.Around(id, Settings.Variation)), new ImageIsImported(id));
            return imported;
        }
    }

    /// <summary>An image with this number or slug that a droplet can be made of here: it is in the region and fits on the disk.</summary>
    private SandboxImage? UsableImage(string? identifier, string region, int disk)
    {
        if (identifier is null)
            return null;
        var image = SandboxCatalog.PublicImage(identifier) ?? (SandboxVendorCall.TryId(identifier, out var id) ? ListedImage(id) : null);
        return image is { IsBeingImported: false } && image.MinDiskSize <= disk && image.Regions.Contains(region, StringComparer.Ordinal) ? image : null;
    }

    private SandboxError? Remove(SandboxImage image, DateTimeOffset now, string by)
    {
        Remember(image.Id, image);
        _images.Remove(image.Id);
        Changed();
        ForgetImageListing();
        _deleted.Add(new SandboxDeletion(image, now, by));
        foreach (var action in _actions.InProgress(SandboxResource.Image(image.Id)).ToList())
            End(action, SandboxActionStatus.Errored, now);
        return null;
    }
}

/// <summary>A custom image to be.</summary>
public sealed record NewCustomImage
{
    /// <summary>The distributions that an image may say it holds (documented).</summary>
    internal static readonly IReadOnlyList<string> Distributions =
    [
        "Arch Linux", "CentOS", "CoreOS", "Debian", "Fedora", "Fedora Atomic", "FreeBSD", "Gentoo", "openSUSE", "RancherOS", "Rocky Linux", "Ubuntu", "Unknown",
    ];

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Where it would be fetched from.</summary>
    public string? Url { get; init; }

    /// <summary>Slug of its region.</summary>
    public string? Region { get; init; }

    /// <summary>What system it holds; <c>Unknown</c> if not said.</summary>
    public string? Distribution { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    internal SandboxError? Mistake(SandboxSettings settings)
    {
        if (string.IsNullOrWhiteSpace(Name))
            return SandboxError.Unprocessable("Name can't be blank.");
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "ftp"))
            return SandboxError.Unprocessable("Url is not valid.");
        if (Region is null || settings.Region(Region) is null)
            return SandboxError.Unprocessable("The region is not available.");
        if (Distribution is not null && !Distributions.Contains(Distribution, StringComparer.Ordinal))
            return SandboxError.Unprocessable("Distribution is not valid.");
        return SandboxTag.Mistake(Tags);
    }
}
