namespace DoSnapshot.Sandbox;

/// <summary>A droplet of the account. Immutable: a change replaces it.</summary>
public sealed record SandboxDroplet
{
    /// <summary>Its number; a JSON integer everywhere but in <c>/v2/snapshots</c> (documented).</summary>
    public required long Id { get; init; }

    /// <summary>Its name, which may change and need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>Its tags; compared without regard to case, as the first spelling seen is canonical (documented).</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The slug of the region it runs in.</summary>
    public required string Region { get; init; }

    /// <summary>Running or not.</summary>
    public SandboxPower Status { get; init; } = SandboxPower.Active;

    /// <summary>Whether its system takes no notice of a shutdown, which is then done without effect (observed).</summary>
    public bool IgnoresShutdown { get; init; }

    /// <summary>Size of its disk in GB; the <c>min_disk_size</c> of its snapshots.</summary>
    public required int Disk { get; init; }

    /// <summary>
    /// Slug of its size, which says memory, processors and price. Its disk is that of another size after a resize that left it.
    /// </summary>
    public string Size { get; init; } = SandboxCatalog.Sizes[0].Slug;

    /// <summary>The image it was made of, as that was then; the first public one if none.</summary>
    public SandboxImage? Image { get; init; }

    /// <summary>When backups would be taken; none when they are off. The sandbox takes none by itself: they are planted.</summary>
    public SandboxBackupPolicy? Backups { get; init; }

    /// <summary>Whether it has an IPv6 address.</summary>
    public bool Ipv6 { get; init; }

    /// <summary>How much of the disk is in use, in GB. It decides how long a snapshot takes, and its size.</summary>
    public required double UsedGigabytes { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Whether a droplet runs.</summary>
public enum SandboxPower
{
    /// <summary>It is being created.</summary>
    New,

    /// <summary>It runs.</summary>
    Active,

    /// <summary>It is powered off.</summary>
    Off,
}

/// <summary>An image of the account. A droplet snapshot is one: both kinds of address lead to the same object (observed).</summary>
public sealed record SandboxImage
{
    /// <summary>Its number, above 2^31 from the start, so that a client with 32-bit numbers shows itself.</summary>
    public required long Id { get; init; }

    /// <summary>Its name: free text and not unique (observed).</summary>
    public required string Name { get; init; }

    /// <summary>What kind of private image it is.</summary>
    public SandboxImageType Type { get; init; } = SandboxImageType.Snapshot;

    /// <summary>The droplet it was taken of, which may be long gone; 0 if it was taken of none.</summary>
    public required long DropletId { get; init; }

    /// <summary>What public images are also known by; private ones have none.</summary>
    public string? Slug { get; init; }

    /// <summary>The system on it.</summary>
    public string Distribution { get; init; } = "Ubuntu";

    /// <summary>Free text.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its tags; a snapshot is born without any, whatever its droplet has (observed).</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether it is still being fetched from where its owner said.</summary>
    public bool IsBeingImported { get; init; }

    /// <summary>Billed size in GB.</summary>
    public required double SizeGigabytes { get; init; }

    /// <summary>Smallest disk it can be restored to, in GB.</summary>
    public required int MinDiskSize { get; init; }

    /// <summary>Regions that hold it; a finished transfer adds one (observed).</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>The start of the action that made it, not its end (observed).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How far it has come.</summary>
    public SandboxImagePhase Phase { get; init; } = SandboxImagePhase.Listed;
}

/// <summary>The kinds of private image; <c>/v2/images?private=true</c> mixes them (documented).</summary>
public enum SandboxImageType
{
    /// <summary>A snapshot of a droplet.</summary>
    Snapshot,

    /// <summary>An automatic backup: no snapshot to <c>/v2/snapshots</c>, which neither lists nor deletes it (documented).</summary>
    Backup,

    /// <summary>An uploaded image.</summary>
    Custom,

    /// <summary>One of DigitalOcean's own, which is everybody's.</summary>
    Base,
}

/// <summary>How far an image has come.</summary>
public enum SandboxImagePhase
{
    /// <summary>Being made: seen only as an action (observed).</summary>
    InProgress,

    /// <summary>Its action is completed, but no list shows it yet (observed).</summary>
    Unlisted,

    /// <summary>Listed: it can be read, transferred and deleted.</summary>
    Listed,
}

/// <summary>An action: work that DigitalOcean does, which says neither the name of the snapshot nor its image (documented by absence).</summary>
public sealed record SandboxAction
{
    /// <summary>Its number, above 2^31 as the real ones are (observed).</summary>
    public required long Id { get; init; }

    /// <summary>Where it stands.</summary>
    public SandboxActionStatus Status { get; init; } = SandboxActionStatus.InProgress;

    /// <summary><c>snapshot</c>, <c>transfer</c>, <c>convert</c>, <c>create</c>, or another of the droplet actions.</summary>
    public required string Type { get; init; }

    /// <summary>When it was asked for, to the second.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, to the second.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The droplet or image it is about.</summary>
    public required long ResourceId { get; init; }

    /// <summary><c>droplet</c> or <c>image</c>.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Where it happens; for a transfer, the target.</summary>
    public required string Region { get; init; }

    /// <summary>The image it makes or copies. The sandbox knows; its API does not tell.</summary>
    public long? ImageId { get; init; }

    /// <summary>What its droplet becomes by it, if anything. The sandbox knows; its API does not tell.</summary>
    public SandboxDropletEdit? Edit { get; init; }

    /// <summary>When it ends if nothing comes between. The sandbox knows; its API does not tell.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>Where an action stands (documented).</summary>
public enum SandboxActionStatus
{
    /// <summary>Under way.</summary>
    InProgress,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>Failed, for a reason that is not told (documented by absence).</summary>
    Errored,
}

/// <summary>A region.</summary>
/// <param name="Slug">What the API calls it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Available">Whether new droplets can be created there; it receives images either way (observed).</param>
public sealed record SandboxRegion(string Slug, string Name, bool Available = true);

/// <summary>Whose account it is.</summary>
/// <param name="Uuid">The identity of the team that owns everything: a hex string, not necessarily with dashes (documented).</param>
/// <param name="Email">Its owner.</param>
/// <param name="Status"><c>active</c>, <c>warning</c> or <c>locked</c> (documented).</param>
/// <param name="DropletLimit">How many droplets it may have.</param>
/// <param name="UserUuid">The person whose token it is, who may be in several teams.</param>
public sealed record SandboxOwner(
    string Uuid = "5a4db0c5a4db0c5a4db0c5a4db0c0001",
    string Email = "sandbox@example.com",
    string Status = "active",
    int DropletLimit = 1000,
    string UserUuid = "0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b");
