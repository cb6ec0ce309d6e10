namespace DoSnapshot.DigitalOcean;

/// <summary>The account behind a token.</summary>
/// <param name="Uuid">
/// Hexadecimal text, with or without dashes (documented): that of the team which the token was made in, whose the droplets and snapshots are, and
/// only without a team that of the user. One person's tokens for two teams have the same user.
/// </param>
/// <param name="Email">Null where the token may not see it.</param>
public sealed record Account(string Uuid, string? Email);

/// <summary>A region of the cloud.</summary>
/// <param name="Slug">For example nyc3; new ones appear, so it is open text.</param>
/// <param name="Name">For people.</param>
/// <param name="Available">Whether new droplets can be made there, not whether it accepts images (observed). False when absent.</param>
/// <param name="Features">For example image_transfer. Each once, in the order of the answer.</param>
public sealed record Region(string Slug, string? Name, bool Available, IReadOnlyList<string> Features);

/// <summary>A virtual machine.</summary>
/// <param name="Id">Never used twice.</param>
/// <param name="Name">May change.</param>
/// <param name="Status">new, active, off or archive (documented); open text, "unknown" when absent.</param>
/// <param name="Region">Slug.</param>
/// <param name="Tags">Empty also where the token lacks tag:read (documented).</param>
/// <param name="CreatedAt">Whole seconds, UTC.</param>
public sealed record Droplet(long Id, string Name, string Status, string? Region, IReadOnlyList<string> Tags, DateTimeOffset? CreatedAt);

/// <summary>A finished snapshot of a droplet.</summary>
/// <param name="Id">Also the id of the image (observed).</param>
/// <param name="Name">Free text, not unique (observed).</param>
/// <param name="DropletId">The droplet it was made of, which may be gone.</param>
/// <param name="CreatedAt">Whole seconds, UTC: when the action started, not when it ended (observed).</param>
/// <param name="SizeGigabytes">Billable size in gigabytes (documented); 0 when absent.</param>
/// <param name="Regions">Slugs of the regions that hold it, each once (duplicates were observed).</param>
public sealed record DropletSnapshot(
    long Id, string Name, long? DropletId, DateTimeOffset CreatedAt, decimal SizeGigabytes, IReadOnlyList<string> Regions);

/// <summary>
/// Work of DigitalOcean's on a resource. It carries no snapshot name, no new image's id and no reason of a failure (documented).
/// </summary>
/// <param name="Id">Beyond 32 bits already (observed).</param>
/// <param name="Status">The only field to judge by: the completion time may be absent on a completed action (observed).</param>
/// <param name="Type">snapshot, transfer, power_on and so on; open text, "unknown" when absent.</param>
/// <param name="StartedAt">Whole seconds, UTC.</param>
/// <param name="CompletedAt">Whole seconds, UTC.</param>
/// <param name="ResourceId">The droplet or the image; null is documented.</param>
/// <param name="ResourceType">droplet, image and so on; open text.</param>
/// <param name="Region">Slug; of a transfer the target, absent in early answers (observed).</param>
public sealed record CloudAction(
    long Id,
    CloudActionStatus Status,
    string Type,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    long? ResourceId,
    string? ResourceType,
    string? Region);

/// <summary>How far an action is.</summary>
public enum CloudActionStatus
{
    /// <summary>A text this library does not know, or none: neither running nor ended may be concluded from it.</summary>
    Unknown,

    /// <summary>in-progress.</summary>
    InProgress,

    /// <summary>completed.</summary>
    Completed,

    /// <summary>errored: ended without success, the reason is not told.</summary>
    Errored,
}
