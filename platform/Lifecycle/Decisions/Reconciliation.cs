using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>What the log learns from what DigitalOcean shows: droplets that joined, were renamed or left; snapshots found, done or lost.</summary>
public static class Reconciliation
{
    private static readonly LifecycleTimings Timings = new();

    /// <summary>The events for one droplet that carries the plan's tag.</summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="planFacts">The plan whose tag it carries.</param>
    /// <param name="droplet">The droplet as it is.</param>
    /// <param name="snapshots">The listed snapshots of it.</param>
    /// <param name="gone">Images that are certain to be gone: absent from two listings and 404 on their own address.</param>
    /// <param name="now">The moment, UTC.</param>
    public static IReadOnlyList<NewEvent> Decide(
        DropletLedger ledger,
        PlanFacts planFacts,
        ObservedDroplet droplet,
        IReadOnlyList<ObservedSnapshot> snapshots,
        IReadOnlySet<long> gone,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(planFacts);
        ArgumentNullException.ThrowIfNull(droplet);
        ArgumentNullException.ThrowIfNull(gone);
        var plan = planFacts.ToPlan() ?? throw new InvalidOperationException($"Plan '{planFacts.Name}' was never stated.");
        var events = new List<NewEvent>();
        Enrol(ledger, plan, droplet, now, events);
        var names = ledger.Droplet?.Names.Add(droplet.Name) ?? [droplet.Name];
        var spokenOf = new HashSet<string>(StringComparer.Ordinal);
        foreach (var seen in snapshots.Where(s => s.DropletId == droplet.DropletId).DistinctBy(s => s.ImageId))
        {
            // One image a snapshot: a second of the same name is for the next comparison, which knows whose the first was.
            if (See(ledger, plan, droplet, names, seen, now) is { } @event && spokenOf.Add(@event.Stream))
            {
                events.Add(@event);
            }
        }

        events.AddRange(ledger.Snapshots
            .Where(s => s.Phase is SnapshotPhase.Complete or SnapshotPhase.Expired && s.ImageId is { } image && gone.Contains(image))
            .Select(s => NewEvent.Of(s.SnapshotId, new SnapshotLost(s.SnapshotId, s.DropletId, s.ImageId!.Value, now))));
        return events;
    }

    /// <summary>The event for a droplet that no longer carries its plan's tag, or is no more.</summary>
    public static IReadOnlyList<NewEvent> Withdraw(DropletLedger ledger, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.Droplet is { Plan: { } plan } droplet
            ? [new NewEvent(droplet.Id, new DropletWithdrawn(droplet.DropletId, plan, reason, now))]
            : [];
    }

    private static void Enrol(DropletLedger ledger, Plan plan, ObservedDroplet droplet, DateTimeOffset now, List<NewEvent> events)
    {
        var stream = Streams.OfDroplet(droplet.DropletId);
        if (ledger.Droplet is { } known && !string.Equals(known.Name, droplet.Name, StringComparison.Ordinal))
        {
            events.Add(new NewEvent(stream, new DropletRenamed(droplet.DropletId, known.Name, droplet.Name, now)));
        }

        if (ledger.Droplet?.Plan is null)
        {
            events.Add(new NewEvent(stream, new DropletEnrolled(droplet.DropletId, droplet.Name, plan.Name, now)));
        }
    }

    private static NewEvent? See(
        DropletLedger ledger, Plan plan, ObservedDroplet droplet, IReadOnlyCollection<string> names, ObservedSnapshot seen, DateTimeOffset now)
    {
        var known = ledger.Snapshots.FirstOrDefault(s => s.ImageId == seen.ImageId);
        if (known is not null)
        {
            return known.Phase is SnapshotPhase.Lost ? Discovered(known.SnapshotId, known.Name, known.Plan ?? plan.Name) : null;
        }

        // An image with the name that we asked for is ours, whatever we believed to have become of it.
        var awaited = ledger.Snapshots.FirstOrDefault(s =>
            s.ImageId is null && s.Attempts > 0 && SnapshotWork.IsOf(seen, s, ledger, Timings));
        if (awaited is not null)
        {
            return SnapshotWork.Completed(awaited, seen, now);
        }

        return plan.Names(seen.Name, names) ? Discovered(SnapshotIds.ForImage(seen.ImageId), seen.Name, plan.Name) : null;

        NewEvent Discovered(Guid id, string name, string planName) => NewEvent.Of(id, new SnapshotDiscovered(
            id, droplet.DropletId, droplet.Name, seen.ImageId, name, planName, seen.SizeGigabytes, [.. seen.Regions], seen.CreatedAt, now));
    }
}
