using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Audit;

/// <summary>Counts decisions, deletions and how expiries ended, as far as they are judged.</summary>
internal sealed class Tally
{
    public AuditCounts Counts { get; private set; } = new();

    public void Decided(Judgement judgement) => Counts = judgement.Kind switch
    {
        null => Counts with { Decisions = Counts.Decisions + 1, Replayed = Counts.Replayed + 1, Confirmed = Counts.Confirmed + 1 },
        FindingKind.NotReplayed => Counts with { Decisions = Counts.Decisions + 1, NotReplayed = Counts.NotReplayed + 1 },
        _ => Counts with { Decisions = Counts.Decisions + 1, Replayed = Counts.Replayed + 1, Differing = Counts.Differing + 1 },
    };

    public void Commanded() => Counts = Counts with { Decisions = Counts.Decisions + 1, Manual = Counts.Manual + 1 };

    public void Deleted(Judgement judgement) => Counts = Counts with
    {
        Deletions = Counts.Deletions + 1,
        DeletionsConfirmed = Counts.DeletionsConfirmed + (judgement.Kind is null ? 1 : 0),
    };

    /// <summary>Counts the end of an expiry.</summary>
    public void Ended(object @event, Snapshot? before)
    {
        if (before?.Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning)
        {
            Counts = @event switch
            {
                SnapshotPruned => Counts with { Pruned = Counts.Pruned + 1 },
                ExpiryWithdrawn => Counts with { Withdrawn = Counts.Withdrawn + 1 },
                PruneRefused => Counts with { Refused = Counts.Refused + 1 },
                SnapshotLost => Counts with { Lost = Counts.Lost + 1 },
                _ => Counts,
            };
        }
    }
}
