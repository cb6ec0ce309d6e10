namespace DoSnapshot.Sandbox;

/// <summary>
/// A DigitalOcean account to practise on: what it holds, and what happens to it as time passes.
/// </summary>
/// <remarks>
/// Nothing here has a timer. What is to happen waits in a queue, and every call first brings the account up to the clock's
/// time; so an action ends when it should and not when somebody looks, and a clock that jumps a year takes no longer
/// than one that jumps a second. Safe for use by many threads: one lock guards all that changes.
/// </remarks>
public sealed partial class SandboxAccount
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly SortedDictionary<long, SandboxDroplet> _droplets = [];
    private readonly SortedDictionary<long, SandboxImage> _images = [];
    private readonly SandboxActionLog _actions = new();
    private readonly SandboxAgenda _agenda = new();
    private readonly List<SandboxDeletion> _deleted = [];
    private readonly List<SandboxDestruction> _destroyed = [];

    // All above 2^31, so that a client with 32-bit numbers shows itself.
    private long _lastDropletId = 2_512_000_000;
    private long _lastImageId = 2_200_000_000;
    private long _lastActionId = 3_000_000_000;
    private long _lastRequest;
    private long _version;

    // What the lists show; none when it must be made anew.
    private SandboxDroplet[]? _dropletListing;
    private SandboxImage[]? _imageListing;
    private ILookup<(long DropletId, SandboxImageType Type), SandboxImage>? _imagesOfDroplets;

    /// <summary>An account that lives by this clock.</summary>
    /// <param name="clock">The only source of time.</param>
    /// <param name="settings">How it behaves; at DigitalOcean's pace if not said.</param>
    /// <param name="seed">What it holds at the start; nothing if not said.</param>
    /// <param name="faults">What goes wrong between it and its clients; nothing, until it is told to, if not said.</param>
    public SandboxAccount(TimeProvider clock, SandboxSettings? settings = null, SandboxSeed? seed = null, SandboxFaults? faults = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        Settings = settings ?? new SandboxSettings();
        Faults = faults ?? new SandboxFaults();
        Limiter = new SandboxRateLimiter(this);
        if (seed is not null)
            Plant(seed);
    }

    /// <summary>How it behaves. May be replaced at any time; what is under way keeps the duration it began with.</summary>
    public SandboxSettings Settings
    {
        get => Volatile.Read(ref field);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref field, value);
        }
    }

    /// <summary>What clients called.</summary>
    public SandboxJournal Journal { get; } = new();

    /// <summary>What goes wrong between the account and its clients, over HTTP and in process alike; nothing until it is told to.</summary>
    public SandboxFaults Faults { get; }

    /// <summary>The time by the account's clock.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    internal SandboxRateLimiter Limiter { get; }

    /// <summary>A moment as the API's clock tells it, which may be wrong: to the second.</summary>
    internal DateTimeOffset Stamp(DateTimeOffset moment) => SandboxNumbers.ToSecond(moment + Faults.ClockSkew);

    /// <summary>Has something done when this much time has passed by the account's clock.</summary>
    internal ITimer CreateTimer(TimeSpan delay, Action then) => _clock.CreateTimer(_ => then(), state: null, delay, Timeout.InfiniteTimeSpan);

    /// <summary>A number for a request, as every answer carries one (observed); the same ones in the same account lived through twice.</summary>
    internal string NextRequestId() => SandboxNumbers.Uuid(Interlocked.Increment(ref _lastRequest));

    /// <summary>When something will next happen by itself: an action ends, a snapshot is listed. None when all is at rest.</summary>
    public DateTimeOffset? NextChange()
    {
        lock (_gate)
        {
            Advance();
            return _agenda.Next;
        }
    }

    /// <summary>The droplets, in an order that is stable and means nothing: none is promised (documented by absence).</summary>
    public IReadOnlyList<SandboxDroplet> Droplets()
    {
        lock (_gate)
        {
            Advance();
            return _dropletListing ??= [.. _droplets.Values.OrderBy(droplet => SandboxNumbers.Mix(droplet.Id))];
        }
    }

    /// <summary>One droplet, if it is there.</summary>
    public SandboxDroplet? Droplet(long id)
    {
        lock (_gate)
        {
            Advance();
            return _droplets.GetValueOrDefault(id);
        }
    }

    /// <summary>The private images that are listed, in an order that is stable and means nothing.</summary>
    public IReadOnlyList<SandboxImage> Images()
    {
        lock (_gate)
        {
            Advance();
            return ImageListing();
        }
    }

    /// <summary>The snapshots of a droplet that are listed; also of one that was destroyed.</summary>
    public IReadOnlyList<SandboxImage> SnapshotsOf(long dropletId) => ImagesOf(dropletId, SandboxImageType.Snapshot);

    /// <summary>The backups of a droplet.</summary>
    public IReadOnlyList<SandboxImage> BackupsOf(long dropletId) => ImagesOf(dropletId, SandboxImageType.Backup);

    /// <summary>One image, if it is listed: one in progress has no address yet (observed).</summary>
    public SandboxImage? Image(long id)
    {
        lock (_gate)
        {
            Advance();
            return ListedImage(id);
        }
    }

    /// <summary>One action, if there is one.</summary>
    public SandboxAction? Action(long id)
    {
        lock (_gate)
        {
            Advance();
            return _actions.Find(id);
        }
    }

    /// <summary>Actions, newest first (observed), and how many there are in all.</summary>
    /// <param name="skip">How many of the newest to leave out.</param>
    /// <param name="take">How many to give at most.</param>
    /// <param name="resource">Only those about this droplet or image; all if not said.</param>
    public (IReadOnlyList<SandboxAction> Items, int Total) Actions(int skip, int take, SandboxResource? resource = null)
    {
        lock (_gate)
        {
            Advance();
            return _actions.Newest(skip, take, resource);
        }
    }

    /// <summary>Everything as it is now, with what the API does not show.</summary>
    public SandboxState State()
    {
        lock (_gate)
        {
            var now = Advance();
            return new SandboxState
            {
                Now = now,
                Owner = Settings.Owner,
                Droplets = [.. _droplets.Values],
                Destroyed = [.. _destroyed],
                Snapshots = [.. _images.Values],
                Actions = _actions.Newest(0, int.MaxValue).Items,
                Deleted = [.. _deleted],
                Tags = [.. _tags.Values],
                Volumes = [.. _volumes.Values],
                VolumeSnapshots = [.. _volumeSnapshots.Values],
            };
        }
    }

    private IReadOnlyList<SandboxImage> ImagesOf(long dropletId, SandboxImageType type)
    {
        lock (_gate)
        {
            Advance();
            _imagesOfDroplets ??= ImageListing().ToLookup(image => (image.DropletId, image.Type));
            return [.. _imagesOfDroplets[(dropletId, type)]];
        }
    }

    private SandboxImage[] ImageListing() => _imageListing ??=
        [.. _images.Values.Where(image => image.Phase == SandboxImagePhase.Listed).OrderBy(image => SandboxNumbers.Mix(image.Id))];

    private SandboxImage? ListedImage(long id) =>
        _images.TryGetValue(id, out var image) && image.Phase == SandboxImagePhase.Listed ? image : null;

    private SandboxDroplet Put(SandboxDroplet droplet)
    {
        var path = $"/v2/droplets/{droplet.Id}";
        var tags = Spelt(droplet.Tags, _droplets.GetValueOrDefault(droplet.Id)?.Tags ?? [], tag => tag with { LastTagged = path, LastDroplet = path });
        _dropletListing = null;
        Changed();
        Remember(droplet.Id, _droplets.GetValueOrDefault(droplet.Id));
        return _droplets[droplet.Id] = droplet with { Tags = tags };
    }

    private SandboxImage Put(SandboxImage image)
    {
        var path = $"/v2/images/{image.Id}";
        var tags = Spelt(image.Tags, _images.GetValueOrDefault(image.Id)?.Tags ?? [], tag => tag with { LastTagged = path, LastImage = path });
        ForgetImageListing();
        Changed();
        Remember(image.Id, _images.GetValueOrDefault(image.Id));
        return _images[image.Id] = image with { Tags = tags };
    }

    private void Changed() => _version++;

    private void ForgetImageListing() => (_imageListing, _imagesOfDroplets) = (null, null);

    private long NextImageId()
    {
        do
            _lastImageId = SandboxNumbers.After(_lastImageId);
        while (_images.ContainsKey(_lastImageId));
        return _lastImageId;
    }

    /// <summary>Lets everything happen that was due by now, in the order in which it was due. Called with the lock held.</summary>
    private DateTimeOffset Advance()
    {
        var now = _clock.GetUtcNow();
        while (_agenda.TakeDue(now, out var change, out var at))
        {
            _changingAt = at;
            switch (change)
            {
                case ActionEnds ends:
                    Complete(ends.ActionId, at);
                    break;
                case ImageAppears appears:
                    if (_images.TryGetValue(appears.ImageId, out var image))
                        Put(image with { Phase = SandboxImagePhase.Listed });
                    break;
                case ImageIsImported imported:
                    if (_images.TryGetValue(imported.ImageId, out var custom))
                        Put(custom with { IsBeingImported = false });
                    break;
                case PowerShows shows:
                    if (_droplets.TryGetValue(shows.DropletId, out var droplet))
                        Put(droplet with { Status = shows.Status });
                    break;
            }
        }

        _changingAt = now;
        return now;
    }
}
