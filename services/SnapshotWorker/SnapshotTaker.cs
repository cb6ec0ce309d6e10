using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

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
    /// <exception cref="ArgumentException">A request from outside lacks what it needs; it goes to the error queue.</exception>
    public async Task HandleAsync(SnapshotRequested request, bool fromLog, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        var asked = clock.GetUtcNow();
        var ledger = (await log.LoadLedgersAsync([request.DropletId], ct))[0];
        var listed = await LookForEarlierAttemptAsync(ledger, request.SnapshotId, ct);
        var actions = await LookForOthersAsync(ledger, request.SnapshotId, ct);
        var power = PowerWork.IsToBeSeenBefore(ledger, request.SnapshotId, clock.GetUtcNow())
            ? (await api.FindDropletAsync(request.DropletId, ct)).Power()
            : DropletPower.Unknown;
        await BeginAsync(request, fromLog, asked, listed, actions, power, ct);
    }

    private async Task BeginAsync(
        SnapshotRequested request,
        bool fromLog,
        DateTimeOffset asked,
        IReadOnlyList<ObservedSnapshot> listed,
        IReadOnlyList<ObservedAction> actions,
        DropletPower power,
        CancellationToken ct)
    {
        Snapshot? known = null;
        var events = await log.DecideAsync(
            request.DropletId,
            ledger =>
            {
                known = ledger.Find(request.SnapshotId);
                return known switch
                {
                    null => Adopt(request, fromLog, ledger.Droplet?.Name),
                    // What came due only since then was not looked at.
                    { RetryAt: { } retryAt } when retryAt > asked => [],
                    _ => SnapshotWork.Begin(ledger, request.SnapshotId, clock.GetUtcNow(), timings, listed, power, actions),
                };
            },
            ct);
        if (known is null)
        {
            // A stream that was just started is acted on when the relay brings it back.
            if (fromLog)
            {
                logger.UnknownSnapshot(request.SnapshotId, request.SnapshotName);
            }
        }
        else if (events is [{ Data: SnapshotAttempted attempt }])
        {
            await SendAsync(known, attempt, ct);
        }
        else if (events is [{ Data: PowerOnOwed owed }])
        {
            await ShutDownAsync(known, owed, ct);
        }
    }

    /// <summary>Asks the droplet to shut down. The follower sees when it is off, and goes on.</summary>
    private async Task ShutDownAsync(Snapshot snapshot, PowerOnOwed owed, CancellationToken ct)
    {
        if (clock.GetUtcNow() > owed.At + timings.SendWindow)
        {
            logger.TooLateToSend(snapshot.SnapshotId, snapshot.Name);
            return;
        }

        var outcome = (await api.PowerDropletAsync(snapshot.DropletId, PowerAction.Shutdown, ct)).Outcome(clock.GetUtcNow());
        logger.PowerSent(outcome is SendOutcome.Started ? LogLevel.Information : LogLevel.Warning, PowerAction.Shutdown, snapshot.DropletId, snapshot.SnapshotId, outcome);
        await log.DecideAsync(
            snapshot.DropletId, ledger => PowerWork.RecordShutdown(ledger, owed, outcome, clock.GetUtcNow(), timings), ct);
    }

    /// <summary>A request that came from outside starts its stream; one from the log, which the log does not know, is from another log.</summary>
    private IReadOnlyList<NewEvent> Adopt(SnapshotRequested request, bool fromLog, string? droplet)
    {
        if (fromLog)
        {
            return [];
        }

        if (request.SnapshotId == Guid.Empty || request.DropletId <= 0 || string.IsNullOrWhiteSpace(request.SnapshotName))
        {
            throw new ArgumentException("A request for a snapshot needs an id (or a message id), a droplet's id and a name.", nameof(request));
        }

        return
        [
            NewEvent.Of(request.SnapshotId, request with
            {
                DropletName = droplet ?? request.DropletName ?? "",
                Origin = Origin.Manual,
                Plan = null,
                PlanVersion = null,
                Occurrence = null,
                SkippedOccurrences = 0,
                RequestedAt = clock.GetUtcNow(),
            }),
        ];
    }

    /// <summary>Before a repeated attempt: an earlier one may have made the image after all, later than anybody looked for it.</summary>
    private async Task<IReadOnlyList<ObservedSnapshot>> LookForEarlierAttemptAsync(DropletLedger ledger, Guid snapshotId, CancellationToken ct) =>
        ledger.Find(snapshotId) is { } known && SnapshotWork.IsToBeLookedForBefore(known, clock.GetUtcNow())
            ? await api.ListSnapshotsWhereverAsync(known.DropletId, ct)
            : [];

    /// <summary>Before a repeated attempt: what kept the droplet busy may have been a snapshot of it that this log does not know.</summary>
    private async Task<IReadOnlyList<ObservedAction>> LookForOthersAsync(DropletLedger ledger, Guid snapshotId, CancellationToken ct) =>
        ledger.Find(snapshotId) is { } known && Unlogged.IsToBeLookedForBefore(known, clock.GetUtcNow())
            ? await api.ListSnapshotActionsAsync(
                known.DropletId, timings.Earliest(Unlogged.Since(known, timings), api.ClockOffset ?? TimeSpan.Zero), ct)
            : [];

    /// <summary>Asks for the snapshot as the log knows it, whatever the message says.</summary>
    private async Task SendAsync(Snapshot snapshot, SnapshotAttempted attempt, CancellationToken ct)
    {
        if (clock.GetUtcNow() > attempt.SendBefore)
        {
            logger.TooLateToSend(snapshot.SnapshotId, snapshot.Name);
            return;
        }

        var posted = await api.SnapshotDropletAsync(snapshot.DropletId, snapshot.Name, ct);
        var outcome = posted.Outcome(clock.GetUtcNow());
        logger.SnapshotSent(outcome is SendOutcome.Started ? LogLevel.Information : LogLevel.Warning, snapshot.Name, snapshot.DropletId, attempt.Attempt, outcome);
        if (posted is PostOutcome.Busy && snapshot.Uncertain && await AdoptBusyAsync(snapshot, attempt, ct))
        {
            return;
        }

        await log.DecideAsync(
            snapshot.DropletId,
            ledger => SnapshotWork.Record(ledger, snapshot.SnapshotId, attempt.Attempt, outcome, clock.GetUtcNow(), timings),
            ct);
    }

    /// <summary>Busy with what an earlier attempt started, perhaps. Gives whether something was adopted.</summary>
    private async Task<bool> AdoptBusyAsync(Snapshot snapshot, SnapshotAttempted attempt, CancellationToken ct)
    {
        var offset = api.ClockOffset ?? TimeSpan.Zero;
        var actions = await api.ListSnapshotActionsAsync(snapshot.DropletId, timings.Earliest(snapshot.RequestedAt, offset), ct);
        var events = await log.DecideAsync(
            snapshot.DropletId,
            ledger => SnapshotWork.AdoptBusy(ledger, snapshot.SnapshotId, attempt.Attempt, actions, offset, timings),
            ct);
        return events.Count > 0;
    }
}
