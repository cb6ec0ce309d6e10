using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.TransferWorker;

/// <summary>What the worker does with a request for a copy in another region: intent, one call, outcome.</summary>
public sealed class TransferMaker
{
    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;
    private readonly LifecycleTimings timings;
    private readonly ILogger<TransferMaker> logger;

    /// <summary>A worker over these ports.</summary>
    public TransferMaker(IEventLog log, IDigitalOcean api, TimeProvider clock, LifecycleTimings timings, ILogger<TransferMaker> logger)
    {
        this.log = log;
        this.api = api;
        this.clock = clock;
        this.timings = timings;
        this.logger = logger;
    }

    /// <summary>Acts on a request. Safe to repeat at any time.</summary>
    /// <exception cref="UnknownSnapshotException">The request did not come from the log, and the log does not know its snapshot.</exception>
    /// <exception cref="RefusedCommandException">The request did not come from the log, and makes no sense.</exception>
    public async Task HandleAsync(TransferRequested request, bool fromLog, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!fromLog)
        {
            var droplet = await OutsideCommand.DropletAsync(log, nameof(TransferRequested), request.SnapshotId, request.DropletId, ct);
            request = request with { DropletId = droplet };
            if (await AskAsync(request, ct))
            {
                // The relay brings it back, and that is when it is sent.
                return;
            }
        }

        var known = false;
        var image = 0L;
        var actions = await LookForEarlierAttemptAsync(request, ct);
        var events = await log.DecideAsync(
            request.DropletId,
            ledger =>
            {
                var snapshot = ledger.Find(request.SnapshotId);
                known = snapshot?.Transfers.ContainsKey(request.Region) == true;
                // The image is the one that the log knows, whatever the message says.
                image = snapshot?.ImageId ?? 0;
                return TransferWork.Begin(ledger, request.SnapshotId, request.Region, clock.GetUtcNow(), timings, actions);
            },
            ct);
        if (!known)
        {
            logger.UnknownTransfer(request.SnapshotId, request.Region);
            return;
        }

        if (events is [{ Data: TransferAttempted attempt }] && clock.GetUtcNow() <= attempt.SendBefore)
        {
            await SendAsync(request, attempt, image, ct);
        }
    }

    /// <summary>Whether the copy was not asked for yet, and is now.</summary>
    private Task<bool> AskAsync(TransferRequested request, CancellationToken ct)
    {
        var region = request.Region ?? "";
        return OutsideCommand.AskAsync(
            log,
            request.DropletId,
            $"{nameof(TransferRequested)} of snapshot {request.SnapshotId:D} to '{region}'",
            ledger => ledger.Find(request.SnapshotId) is { } s
                && (s.Regions.Contains(region) || s.Transfers.GetValueOrDefault(region) is { Phase: TransferPhase.Requested or TransferPhase.Attempted or TransferPhase.Started, Origin: Origin.Manual })
                ? null
                : Commanding.Transfer(ledger, request.SnapshotId, region, OutsideCommand.By(request.Actor, request.Reason, clock.GetUtcNow())),
            ct);
    }

    /// <summary>Before a repeated attempt: an earlier one may have arrived after all, later than anybody looked for it.</summary>
    private async Task<IReadOnlyList<ObservedAction>> LookForEarlierAttemptAsync(TransferRequested request, CancellationToken ct)
    {
        var ledger = (await log.LoadLedgersAsync([request.DropletId], ct))[0];
        if (!TransferWork.IsToBeLookedForBefore(ledger, request.SnapshotId, request.Region, clock.GetUtcNow()))
        {
            return [];
        }

        var snapshot = ledger.Find(request.SnapshotId)!;
        return
        [
            .. (await api.ListImageActionsAsync(snapshot.ImageId!.Value, snapshot.RequestedAt, ct))
                .Where(a => string.Equals(a.Type, "transfer", StringComparison.Ordinal))
                .Select(a => a.Observed(snapshot.RequestedAt)),
        ];
    }

    private async Task SendAsync(TransferRequested request, TransferAttempted attempt, long image, CancellationToken ct)
    {
        var posted = await api.TransferImageAsync(image, request.Region, ct);
        var outcome = posted.Outcome(clock.GetUtcNow());
        logger.TransferSent(outcome is SendOutcome.Started ? LogLevel.Information : LogLevel.Warning, image, request.Region, attempt.Attempt, outcome);
        var (there, unknown) = posted is PostOutcome.Refused { Status: 422 } ? await AskWhyAsync(image, request.Region, ct) : default;
        if (unknown)
        {
            outcome = new SendOutcome.Failed($"DigitalOcean has no region '{request.Region}'", Final: true);
        }

        await log.DecideAsync(
            request.DropletId,
            ledger => there
                ? TransferWork.AlreadyThere(ledger, request.SnapshotId, request.Region, attempt.Attempt, clock.GetUtcNow())
                : TransferWork.Record(ledger, request.SnapshotId, request.Region, attempt.Attempt, outcome, clock.GetUtcNow(), timings),
            ct);
    }

    /// <summary>
    /// 422 is what a region answers that holds the image already, so that there is nothing left to do, and what is answered to a region that there is not,
    /// so that there will never be. Where that cannot be asked it is a refusal like any other.
    /// </summary>
    private async Task<(bool There, bool Unknown)> AskWhyAsync(long image, string region, CancellationToken ct)
    {
        try
        {
            return (await api.FindSnapshotAsync(image, RequestPurpose.Transfer, ct))?.Regions.Contains(region, StringComparer.Ordinal) == true
                ? (true, false)
                : (false, !(await api.ListRegionsAsync(ct)).Any(r => string.Equals(r.Slug, region, StringComparison.Ordinal)));
        }
        catch (DigitalOceanException)
        {
            return default;
        }
    }
}
