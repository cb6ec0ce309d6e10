using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.PrunerWorker;

/// <summary>
/// The only code that deletes. For each expiry: read what DigitalOcean has, the image itself and the others of its droplet; decide again, under the droplet's lock,
/// whether that exact image may go; write the intent; send one DELETE; look whether it is gone.
/// </summary>
public sealed class SnapshotPruner
{
    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;
    private readonly LifecycleTimings timings;
    private readonly ILogger<SnapshotPruner> logger;

    /// <summary>A worker over these ports.</summary>
    public SnapshotPruner(IEventLog log, IDigitalOcean api, TimeProvider clock, LifecycleTimings timings, ILogger<SnapshotPruner> logger)
    {
        this.log = log;
        this.api = api;
        this.clock = clock;
        this.timings = timings;
        this.logger = logger;
    }

    /// <summary>Acts on an expiry. Safe to repeat at any time.</summary>
    /// <exception cref="UnknownSnapshotException">The message did not come from the log, and the log does not know its snapshot.</exception>
    /// <exception cref="RefusedCommandException">The message did not come from the log, and makes no sense, or a guard holds the snapshot.</exception>
    public async Task HandleAsync(SnapshotExpired expiry, bool fromLog, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(expiry);
        if (!fromLog)
        {
            expiry = expiry with { DropletId = await OutsideCommand.DropletAsync(log, nameof(SnapshotExpired), expiry.SnapshotId, expiry.DropletId, ct) };
            if (await AskAsync(expiry, ct))
            {
                // The relay brings it back; only what the log says has gone is deleted.
                return;
            }
        }

        // What counts is the log's expiry. The message only says where to look: it cannot make anything be deleted.
        var ledger = (await log.LoadLedgersAsync([expiry.DropletId], ct))[0];
        var known = ledger.Find(expiry.SnapshotId);
        if (known is null)
        {
            logger.UnknownExpiry(expiry.SnapshotId, expiry.SnapshotName);
            return;
        }

        if (!PruneWork.IsDue(known, clock.GetUtcNow()))
        {
            return;
        }

        // A look is three requests, which would change nothing.
        var sight = PruneWork.IsStale(known, clock.GetUtcNow(), timings) ? PruneSight.None(clock.GetUtcNow()) : await LookAsync(known, ledger, ct);
        var events = await log.DecideAsync(
            expiry.DropletId, current => PruneWork.Begin(current, expiry.SnapshotId, sight, clock.GetUtcNow(), timings), ct);
        foreach (var e in events)
        {
            logger.Decided(known.Name, e.Data);
        }

        if (events is [{ Data: PruneAttempted attempt }] && clock.GetUtcNow() <= attempt.SendBefore)
        {
            await DeleteAsync(attempt, known.Name, ct);
        }
    }

    /// <summary>
    /// Whether the removal was not asked for yet, and is now. The message must name the snapshot twice, by id and by name, and say why: a slip in an id
    /// shall not delete another.
    /// </summary>
    private Task<bool> AskAsync(SnapshotExpired expiry, CancellationToken ct) => OutsideCommand.AskAsync(
        log,
        expiry.DropletId,
        $"{nameof(SnapshotExpired)} of snapshot {expiry.SnapshotId:D}",
        ledger => ledger.Find(expiry.SnapshotId) switch
        {
            { Phase: SnapshotPhase.Expired or SnapshotPhase.Pruning or SnapshotPhase.Pruned } => null,
            { } s when Mistake(expiry, s) is { } mistake => new Commanded([], mistake),
            _ => Commanding.Expire(ledger, expiry.SnapshotId, OutsideCommand.By(expiry.Actor, expiry.Reason, clock.GetUtcNow())),
        },
        ct);

    private static string? Mistake(SnapshotExpired expiry, Snapshot s) =>
        !string.Equals(s.Name, expiry.SnapshotName, StringComparison.Ordinal) ? $"it must name the snapshot, '{s.Name}', and names '{expiry.SnapshotName}'"
        : expiry.ImageId != 0 && expiry.ImageId != s.ImageId ? $"it names image {expiry.ImageId}, and the snapshot's is {s.ImageId}"
        : string.IsNullOrWhiteSpace(expiry.Reason) ? "it gives no reason"
        : null;

    /// <summary>
    /// Reads the image itself, and which others of its droplet there are: it may only go for the sake of what is really there, and somebody else
    /// may have deleted that since the last comparison. Of those the newest is asked for at its own address: a list may lag behind. The image itself comes
    /// last: a request may wait in line for minutes, and who it is must be of this moment.
    /// </summary>
    private async Task<PruneSight> LookAsync(Snapshot known, DropletLedger ledger, CancellationToken ct)
    {
        var there = (await api.ListSnapshotsWhereverAsync(known.DropletId, RequestPurpose.Deletion, ct)).Select(s => s.ImageId).ToHashSet();
        var othersSeenAt = clock.GetUtcNow();
        var newest = ledger.Snapshots
            .Where(s => s.IsComplete && s.ImageId != known.ImageId && string.Equals(s.Plan, known.Plan, StringComparison.Ordinal) && there.Contains(s.ImageId!.Value))
            .MaxBy(s => s.CreatedAt)?.ImageId;
        if (newest is { } other && await api.FindSnapshotAsync(other, RequestPurpose.Deletion, ct) is null)
        {
            there.Remove(other);
        }

        var image = await api.FindSnapshotAsync(known.ImageId!.Value, RequestPurpose.Deletion, ct);
        return new PruneSight(image?.Observed(), there, api.ClockOffset, clock.GetUtcNow()) { OthersSeenAt = othersSeenAt };
    }

    private async Task DeleteAsync(PruneAttempted attempt, string name, CancellationToken ct)
    {
        var outcome = await api.DeleteSnapshotAsync(attempt.ImageId, ct);
        var (result, detail) = outcome switch
        {
            // Deletes that answered well and did nothing have been seen: gone is what answers 404.
            DeleteOutcome.Deleted or DeleteOutcome.AlreadyGone => await api.FindSnapshotAsync(attempt.ImageId, RequestPurpose.Deletion, ct) is null
                ? (DeleteResult.Gone, "")
                : (DeleteResult.NotYet, "DigitalOcean accepted the deletion, and still shows the image"),
            // Of the image itself. Any other status is about the token, the moment, or whoever stands between.
            DeleteOutcome.Refused { Status: not 400 } o => (DeleteResult.NotDone, $"DigitalOcean refused ({o.Status}): {o.Message}"),
            DeleteOutcome.Refused o => (DeleteResult.Refused, $"DigitalOcean refused ({o.Status}): {o.Message}"),
            DeleteOutcome.Throttled o => (DeleteResult.NotDone, o.Message),
            DeleteOutcome.Failed o => (DeleteResult.NotYet, o.Message),
            _ => throw new InvalidOperationException($"An outcome without a meaning: {outcome}"),
        };
        var after = (outcome as DeleteOutcome.Throttled)?.RetryAfter;
        logger.Deleted(result is DeleteResult.Gone ? LogLevel.Information : LogLevel.Warning, name, attempt.ImageId, result, detail);
        await log.DecideAsync(
            attempt.DropletId,
            ledger => PruneWork.Record(ledger, attempt.SnapshotId, attempt.Attempt, result, detail, clock.GetUtcNow(), timings, after),
            ct);
    }
}
