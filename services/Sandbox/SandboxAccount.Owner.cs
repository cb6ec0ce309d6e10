namespace DoSnapshot.Sandbox;

/// <content>What the owner of the sandbox does behind the clients' backs.</content>
public sealed partial class SandboxAccount
{
    private const int LargestDisk = 100_000;
    private const int OldestHours = 200_000;

    private static readonly SandboxError NoMoment =
        SandboxError.Unprocessable($"A moment is said as created_at, or as age_hours from 0 to {OldestHours}.");

    /// <summary>Adds a droplet.</summary>
    public SandboxResult<SandboxDroplet> AddDroplet(NewDroplet droplet)
    {
        ArgumentNullException.ThrowIfNull(droplet);
        lock (_gate)
        {
            var now = Advance();
            if (string.IsNullOrWhiteSpace(droplet.Name))
                return SandboxError.Unprocessable("A droplet needs a name.");
            if (Settings.Region(droplet.Region) is null)
                return SandboxError.Unprocessable($"There is no region '{droplet.Region}'.");
            if (droplet.Disk is < 1 or > LargestDisk || droplet.UsedGigabytes < 0 || droplet.UsedGigabytes > droplet.Disk)
                return SandboxError.Unprocessable($"A disk has from 1 to {LargestDisk} GB, of which none to all are in use.");
            if (droplet.Id is { } wanted && (wanted < 1 || _droplets.ContainsKey(wanted)))
                return SandboxError.Unprocessable($"The droplet number {wanted} is taken, or is no number for one.");
            if (!IsMoment(droplet.CreatedAt, droplet.AgeHours))
                return NoMoment;
            if (SandboxTag.Mistake(droplet.Tags) is { } mistake)
                return mistake;

            return Put(new SandboxDroplet
            {
                Id = droplet.Id ?? NextDropletId(),
                Name = droplet.Name,
                Tags = [.. droplet.Tags],
                Region = droplet.Region,
                Status = droplet.Status,
                IgnoresShutdown = droplet.IgnoresShutdown,
                Disk = droplet.Disk,
                Size = SandboxCatalog.SizeFor(droplet.Disk).Slug,
                UsedGigabytes = droplet.UsedGigabytes ?? Math.Max(1, droplet.Disk / 4.0),
                CreatedAt = SandboxNumbers.ToSecond(Moment(droplet.CreatedAt, droplet.AgeHours, now)),
            });
        }
    }

    /// <summary>Gives a droplet another name. Its snapshots keep theirs.</summary>
    public SandboxResult<SandboxDroplet> RenameDroplet(long id, string name) =>
        string.IsNullOrWhiteSpace(name)
            ? SandboxError.Unprocessable("A droplet needs a name.")
            : ChangeDroplet(id, droplet => droplet with { Name = name });

    /// <summary>Adds a tag to a droplet, if it does not have it.</summary>
    public SandboxResult<SandboxDroplet> TagDroplet(long id, string tag) =>
        ChangeDroplet(id, droplet => droplet with { Tags = [.. droplet.Tags.Union([tag], StringComparer.OrdinalIgnoreCase)] });

    /// <summary>Takes a tag off a droplet, if it has it.</summary>
    public SandboxResult<SandboxDroplet> UntagDroplet(long id, string tag) =>
        ChangeDroplet(id, droplet => droplet with { Tags = [.. droplet.Tags.Except([tag], StringComparer.OrdinalIgnoreCase)] });

    /// <summary>Gives a droplet these tags and no others.</summary>
    public SandboxResult<SandboxDroplet> RetagDroplet(long id, IReadOnlyList<string> tags) =>
        ChangeDroplet(id, droplet => droplet with { Tags = [.. tags] });

    /// <summary>Switches a droplet on or off, at once and without an action.</summary>
    public SandboxResult<SandboxDroplet> SetPower(long id, SandboxPower status) =>
        ChangeDroplet(id, droplet => droplet with { Status = status });

    /// <summary>
    /// Destroys a droplet. Its finished snapshots stay (documented); one in progress comes to nothing and its action is errored
    /// (chosen: nobody could say what DigitalOcean does).
    /// </summary>
    /// <returns>Whether there was such a droplet.</returns>
    public bool DestroyDroplet(long id)
    {
        lock (_gate)
        {
            var now = Advance();
            if (!_droplets.Remove(id, out var droplet))
                return false;

            _dropletListing = null;
            Changed();
            Remember(id, droplet);
            _destroyed.Add(new SandboxDestruction(droplet, now));
            foreach (var action in _actions.InProgress(SandboxResource.Droplet(id)).ToList())
            {
                End(action, SandboxActionStatus.Errored, now);
                if (action.ImageId is { } unfinished && _images.Remove(unfinished, out var image))
                    Remember(unfinished, image);
            }

            return true;
        }
    }

    /// <summary>Plants a finished, listed snapshot, of any age and also of a droplet that is gone.</summary>
    public SandboxResult<SandboxImage> PlantSnapshot(NewSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        lock (_gate)
        {
            var now = Advance();
            var droplet = snapshot.Droplet is { } name
                ? _droplets.Values.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.Ordinal))
                : _droplets.GetValueOrDefault(snapshot.DropletId ?? 0);
            if (droplet is null && (snapshot.Droplet is not null || snapshot.DropletId is null))
                return SandboxError.Unprocessable($"A snapshot needs the number of a droplet, or the name of one that exists (not '{snapshot.Droplet}').");
            if ((snapshot.Regions ?? []).Where(slug => Settings.Region(slug) is null).ToList() is [var unknown, ..])
                return SandboxError.Unprocessable($"There is no region '{unknown}'.");
            if (string.IsNullOrWhiteSpace(snapshot.Name) || snapshot.SizeGigabytes is < 0 or > LargestDisk || snapshot.Regions is [])
                return SandboxError.Unprocessable($"A snapshot needs a name, a size from 0 to {LargestDisk} GB, and a region.");
            if (snapshot.Type == SandboxImageType.Base || SandboxTag.Mistake(snapshot.Tags) is not null)
                return SandboxTag.Mistake(snapshot.Tags) ?? SandboxError.Unprocessable("The images of type base are DigitalOcean's own.");
            if (!IsMoment(snapshot.CreatedAt, snapshot.AgeHours))
                return NoMoment;
            if (snapshot.Id is { } wanted && (wanted < 1 || _images.ContainsKey(wanted)))
                return SandboxError.Unprocessable($"The image number {wanted} is taken, or is no number for one.");

            var id = snapshot.Id ?? NextImageId();
            return Put(new SandboxImage
            {
                Id = id,
                Name = snapshot.Name,
                Type = snapshot.Type,
                Tags = snapshot.Tags,
                DropletId = droplet?.Id ?? snapshot.DropletId!.Value,
                SizeGigabytes = snapshot.SizeGigabytes ?? (droplet is null ? 1 : SizeOf(droplet, id)),
                MinDiskSize = snapshot.MinDiskSize ?? droplet?.Disk ?? 25,
                Regions = [.. snapshot.Regions ?? [droplet?.Region ?? "nyc3"]],
                CreatedAt = SandboxNumbers.ToSecond(Moment(snapshot.CreatedAt, snapshot.AgeHours, now)),
            });
        }
    }

    private static DateTimeOffset Moment(DateTimeOffset? at, double? ageHours, DateTimeOffset now) =>
        at ?? (ageHours is { } hours ? now.AddHours(-hours) : now);

    private static bool IsMoment(DateTimeOffset? at, double? ageHours) => ageHours is null || (at is null && ageHours is >= 0 and <= OldestHours);

    private SandboxResult<SandboxDroplet> ChangeDroplet(long id, Func<SandboxDroplet, SandboxDroplet> change)
    {
        lock (_gate)
        {
            Advance();
            if (!_droplets.TryGetValue(id, out var droplet))
                return SandboxError.NotFound;
            var changed = change(droplet);
            return SandboxTag.Mistake(changed.Tags) is { } mistake ? mistake : Put(changed);
        }
    }

    private long NextDropletId()
    {
        do
            _lastDropletId = SandboxNumbers.After(_lastDropletId);
        while (_droplets.ContainsKey(_lastDropletId));
        return _lastDropletId;
    }
}
