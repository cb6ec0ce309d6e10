using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>A command of the log that a worker has yet to act on, and from when on it is worth publishing again.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="Command">The contract that is waiting: SnapshotRequested, TransferRequested or SnapshotExpired.</param>
/// <param name="Region">The region, for a transfer.</param>
/// <param name="Since">When it began to wait, UTC: a later change makes it another wait.</param>
/// <param name="NotBefore">The time that was set for its next attempt, UTC; null when none was.</param>
public sealed record WaitingCommand(
    Guid SnapshotId, long DropletId, Type Command, string? Region, DateTimeOffset Since, DateTimeOffset? NotBefore)
{
    /// <summary>When it should be published (again) at the earliest, UTC.</summary>
    public DateTimeOffset DueAt => NotBefore ?? Since + Sweeping.Patience;

    /// <summary>Whether an event of the snapshot's stream is the one that gave this command.</summary>
    public bool Is(object @event) =>
        @event?.GetType() == Command && (@event is not TransferRequested transfer || string.Equals(transfer.Region, Region, StringComparison.Ordinal));
}

/// <summary>
/// The guarantee behind the relay: every command that shows no progress is published again. A message that got lost, or that came while its
/// time had not, is made up for here.
/// </summary>
public static class Sweeping
{
    /// <summary>A command that was just published is given this long before it counts as stuck; the wait doubles up to an hour.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The commands of a droplet that wait for a worker.</summary>
    public static IEnumerable<WaitingCommand> Waiting(DropletLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        foreach (var s in ledger.Snapshots.Where(s => s.Live))
        {
            switch (s.Phase)
            {
                case SnapshotPhase.Requested when s.Plan is null || !ledger.Paused:
                    yield return Wait(s, typeof(SnapshotRequested), s.ChangedAt, s.RetryAt);
                    break;
                case SnapshotPhase.Expired:
                    yield return Wait(s, typeof(SnapshotExpired), s.ChangedAt, s.RetryAt);
                    break;
                case SnapshotPhase.Pruning:
                    yield return Wait(s, typeof(SnapshotExpired), s.ChangedAt, s.RetryAt ?? s.SendBefore);
                    break;
                case SnapshotPhase.Complete when !s.Transfers.IsEmpty:
                    foreach (var (region, t) in s.Transfers)
                    {
                        if (t.Phase is TransferPhase.Requested && TransferWork.IsWanted(ledger, s, region, t))
                        {
                            yield return Wait(s, typeof(TransferRequested), t.ChangedAt, t.RetryAt, region);
                        }
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>When a command that was published <paramref name="times"/> times, the last time at <paramref name="last"/>, is due again.</summary>
    public static DateTimeOffset Again(DateTimeOffset last, int times)
    {
        var wait = Patience * Math.Pow(2, Math.Clamp(times - 1, 0, 10));
        return last + (wait < Longest ? wait : Longest);
    }

    private static WaitingCommand Wait(Snapshot s, Type command, DateTimeOffset since, DateTimeOffset? notBefore, string? region = null) =>
        new(s.SnapshotId, s.DropletId, command, region, since, notBefore);
}
