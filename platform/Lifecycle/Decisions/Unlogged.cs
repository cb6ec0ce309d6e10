using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>
/// What the droplet has been snapshotted for without the log knowing: by the log itself, before an older backup of it was restored. Its action keeps the
/// droplet busy, and its image answers the occurrence as soon as a comparison has taken it in.
/// </summary>
public static class Unlogged
{
    /// <summary>Whether the droplet's actions and images are to be looked at before the next attempt: something has kept the first one from being made.</summary>
    public static bool IsToBeLookedForBefore(Snapshot waiting, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        return waiting is { Phase: SnapshotPhase.Requested, Scheduled: true, Attempts: > 0 } && !(waiting.RetryAt > now);
    }

    /// <summary>From when on an action or an image may be an answer to what this one was asked for, by our clock.</summary>
    public static DateTimeOffset Since(Snapshot waiting, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        ArgumentNullException.ThrowIfNull(timings);
        return waiting.Occurrence ?? waiting.RequestedAt - timings.SnapshotTimeout;
    }

    /// <summary>Why another attempt waits; null when nothing of the kind is to be seen.</summary>
    /// <param name="ledger">What the log knows.</param>
    /// <param name="waiting">The snapshot that is asked for.</param>
    /// <param name="listed">The droplet's listed images.</param>
    /// <param name="actions">The droplet's snapshot actions.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long an image may be missing from the lists, and how far clocks may differ.</param>
    internal static string? Reason(
        DropletLedger ledger,
        Snapshot waiting,
        IReadOnlyList<ObservedSnapshot> listed,
        IReadOnlyList<ObservedAction> actions,
        DateTimeOffset now,
        LifecycleTimings timings)
    {
        var since = Since(waiting, timings) - timings.ClockSkew;
        var known = ledger.Snapshots.Where(s => s.ImageId is not null).Select(s => s.ImageId!.Value).ToHashSet();
        var images = listed.Where(i => !known.Contains(i.ImageId) && i.CreatedAt >= since).ToList();
        if (images.FirstOrDefault(i => ledger.Plan!.Names(i.Name, ledger.Droplet!.Names)) is { } answer)
        {
            return $"'{answer.Name}' was made meanwhile, and the log does not know it yet";
        }

        var acted = ledger.Snapshots.Where(s => s.ActionId is not null && s.SnapshotId != waiting.SnapshotId).Select(s => s.ActionId!.Value).ToHashSet();
        var others = actions.Where(a => !acted.Contains(a.ActionId) && a.StartedAt >= since).ToList();
        if (others.Any(a => a.State is ActionState.InProgress))
        {
            return "a snapshot of the droplet that the log does not know is being made";
        }

        // Each has its image in the list by and by; one that has not is not yet there, or was removed again.
        var lately = others.Where(a => a.State is ActionState.Completed && now - (a.EndedAt ?? a.StartedAt) < timings.ListingGrace).ToList();
        // An image that is older than all of them is of none of them.
        var theirs = lately.Count == 0 ? 0 : images.Count(i => i.CreatedAt >= lately.Min(a => a.StartedAt) - timings.ClockSkew);
        return lately.Count > theirs ? "a snapshot of the droplet that the log does not know has just been made and is not listed yet" : null;
    }
}
