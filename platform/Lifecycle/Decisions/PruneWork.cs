using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>What came of a DELETE and the look that follows it.</summary>
public enum DeleteResult
{
    /// <summary>The image's address answers 404.</summary>
    Gone = 0,

    /// <summary>It could not be done now, or is still there.</summary>
    NotYet = 1,

    /// <summary>DigitalOcean refuses for a reason that time does not mend.</summary>
    Refused = 2,

    /// <summary>It was certainly not done: it was refused for now, or not sent.</summary>
    NotDone = 3,
}

/// <summary>What DigitalOcean shows right before a deletion.</summary>
/// <param name="Image">What it has under the image's id; null when it answered 404.</param>
/// <param name="There">The ids of the droplet's images that it lists.</param>
/// <param name="ClockOffset">How far its clock is ahead of this process's; null when it did not say.</param>
/// <param name="SeenAt">When its answer about the image was there, UTC.</param>
public sealed record PruneSight(ObservedSnapshot? Image, IReadOnlySet<long> There, TimeSpan? ClockOffset, DateTimeOffset SeenAt)
{
    /// <summary>Nothing was looked at: it is enough to take an expiry back, and never to delete anything.</summary>
    public static PruneSight None(DateTimeOffset now) => new(null, new HashSet<long>(), null, now) { Looked = false };

    /// <summary>When it listed the droplet's images, UTC: before it was asked about the image itself, and maybe minutes before, where requests wait in line.</summary>
    public DateTimeOffset OthersSeenAt { get; init; } = SeenAt;

    /// <summary>Whether it was looked at.</summary>
    public bool Looked { get; private init; } = true;
}

/// <summary>
/// The pruner's decisions. Nothing is deleted unless <see cref="Begin"/> gave a <see cref="PruneAttempted"/>, which it does only when what is
/// at DigitalOcean is exactly what was recorded, every guard lets it go, and the rules, asked again, still do.
/// </summary>
public static class PruneWork
{
    /// <summary>So many attempts are made as promptly as DigitalOcean, or the token's budget, asks.</summary>
    private const int MostPrompt = 3;

    /// <summary>Whether a message about this snapshot leads to any work at this moment.</summary>
    public static bool IsDue(Snapshot snapshot, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.ImageId is not null
            && !(snapshot.RetryAt > now)
            && snapshot.Phase switch
            {
                SnapshotPhase.Expired => true,
                // Somebody's DELETE may still be on its way; when its window is over it is tried again.
                SnapshotPhase.Pruning => snapshot.RetryAt is not null || snapshot.SendBefore < now,
                _ => false,
            };
    }

    /// <summary>Whether an expiry whose deletion has not begun is too old to be acted on, so that it is taken back whatever DigitalOcean shows.</summary>
    public static bool IsStale(Snapshot snapshot, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(timings);
        return snapshot is { Phase: SnapshotPhase.Expired, Expiry: { } expiry } && (now - expiry.DecidedAt).Duration() > timings.ExpiryValidFor;
    }

    /// <summary>Decides, right before the DELETE, whether it may be sent.</summary>
    /// <param name="ledger">What the log knows, read under the droplet's lock.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="sight">What DigitalOcean has, read just now.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    public static IReadOnlyList<NewEvent> Begin(
        DropletLedger ledger, Guid snapshotId, PruneSight sight, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(timings);
        if (ledger.Find(snapshotId) is not { } s || !IsDue(s, now))
        {
            return [];
        }

        // 404 alone proves nothing: every snapshot answers so to another account's token. It is proof only after a DELETE of ours that may have been done.
        if (sight.Image is null && s.Phase is SnapshotPhase.Pruning && s.PruneAttempts > s.PrunesNotDone)
        {
            return !sight.Looked || sight.SeenAt <= s.AttemptedAt ? [] : [NewEvent.Of(snapshotId, new SnapshotPruned(snapshotId, s.DropletId, s.ImageId!.Value, now))];
        }

        if (ClockDoubt(sight, timings) is { } clock)
        {
            // Neither how old a decision is, nor whether the last attempt has settled, can be told by it.
            return [Deferred(s, clock, now, now + timings.AsLongAgain(now - s.Expiry!.DecidedAt))];
        }

        var settledAt = s.Phase is SnapshotPhase.Pruning && s.SendBefore is { } sendBefore ? timings.SettledAt(sendBefore) : now;
        if (s.Phase is SnapshotPhase.Pruning && s.RetryAt is null && now < settledAt)
        {
            // Somebody's DELETE, of which nothing has been heard, may still be on its way. A time is set, or nobody would ask again for ten minutes.
            return [Deferred(s, "nothing was heard of the last attempt, which may yet take effect", now, settledAt)];
        }

        var difference = sight.Image is null ? null : Difference(s, sight.Image);
        var held = Holds(ledger, s, Staying(ledger, s), now, timings);
        if (now < settledAt && (difference is not null || held is not null))
        {
            // A DELETE that was accepted may yet take effect: until then the image must not count as one that stays.
            return [Deferred(s, "no longer to be deleted, and it is seen later whether the last attempt has", now, settledAt)];
        }

        if (difference is not null)
        {
            return [NewEvent.Of(snapshotId, new PruneRefused(snapshotId, s.DropletId, Guard.IdentityChanged, difference, now))];
        }

        if (held is not null)
        {
            return [NewEvent.Of(snapshotId, new ExpiryWithdrawn(snapshotId, s.DropletId, held.Guard, held.Detail, now))];
        }

        if (now - sight.SeenAt > timings.SendWindow || now - sight.OthersSeenAt > timings.AbsenceGrace)
        {
            // The process stood still, or a request or the lock was long in coming. What it saw may be gone since, and this one the last.
            var oldest = sight.SeenAt < sight.OthersSeenAt ? sight.SeenAt : sight.OthersSeenAt;
            return [Deferred(s, $"what DigitalOcean showed was seen {(now - oldest).TotalMinutes:0.#} min ago", now, now + timings.Backoff(1))];
        }

        if (Doubt(ledger, s, sight, now, timings) is { } doubt)
        {
            return [Deferred(s, doubt, now, now + timings.AsLongAgain(now - s.Expiry!.DecidedAt))];
        }

        return
        [
            NewEvent.Of(snapshotId, new PruneAttempted(
                snapshotId, s.DropletId, s.ImageId!.Value, s.PruneAttempts + 1, now, now + timings.SendWindow)),
        ];
    }

    /// <summary>What came of the DELETE.</summary>
    /// <param name="ledger">What the log knows, read under the droplet's lock.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="attempt">The attempt that it came of.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="detail">In words.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long to wait for what.</param>
    /// <param name="after">How long DigitalOcean asks to wait before the next attempt, if it does.</param>
    public static IReadOnlyList<NewEvent> Record(
        DropletLedger ledger,
        Guid snapshotId,
        int attempt,
        DeleteResult result,
        string detail,
        DateTimeOffset now,
        LifecycleTimings timings,
        TimeSpan? after = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(timings);
        if (ledger.Find(snapshotId) is not { Phase: SnapshotPhase.Pruning } s || s.PruneAttempts != attempt)
        {
            return [];
        }

        return result switch
        {
            DeleteResult.Gone => [NewEvent.Of(snapshotId, new SnapshotPruned(snapshotId, s.DropletId, s.ImageId!.Value, now))],
            DeleteResult.Refused => [NewEvent.Of(snapshotId, new PruneRefused(snapshotId, s.DropletId, null, detail, now))],
            _ => [Deferred(s, detail, now, now + Wait(s.PruneAttempts, after, timings), result is DeleteResult.NotDone)],
        };
    }

    /// <summary>Where many deletions wait for few requests, one that is told to come back soon is told so again: ever less often, or it fills the log.</summary>
    private static TimeSpan Wait(int attempts, TimeSpan? after, LifecycleTimings timings) => after is not { } asked
        ? timings.Backoff(attempts + 1)
        : attempts > MostPrompt && timings.Backoff(attempts - MostPrompt) is var longer && longer > asked ? longer : asked;

    /// <summary>The complete snapshots of the same plan that are not about to go: for whose sake this one may.</summary>
    private static IReadOnlyList<Snapshot> Staying(DropletLedger ledger, Snapshot s) =>
        ledger.RulesFor(s) is { } plan ? [.. Expiring.Complete(ledger, plan)] : [];

    /// <summary>What makes it a matter of waiting: what is seen at DigitalOcean is not enough to decide by.</summary>
    private static string? Doubt(DropletLedger ledger, Snapshot s, PruneSight sight, DateTimeOffset now, LifecycleTimings timings)
    {
        if (sight.Image is not { } image)
        {
            return "DigitalOcean does not know the image; reconciliation will tell whether it is lost";
        }

        if (image.DropletId is null)
        {
            return "DigitalOcean does not say of which droplet the image is";
        }

        var there = Staying(ledger, s).Where(other => sight.There.Contains(other.ImageId!.Value)).ToList();
        return Holds(ledger, s, there, now, timings) is { } held
            ? $"without those that the log knows and DigitalOcean does not list, it would be held: {held.Detail}"
            : null;
    }

    private static string? ClockDoubt(PruneSight sight, LifecycleTimings timings) => sight.ClockOffset is { } offset && offset.Duration() > timings.ClockSkew
        ? $"this machine's clock is {offset.Duration().TotalMinutes:0.#} min {(offset > TimeSpan.Zero ? "behind" : "ahead of")} DigitalOcean's, so no age can be trusted"
        : null;

    /// <summary>What holds an expiry that a rule asked for, whatever the snapshot itself is like.</summary>
    private static GuardHolds? HoldsByRule(DropletLedger ledger, Plan? rules)
    {
        if (rules is null)
        {
            return new GuardHolds(Guard.NotEnrolled, ledger.Plan is { } plan
                ? $"the droplet belongs to plan '{plan.Name}', whose rules do not apply to it"
                : "the droplet belongs to no plan any more");
        }

        if (ledger.Overlaps)
        {
            return new GuardHolds(Guard.Overlap, $"the droplet carries the tags of plans '{string.Join("', '", ledger.Droplet!.Overlap)}'");
        }

        if (ledger.IsPaused(rules))
        {
            return new GuardHolds(Guard.Paused, "the plan or the droplet is paused");
        }

        return Braking.Holding(ledger, rules) is { } brake ? new GuardHolds(Guard.Brake, $"the brake is on: {brake.Detail}") : null;
    }

    private static GuardHolds? Holds(
        DropletLedger ledger, Snapshot s, IReadOnlyList<Snapshot> staying, DateTimeOffset now, LifecycleTimings timings)
    {
        var byRule = s.Expiry is not { Origin: Origin.Manual };
        var rules = byRule ? ledger.RulesFor(s) : null;
        if (byRule && HoldsByRule(ledger, rules) is { } holds)
        {
            return holds;
        }

        // One that is in no plan is nobody's only copy but its owner's, who asks for this himself.
        var isMember = ledger.Plan is { } own && string.Equals(s.Plan, own.Name, StringComparison.Ordinal);
        if (((isMember ? ledger.Plan : rules) is { } plan
            ? byRule ? Guards.CheckByRule(s, staying, plan) : Guards.Check(s, staying, plan)
            : Guards.CheckItself(s)) is { } held)
        {
            return held;
        }

        if (s.Expiry is null || (now - s.Expiry.DecidedAt).Duration() > timings.ExpiryValidFor)
        {
            return new GuardHolds(
                Guard.StaleDecision,
                $"decided at {s.Expiry?.DecidedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}, which is too {(s.Expiry?.DecidedAt > now ? "far ahead" : "long ago")}");
        }

        return rules is not null && !Expiring.StillExpires(s, staying, rules, now)
            ? new GuardHolds(Guard.NoLongerExpired, "asked again, the rules keep it")
            : null;
    }

    /// <summary>How what is there differs from what was recorded; null when it is the same.</summary>
    private static string? Difference(Snapshot s, ObservedSnapshot seen)
    {
        if (seen.ImageId != s.ImageId)
        {
            return $"asked for image {s.ImageId}, was shown {seen.ImageId}";
        }

        if (!string.Equals(seen.Name, s.Name, StringComparison.Ordinal))
        {
            return $"its name is '{seen.Name}', recorded was '{s.Name}'";
        }

        if (seen.DropletId is { } droplet && droplet != s.DropletId)
        {
            return $"it is of droplet {droplet}, recorded was {s.DropletId}";
        }

        return seen.CreatedAt.ToUnixTimeSeconds() != s.CreatedAt?.ToUnixTimeSeconds()
            ? $"it was made at {seen.CreatedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}, recorded was {s.CreatedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}"
            : null;
    }

    private static NewEvent Deferred(Snapshot s, string reason, DateTimeOffset now, DateTimeOffset retryAt, bool notDone = false) =>
        NewEvent.Of(s.SnapshotId, new PruneDeferred(s.SnapshotId, s.DropletId, reason, now, retryAt, notDone));
}
