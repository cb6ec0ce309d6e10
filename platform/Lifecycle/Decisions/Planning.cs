using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>
/// The planner's decision for one droplet: what to snapshot, what to transfer, what to let go. The same inputs give the same events;
/// deciding again after they were appended gives none.
/// </summary>
public static class Planning
{
    /// <summary>Decides for one droplet.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    /// <param name="now">The moment to decide for, UTC.</param>
    /// <param name="mayRequest">False while as many snapshots are in flight as are allowed at once; requests then wait.</param>
    public static IReadOnlyList<NewEvent> Decide(DropletLedger ledger, DateTimeOffset now, bool mayRequest = true)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var events = new List<NewEvent>();
        if (ledger.Plan is { } plan)
        {
            Decide(ledger, plan, now, mayRequest, events);
        }

        foreach (var former in ledger.OrphanPlans.Where(p => !ledger.Overlaps && !ledger.IsPaused(p)))
        {
            Expiring.Decide(ledger, former, now, events, []);
        }

        return events;
    }

    private static void Decide(DropletLedger ledger, Plan plan, DateTimeOffset now, bool mayRequest, List<NewEvent> events)
    {
        var going = new HashSet<Guid>();
        if (!ledger.Paused)
        {
            Requesting.Decide(ledger, plan, now, mayRequest, events);
        }

        if (!ledger.Paused && !ledger.Overlaps)
        {
            Expiring.Decide(ledger, plan, now, events, going);
        }

        foreach (var snapshot in Members(ledger, plan).Where(s => s.IsComplete && !going.Contains(s.SnapshotId)))
        {
            Transfer(snapshot, plan, now, events);
        }
    }

    /// <summary>The snapshots to which the plan's rules apply. A manual one belongs to no plan.</summary>
    internal static IEnumerable<Snapshot> Members(DropletLedger ledger, Plan plan) =>
        ledger.Snapshots.Where(s => string.Equals(s.Plan, plan.Name, StringComparison.Ordinal));

    private static void Transfer(Snapshot snapshot, Plan plan, DateTimeOffset now, List<NewEvent> events)
    {
        // One that was done before the snapshot was lost, and was found again without its copy, is asked for once more.
        foreach (var region in plan.Regions.Where(r =>
            !snapshot.Regions.Contains(r) && snapshot.Transfers.GetValueOrDefault(r) is null or { Phase: TransferPhase.Completed }))
        {
            events.Add(NewEvent.Of(
                snapshot.SnapshotId,
                new TransferRequested(snapshot.SnapshotId, snapshot.DropletId, snapshot.ImageId!.Value, region, Origin.Plan, now)));
        }
    }
}
