using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Showing;

/// <summary>What can be said of a snapshot at a glance.</summary>
internal static class SnapshotWords
{
    /// <summary>Whether a droplet can be restored from it, and it is not about to go.</summary>
    public static bool IsGood(this SnapshotShape s) => Is(s, "complete");

    /// <summary>Whether it is gone, or never came to be.</summary>
    public static bool IsGone(this SnapshotShape s) => !s.Live;

    /// <summary>Whether there is an image of it, or was.</summary>
    public static bool WasMade(this SnapshotShape s) => s.CreatedAt is not null;

    /// <summary>The moment that it stands for on a line of time.</summary>
    public static DateTimeOffset Moment(this SnapshotShape s) => s.CreatedAt ?? s.RequestedAt;

    /// <summary>How it is drawn: <c>good</c>, <c>pinned</c>, <c>going</c>, <c>thinned</c>, <c>removed</c>, <c>lost</c>, <c>failed</c> or <c>running</c>.</summary>
    public static string Mark(this SnapshotShape s) => s.Phase switch
    {
        "complete" => s.Pinned ? "pinned" : "good",
        "expired" or "pruning" => "going",
        "pruned" => s.Expiry is { Origin: "manual" } ? "removed" : "thinned",
        "lost" => "lost",
        "failed" => "failed",
        _ => "running",
    };

    private static bool Is(SnapshotShape s, string phase) => string.Equals(s.Phase, phase, StringComparison.Ordinal);
}
