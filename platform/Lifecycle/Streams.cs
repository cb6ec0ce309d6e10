using UUIDNext;

namespace DoSnapshot.Lifecycle;

/// <summary>The keys of the log's streams: one for each snapshot, droplet and plan, one for the account, and one for the plans as a whole.</summary>
public static class Streams
{
    /// <summary>The stream that says which DigitalOcean account the log belongs to.</summary>
    public const string Account = "account";

    /// <summary>The stream that says which plans were stated last by the configuration.</summary>
    public const string Plans = "plans";

    /// <summary>The stream of a snapshot.</summary>
    public static string OfSnapshot(Guid snapshotId) => $"snapshot/{snapshotId:D}";

    /// <summary>The stream of a droplet.</summary>
    public static string OfDroplet(long dropletId) => $"droplet/{dropletId}";

    /// <summary>The stream of a plan.</summary>
    public static string OfPlan(string plan) => $"plan/{plan}";
}

/// <summary>
/// Ids of snapshots, derived from what they answer (UUID v5). Whoever decides the same thing twice starts the same stream twice,
/// and the second is refused: two planners cannot double a snapshot.
/// </summary>
public static class SnapshotIds
{
    private static readonly Guid Scope = new("6f1d2c1e-0b5a-4f7e-9a3e-5f0c7f6b8d21");

    /// <summary>The snapshot of an anchored plan for one occurrence of a droplet.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="occurrence">The occurrence.</param>
    /// <param name="enrolledAt">When the droplet joined the plan, if that was after the occurrence.</param>
    public static Guid ForOccurrence(string plan, long dropletId, DateTimeOffset occurrence, DateTimeOffset? enrolledAt = null) =>
        Derive($"occurrence/{plan}/{dropletId}/{occurrence.ToUnixTimeSeconds()}"
            + (enrolledAt is { } since ? $"/{since.ToUnixTimeSeconds()}" : ""));

    /// <summary>The snapshot of an elapsed plan that follows <paramref name="last"/>, failed ones included; null for a droplet's first.</summary>
    public static Guid ForElapsed(string plan, long dropletId, Guid? last) => Derive($"elapsed/{plan}/{dropletId}/{last:D}");

    /// <summary>A snapshot that was found at DigitalOcean.</summary>
    public static Guid ForImage(long imageId) => Derive($"image/{imageId}");

    private static Guid Derive(string name) => Uuid.NewNameBased(Scope, name);
}
