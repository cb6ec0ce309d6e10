using DoSnapshot.Contracts;
using DoSnapshot.Inquiry.Replay;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>
/// Asks the pruner's own code again, at the moment of an intent to delete, whether that might begin by what the log knew. What DigitalOcean showed then is not
/// in the log, and is taken to have been what was recorded.
/// </summary>
internal sealed class DeletionJudge(FleetReplay fleet, LifecycleTimings timings)
{
    /// <summary>How long the pruner waits for an earlier attempt is a matter of its settings, and of no guard.</summary>
    private readonly LifecycleTimings patient = timings with { Settling = TimeSpan.Zero, RequestTimeout = TimeSpan.Zero };

    /// <summary>Judges an intent to delete; before it is folded.</summary>
    public Judgement Judge(PruneAttempted e, Snapshot? s)
    {
        var name = s?.Name ?? e.SnapshotId.ToString();
        if (s is not { Expiry: not null, Phase: SnapshotPhase.Expired or SnapshotPhase.Pruning })
        {
            return new Judgement(
                FindingKind.DeletedWithoutExpiry, $"a deletion of '{name}' began, and no expiry stood: {(s is null ? "the log knows no such snapshot" : $"it is {Words.Of(s.Phase)}")}");
        }

        if (s.ImageId != e.ImageId)
        {
            return new Judgement(FindingKind.DeletedOtherImage, $"a deletion of image {e.ImageId} began as '{name}', which is image {s.ImageId}");
        }

        try
        {
            return JudgeReadable(e, s);
        }
        catch (PlanException trouble)
        {
            return new Judgement(FindingKind.NotReplayed, $"whether '{name}' might be deleted cannot be decided again: {trouble.Message}");
        }
    }

    /// <summary>Judges that a snapshot is told to be gone; before it is folded.</summary>
    public static Judgement Judge(SnapshotPruned e, Snapshot? s) => s is { Phase: SnapshotPhase.Pruning }
        ? default
        : new Judgement(
            FindingKind.DeletedWithoutIntent,
            $"'{s?.Name ?? e.SnapshotId.ToString()}' counts as deleted, and no intent to delete it stood{(s is null ? "" : $": it is {Words.Of(s.Phase)}")}");

    private Judgement JudgeReadable(PruneAttempted e, Snapshot s)
    {
        Judgement? first = null;
        foreach (var plans in fleet.Plans.Readings(e.At))
        {
            var ledger = fleet.Droplet(s.DropletId)!.Ledger(plans, e.At);
            var judgement = Judge(e, s, PruneWork.Begin(ledger, s.SnapshotId, Sight(ledger, s), e.At, patient));
            if (judgement.Kind is null)
            {
                return judgement;
            }

            first ??= judgement;
        }

        return first ?? default;
    }

    private static Judgement Judge(PruneAttempted e, Snapshot s, IReadOnlyList<NewEvent> events) => events.Select(x => x.Data).FirstOrDefault() switch
    {
        PruneAttempted a when a.Attempt == e.Attempt => default,
        PruneAttempted a => new Judgement(FindingKind.DeletedTooSoon, $"a deletion of '{s.Name}' began as attempt {e.Attempt}, and it is attempt {a.Attempt}"),
        ExpiryWithdrawn w => new Judgement(
            FindingKind.DeletedAgainstGuard, $"a deletion of '{s.Name}' began, and guard {w.Guard} stood against it: {w.Why}", $"taken back, guard {w.Guard}: {w.Why}"),
        PruneDeferred d => new Judgement(FindingKind.DeletedTooSoon, $"a deletion of '{s.Name}' began before its time: {d.Reason}", $"put off: {d.Reason}"),
        _ => new Judgement(
            FindingKind.DeletedTooSoon,
            $"a deletion of '{s.Name}' began before its time: {(s.RetryAt > e.At ? $"not before {Words.Of(s.RetryAt.Value)}" : "the last attempt may be under way")}",
            "put off"),
    };

    /// <summary>What it saw is not in the log: it is taken to have been what was known, and fresh.</summary>
    private static PruneSight Sight(DropletLedger ledger, Snapshot s) => new(
        new ObservedSnapshot(s.ImageId!.Value, s.Name, s.DropletId, s.CreatedAt!.Value, s.SizeGigabytes, s.Regions),
        ledger.Snapshots.Select(o => o.ImageId).OfType<long>().ToHashSet(),
        ClockOffset: null,
        SeenAt: DateTimeOffset.MaxValue);
}
