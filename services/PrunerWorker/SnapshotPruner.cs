using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
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
    /// <exception cref="UnknownSnapshotException">The message did not come from the log, and the log knows of no such expiry.</exception>
    public async Task HandleAsync(SnapshotExpired expiry, bool fromLog, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(expiry);
        // What counts is the log's expiry. The message only says where to look: it cannot make anything be deleted.
        var known = (await log.LoadLedgersAsync([expiry.DropletId], ct))[0].Find(expiry.SnapshotId);
        if (known is null or { Phase: < SnapshotPhase.Expired })
        {
            UnknownSnapshotException.ThrowUnless(fromLog, nameof(SnapshotExpired), expiry.SnapshotId);
        }

        if (known is null)
        {
            logger.UnknownExpiry(expiry.SnapshotId, expiry.SnapshotName);
            return;
        }

        if (!PruneWork.IsDue(known, clock.GetUtcNow()))
        {
            return;
        }

        var sight = await LookAsync(known, ct);
        var events = await log.DecideAsync(
            expiry.DropletId, ledger => PruneWork.Begin(ledger, expiry.SnapshotId, sight, clock.GetUtcNow(), timings), ct);
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
    /// Reads the image itself, and which others of its droplet there are: it may only go for the sake of what is really there, and somebody else
    /// may have deleted that since the last comparison.
    /// </summary>
    private async Task<PruneSight> LookAsync(Snapshot known, CancellationToken ct)
    {
        var image = await api.FindSnapshotAsync(known.ImageId!.Value, RequestPurpose.Deletion, ct);
        var listed = image is null ? [] : await api.ListSnapshotsWhereverAsync(known.DropletId, RequestPurpose.Deletion, ct);
        return new PruneSight(image?.Observed(), listed.Select(s => s.ImageId).ToHashSet(), api.ClockOffset);
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
            // These statuses are about the token or the moment, not about the image.
            DeleteOutcome.Refused { Status: 401 or 403 or 408 or 409 or 422 or 423 } o => (DeleteResult.NotYet, $"DigitalOcean refused ({o.Status}): {o.Message}"),
            DeleteOutcome.Refused o => (DeleteResult.Refused, $"DigitalOcean refused ({o.Status}): {o.Message}"),
            DeleteOutcome.Throttled o => (DeleteResult.NotYet, o.Message),
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
