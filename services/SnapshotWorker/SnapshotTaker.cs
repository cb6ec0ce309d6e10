using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.SnapshotWorker;

/// <summary>What the worker does with a request: intent, one call, outcome. Plain code over the log, DigitalOcean and a clock.</summary>
public sealed class SnapshotTaker
{
    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;
    private readonly LifecycleTimings timings;
    private readonly ILogger<SnapshotTaker> logger;

    /// <summary>A worker over these ports.</summary>
    public SnapshotTaker(IEventLog log, IDigitalOcean api, TimeProvider clock, LifecycleTimings timings, ILogger<SnapshotTaker> logger)
    {
        this.log = log;
        this.api = api;
        this.clock = clock;
        this.timings = timings;
        this.logger = logger;
    }

    /// <summary>Acts on a request. Safe to repeat at any time: what was done already is seen in the log.</summary>
    /// <param name="request">The request.</param>
    /// <param name="fromLog">Whether it was relayed from the log, or published by somebody else.</param>
    /// <param name="ct">Cancels between steps; a call that was made is followed up by looking.</param>
    public async Task HandleAsync(SnapshotRequested request, bool fromLog, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        var known = false;
        var events = await log.DecideAsync(
            request.DropletId,
            ledger =>
            {
                known = ledger.Find(request.SnapshotId) is not null;
                return known ? SnapshotWork.Begin(ledger, request.SnapshotId, clock.GetUtcNow(), timings) : Adopt(request, fromLog);
            },
            ct);
        if (!known && fromLog)
        {
            logger.UnknownSnapshot(request.SnapshotId, request.SnapshotName);
            return;
        }

        // A stream that was just started is acted on when the relay brings it back.
        if (events is [{ Data: SnapshotAttempted attempt }])
        {
            await SendAsync(request, attempt, ct);
        }
    }

    /// <summary>A request that came from outside starts its stream; one from the log, which the log does not know, is from another log.</summary>
    private IReadOnlyList<NewEvent> Adopt(SnapshotRequested request, bool fromLog) => fromLog || request.DropletId <= 0 || string.IsNullOrWhiteSpace(request.SnapshotName)
        ? []
        : [NewEvent.Of(request.SnapshotId, request with { Origin = Origin.Manual, Plan = null, Occurrence = null, RequestedAt = clock.GetUtcNow() })];

    private async Task SendAsync(SnapshotRequested request, SnapshotAttempted attempt, CancellationToken ct)
    {
        if (clock.GetUtcNow() > attempt.SendBefore)
        {
            logger.TooLateToSend(request.SnapshotId, request.SnapshotName);
            return;
        }

        var outcome = (await api.SnapshotDropletAsync(request.DropletId, request.SnapshotName, ct)).Outcome(clock.GetUtcNow());
        logger.SnapshotSent(request.SnapshotName, request.DropletId, attempt.Attempt, outcome);
        await log.DecideAsync(
            request.DropletId,
            ledger => SnapshotWork.Record(ledger, request.SnapshotId, attempt.Attempt, outcome, clock.GetUtcNow(), timings),
            ct);
    }
}
