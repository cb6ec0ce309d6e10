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

    /// <summary>How it is drawn: <c>good</c>, <c>pinned</c>, <c>held</c>, <c>going</c>, <c>thinned</c>, <c>removed</c>, <c>lost</c>, <c>failed</c>, <c>put-off</c> or <c>running</c>.</summary>
    public static string Mark(this SnapshotShape s) => s.Phase switch
    {
        "complete" => s.Pinned ? "pinned" : s.Held is null ? "good" : "held",
        "expired" or "pruning" => "going",
        "pruned" => s.Expiry is { Origin: "manual" } ? "removed" : "thinned",
        "lost" => "lost",
        "failed" => "failed",
        "requested" when s.RetryAt is not null => "put-off",
        _ => "running",
    };

    /// <summary>Why it is marked so; null where the mark says it all.</summary>
    public static string? WhyMarked(this SnapshotShape s) => s.Mark() switch
    {
        "held" => $"A rule lets it go, and {(s.Held!.Guard is { } guard ? $"guard {guard} holds it" : "it is left alone")}: {s.Held.Detail.TrimEnd('.')}.",
        "put-off" => s.Trouble,
        _ => null,
    };

    /// <summary>Whether something of it waits for another try, or was left or given up and is wanted still, so that it can be tried at once. A deletion that was sent cannot.</summary>
    public static bool CanRetry(this SnapshotShape s, DropletViewShape of) => s.LeftAlone
        || (s.Phase is "requested" or "expired" && s.RetryAt > of.At)
        || (s.IsGood() && s.Transfers.Any(t => (Is(t, "failed") || (Is(t, "requested") && t.RetryAt > of.At)) && IsWanted(s, t, of)));

    /// <summary>The regions that hold it: none of one that is gone.</summary>
    public static string RegionsNow(this SnapshotShape s) => s.IsGone() ? "" : string.Join(", ", s.Regions);

    /// <summary>Whether it is the newest that the droplet's plan has complete, which nobody removes, by rule or by hand.</summary>
    public static bool IsNewestOfPlan(this SnapshotShape s, DropletViewShape of) => s.IsGood()
        && of.Plan is { } plan
        && IsOf(s, plan)
        && !of.Snapshots.Any(o => o.ImageId != s.ImageId && o.IsGood() && IsOf(o, plan) && (o.CreatedAt, o.ImageId).CompareTo((s.CreatedAt, s.ImageId)) > 0);

    private static bool IsOf(SnapshotShape s, PlanShape plan) => string.Equals(s.Plan, plan.Name, StringComparison.Ordinal);

    /// <summary>What a person asked for is, whatever the plan does; what the plan asked for, as long as it wants that region.</summary>
    private static bool IsWanted(SnapshotShape s, TransferShape copy, DropletViewShape of) =>
        string.Equals(copy.Origin, "manual", StringComparison.Ordinal) || (of.Plan is { } plan && IsOf(s, plan) && plan.Regions.Contains(copy.Region, StringComparer.Ordinal));

    private static bool Is(TransferShape copy, string phase) => string.Equals(copy.Phase, phase, StringComparison.Ordinal);

    private static bool Is(SnapshotShape s, string phase) => string.Equals(s.Phase, phase, StringComparison.Ordinal);
}
