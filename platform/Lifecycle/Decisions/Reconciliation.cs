using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>What the log learns from what DigitalOcean shows: droplets that joined, were renamed or left; snapshots found, done or lost.</summary>
public static class Reconciliation
{
    /// <summary>Why a droplet leaves its plan that DigitalOcean does not have any more: nobody needs to look after it.</summary>
    public const string DropletIsNoMore = "the droplet is no more";

    /// <summary>Why one is said to have left its plan anew that was taken for destroyed: nothing is refused it for that any more.</summary>
    public const string DropletIsThere = "the droplet is there after all, and in no plan";

    /// <summary>The events for one droplet that carries the tag of a plan.</summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="plan">The plan whose tag it carries.</param>
    /// <param name="droplet">The droplet as it is.</param>
    /// <param name="snapshots">The listed snapshots of it.</param>
    /// <param name="gone">Images that are certain to be gone: absent from two listings and 404 on their own address.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How far clocks may differ.</param>
    public static IReadOnlyList<NewEvent> Decide(
        DropletLedger ledger,
        PlanFacts plan,
        ObservedDroplet droplet,
        IReadOnlyList<ObservedSnapshot> snapshots,
        IReadOnlySet<long> gone,
        DateTimeOffset now,
        LifecycleTimings timings) => Decide(ledger, [plan], droplet, snapshots, gone, now, timings);

    /// <summary>The events for one droplet that carries the tags of plans: one, or several by mistake.</summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="claims">The plans that it belongs to by its tags, at least one.</param>
    /// <param name="droplet">The droplet as it is.</param>
    /// <param name="snapshots">The listed snapshots of it.</param>
    /// <param name="gone">Images that are certain to be gone: absent from two listings and 404 on their own address.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How far clocks may differ.</param>
    public static IReadOnlyList<NewEvent> Decide(
        DropletLedger ledger,
        IReadOnlyList<PlanFacts> claims,
        ObservedDroplet droplet,
        IReadOnlyList<ObservedSnapshot> snapshots,
        IReadOnlySet<long> gone,
        DateTimeOffset now,
        LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(droplet);
        ArgumentNullException.ThrowIfNull(gone);
        ArgumentNullException.ThrowIfNull(timings);
        var facts = Chosen(ledger, claims);
        var plan = facts.ToPlan() ?? throw new InvalidOperationException($"Plan '{facts.Name}' was never stated.");
        var names = ledger.Droplet?.Names.Add(droplet.Name) ?? [droplet.Name];
        return
        [
            .. Enrol(ledger, plan, droplet, now),
            .. Overlap(ledger, plan, claims, droplet, now),
            .. Look(ledger, droplet.DropletId, snapshots, timings, now, seen => plan.Names(seen.Name, names) ? Found(droplet, plan, seen, now) : null),
            .. Losses(ledger, gone, now),
        ];
    }

    /// <summary>
    /// The events for a droplet that carries no plan's tag, or is no more: of its snapshots the log learns what became of them, and takes over
    /// none that it did not know.
    /// </summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="snapshots">The listed snapshots of it.</param>
    /// <param name="gone">Images that are certain to be gone: absent from two listings and 404 on their own address.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How far clocks may differ.</param>
    public static IReadOnlyList<NewEvent> DecideUntagged(
        DropletLedger ledger, IReadOnlyList<ObservedSnapshot> snapshots, IReadOnlySet<long> gone, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(gone);
        ArgumentNullException.ThrowIfNull(timings);
        return [.. Look(ledger, ledger.DropletId, snapshots, timings, now, _ => null), .. Losses(ledger, gone, now)];
    }

    /// <summary>The event for a droplet that no longer carries its plan's tag, or is no more.</summary>
    public static IReadOnlyList<NewEvent> Withdraw(DropletLedger ledger, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.Droplet is { Plan: { } plan } droplet
            ? [new NewEvent(droplet.Id, new DropletWithdrawn(droplet.DropletId, plan, reason, now))]
            : [];
    }

    /// <summary>The event for a droplet that had left its plan before, and is no more, or is there after all: as if it left it only now.</summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="plan">The plan that it left.</param>
    /// <param name="isThere">Whether it is there.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <returns>The event; nothing where it is in a plan again.</returns>
    public static IReadOnlyList<NewEvent> LeaveAgain(DropletLedger ledger, string plan, bool isThere, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.Droplet is { Plan: null } droplet
            ? [new NewEvent(droplet.Id, new DropletWithdrawn(droplet.DropletId, plan, isThere ? DropletIsThere : DropletIsNoMore, now))]
            : [];
    }

    /// <summary>Of several plans that claim a droplet, the one it is in already; else the first by name, so that everybody chooses the same.</summary>
    private static PlanFacts Chosen(DropletLedger ledger, IReadOnlyList<PlanFacts> claims) =>
        claims.FirstOrDefault(p => string.Equals(p.Name, ledger.Droplet?.Plan, StringComparison.Ordinal))
        ?? claims.MinBy(p => p.Name, StringComparer.Ordinal)
        ?? throw new ArgumentException("No plan claims the droplet.", nameof(claims));

    /// <summary>Says when a droplet comes to be claimed by several plans, by others than before, or by one alone again.</summary>
    private static IEnumerable<NewEvent> Overlap(
        DropletLedger ledger, Plan plan, IReadOnlyList<PlanFacts> claims, ObservedDroplet droplet, DateTimeOffset now)
    {
        var stream = Streams.OfDroplet(droplet.DropletId);
        string[] names = claims.Count > 1 ? [.. claims.Select(p => p.Name).Order(StringComparer.Ordinal)] : [];
        // One that leaves its plan leaves the overlap with it.
        var known = string.Equals(ledger.Droplet?.Plan, plan.Name, StringComparison.Ordinal) ? ledger.Droplet!.Overlap : [];
        if (!names.SequenceEqual(known, StringComparer.Ordinal))
        {
            yield return names is []
                ? new NewEvent(stream, new OverlapResolved(droplet.DropletId, now))
                : new NewEvent(stream, new PlansOverlapped(droplet.DropletId, names, now));
        }
    }

    /// <summary>A droplet is in one plan. One that is found with another's tag leaves the plan it was in, whose snapshots stay as they are.</summary>
    private static IEnumerable<NewEvent> Enrol(DropletLedger ledger, Plan plan, ObservedDroplet droplet, DateTimeOffset now)
    {
        var stream = Streams.OfDroplet(droplet.DropletId);
        if (ledger.Droplet is { } known && !string.Equals(known.Name, droplet.Name, StringComparison.Ordinal))
        {
            yield return new NewEvent(stream, new DropletRenamed(droplet.DropletId, known.Name, droplet.Name, now));
        }

        if (string.Equals(ledger.Droplet?.Plan, plan.Name, StringComparison.Ordinal))
        {
            yield break;
        }

        foreach (var leaving in Withdraw(ledger, $"it belongs to plan '{plan.Name}' now", now))
        {
            yield return leaving;
        }

        yield return new NewEvent(stream, new DropletEnrolled(droplet.DropletId, droplet.Name, plan.Name, now));
    }

    /// <summary>What the listed snapshots of a droplet teach; <paramref name="discover"/> says whether one that nobody knew is taken over.</summary>
    private static IEnumerable<NewEvent> Look(
        DropletLedger ledger,
        long dropletId,
        IReadOnlyList<ObservedSnapshot> snapshots,
        LifecycleTimings timings,
        DateTimeOffset now,
        Func<ObservedSnapshot, NewEvent?> discover)
    {
        var completed = new HashSet<Guid>();
        foreach (var seen in snapshots.Where(s => s.DropletId == dropletId).DistinctBy(s => s.ImageId))
        {
            if (ledger.Snapshots.FirstOrDefault(s => s.ImageId == seen.ImageId) is { } known)
            {
                foreach (var e in Again(ledger, known, seen, now))
                {
                    yield return e;
                }
            }
            else if (Awaited(ledger, seen, timings) is { } awaited)
            {
                // One image a snapshot: a second of the same name is for the next comparison, which knows whose the first was.
                if (completed.Add(awaited.SnapshotId))
                {
                    yield return SnapshotWork.Completed(awaited, seen, now);
                }
            }
            else if (discover(seen) is { } found)
            {
                yield return found;
            }
        }
    }

    /// <summary>An image with the name that we asked for is ours, whatever we believed to have become of it.</summary>
    private static Snapshot? Awaited(DropletLedger ledger, ObservedSnapshot seen, LifecycleTimings timings) =>
        ledger.Snapshots.FirstOrDefault(s => s.ImageId is null && s.Attempts > 0 && SnapshotWork.IsOf(seen, s, ledger, timings));

    /// <summary>One that is known: it may have been lost, or copied by somebody else. What a transfer of ours is at is for its follower to see.</summary>
    private static IEnumerable<NewEvent> Again(DropletLedger ledger, Snapshot known, ObservedSnapshot seen, DateTimeOffset now) => known.Phase switch
    {
        SnapshotPhase.Lost =>
        [
            NewEvent.Of(known.SnapshotId, new SnapshotDiscovered(
                known.SnapshotId,
                known.DropletId,
                ledger.Droplet?.Name ?? known.DropletName,
                seen.ImageId,
                known.Name,
                known.Plan ?? ledger.Plan?.Name ?? "",
                seen.SizeGigabytes,
                [.. seen.Regions],
                seen.CreatedAt,
                now)),
        ],
        SnapshotPhase.Complete => seen.Regions
            .Where(region => !known.Regions.Contains(region) && known.Transfers.GetValueOrDefault(region) is not { InFlight: true })
            .Select(region => NewEvent.Of(known.SnapshotId, new TransferCompleted(known.SnapshotId, known.DropletId, region, now))),
        _ => [],
    };

    private static NewEvent Found(ObservedDroplet droplet, Plan plan, ObservedSnapshot seen, DateTimeOffset now)
    {
        var id = SnapshotIds.ForImage(seen.ImageId);
        return NewEvent.Of(id, new SnapshotDiscovered(
            id, droplet.DropletId, droplet.Name, seen.ImageId, seen.Name, plan.Name, seen.SizeGigabytes, [.. seen.Regions], seen.CreatedAt, now));
    }

    private static IEnumerable<NewEvent> Losses(DropletLedger ledger, IReadOnlySet<long> gone, DateTimeOffset now) => ledger.Snapshots
        .Where(s => s.Phase is SnapshotPhase.Complete or SnapshotPhase.Expired && s.ImageId is { } image && gone.Contains(image))
        .Select(s => NewEvent.Of(s.SnapshotId, new SnapshotLost(s.SnapshotId, s.DropletId, s.ImageId!.Value, now)));
}
