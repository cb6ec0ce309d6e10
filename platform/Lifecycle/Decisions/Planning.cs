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
    /// <param name="clearance">What may expire; null for whatever the rules of this droplet let go.</param>
    public static IReadOnlyList<NewEvent> Decide(DropletLedger ledger, DateTimeOffset now, bool mayRequest = true, Clearance? clearance = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var events = new List<NewEvent>();
        if (ledger.Plan is { } plan && !ledger.Paused)
        {
            Requesting.Decide(ledger, plan, now, mayRequest, events);
        }

        var going = Expiring.Decide(ledger, now, clearance ?? Clearance.All, events);

        if (ledger.Plan is { } own)
        {
            foreach (var snapshot in Members(ledger, own).Where(s => s.IsComplete && !going.Contains(s.SnapshotId)))
            {
                Transfer(snapshot, own, now, events);
            }
        }

        return events;
    }

    /// <summary>The snapshots to which the plan's rules apply. A manual one belongs to no plan.</summary>
    internal static IEnumerable<Snapshot> Members(DropletLedger ledger, Plan plan) => Members(ledger, plan.Name);

    /// <summary>The snapshots of the plan of this name.</summary>
    internal static IEnumerable<Snapshot> Members(DropletLedger ledger, string plan) =>
        ledger.Snapshots.Where(s => string.Equals(s.Plan, plan, StringComparison.Ordinal));

    private static void Transfer(Snapshot snapshot, Plan plan, DateTimeOffset now, List<NewEvent> events)
    {
        // One that was done before the snapshot was lost, and was found again without its copy, is asked for once more.
        foreach (var region in plan.Regions)
        {
            if (!snapshot.Regions.Contains(region) && snapshot.Transfers.GetValueOrDefault(region) is null or { Phase: TransferPhase.Completed })
            {
                events.Add(NewEvent.Of(
                    snapshot.SnapshotId,
                    new TransferRequested(snapshot.SnapshotId, snapshot.DropletId, snapshot.ImageId!.Value, region, Origin.Plan, now)));
            }
        }
    }
}
