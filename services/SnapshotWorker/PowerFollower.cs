using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.SnapshotWorker;

/// <summary>
/// Sees every droplet that was shut down for a snapshot through to where it runs again: has the snapshot taken once it is off, and powers it on after
/// that, whatever became of the snapshot and of whoever shut it down.
/// </summary>
public sealed class PowerFollower : IFollower
{
    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly SnapshotTaker taker;
    private readonly TimeProvider clock;
    private readonly LifecycleTimings timings;
    private readonly ILogger<PowerFollower> logger;
    private readonly Random? random;

    /// <summary>What each droplet was seen as last, and since when: forgotten with the lead, whose successor looks anew.</summary>
    private Dictionary<long, Sighting> seen = [];

    /// <summary>A follower over these ports, which has snapshots taken by this worker; <paramref name="random"/> says where a round starts.</summary>
    public PowerFollower(
        IEventLog log, IDigitalOcean api, SnapshotTaker taker, TimeProvider clock, LifecycleTimings timings, ILogger<PowerFollower> logger, Random? random = null)
    {
        this.log = log;
        this.api = api;
        this.taker = taker;
        this.clock = clock;
        this.timings = timings;
        this.logger = logger;
        this.random = random;
    }

    /// <inheritdoc />
    public string Role => "power-follower";

    /// <inheritdoc />
    public async Task RoundAsync(CancellationToken ct)
    {
        var owed = await log.FindOwedPowerAsync(ct);
        seen = seen.Where(s => owed.Contains(s.Key)).ToDictionary();
        if (owed.Count == 0)
        {
            return;
        }

        var ledgers = await log.LoadLedgersAsync(owed, ct);
        var actions = await ReadActionsAsync(ledgers, ct);
        await Each.RunAsync(ledgers, ledger => FollowAsync(ledger, actions, ct), ct, random);
    }

    /// <summary>One look for all that are being snapshotted; null where there is none, or it failed: power is not to wait for that.</summary>
    private async Task<ActionLookup?> ReadActionsAsync(IReadOnlyList<DropletLedger> ledgers, CancellationToken ct)
    {
        var started = ledgers.Select(SnapshotOf).Where(s => s is { Phase: SnapshotPhase.Started }).Select(s => s!.StartedAt!.Value).ToList();
        try
        {
            return started.Count > 0 ? await ActionLookup.ReadAsync(api, started, clock.GetUtcNow(), timings.SnapshotTimeout, timings.ClockSkew, ct, byIdInstead: false) : null;
        }
        catch (DigitalOceanException e)
        {
            logger.ActionsNotSeen(e.Message);
            return null;
        }
    }

    private async Task FollowAsync(DropletLedger ledger, ActionLookup? actions, CancellationToken ct)
    {
        if (ledger.Droplet?.Power is not { } debt)
        {
            return;
        }

        var snapshot = SnapshotOf(ledger);
        var action = await StateAsync(snapshot, actions, ct);
        if (action is ActionState.InProgress)
        {
            // It stays off until that is over; nothing need be asked.
            return;
        }

        var isToBePoweredOn = snapshot is not { Phase: SnapshotPhase.Requested or SnapshotPhase.Attempted };
        var power = (await api.FindDropletAsync(ledger.DropletId, isToBePoweredOn ? RequestPurpose.PowerOn : RequestPurpose.Following, ct)).Power();
        var since = Note(ledger.DropletId, debt, power);
        var (step, decidedAt) = (PowerStep.Wait, clock.GetUtcNow());
        await log.DecideAsync(
            ledger.DropletId,
            now =>
            {
                // What was looked at must still be what there is: somebody else may have gone on with it meanwhile.
                step = now.Droplet?.Power == debt && SnapshotOf(now)?.Version == snapshot?.Version
                    ? PowerWork.Next(now, power, action, since, clock.GetUtcNow(), timings)
                    : PowerStep.Wait;
                return step.Events;
            },
            ct);
        await SendAsync(ledger.DropletId, debt, step.Then, decidedAt, ct);
    }

    private static Snapshot? SnapshotOf(DropletLedger ledger) => ledger.Droplet?.Power is { } debt ? ledger.Find(debt.SnapshotId) : null;

    private async Task<ActionState?> StateAsync(Snapshot? snapshot, ActionLookup? actions, CancellationToken ct)
    {
        try
        {
            return snapshot is { Phase: SnapshotPhase.Started, ActionId: { } id } && actions is not null ? (await actions.FindAsync(id, ct)).State() : null;
        }
        catch (DigitalOceanException e)
        {
            logger.ActionsNotSeen(e.Message);
            return null;
        }
    }

    /// <summary>Since when the droplet has been seen like this without a break.</summary>
    private DateTimeOffset Note(long dropletId, PowerDebt debt, DropletPower power)
    {
        if (!seen.TryGetValue(dropletId, out var last) || last.Power != power || last.OwedAt != debt.OwedAt)
        {
            seen[dropletId] = last = new Sighting(power, debt.OwedAt, clock.GetUtcNow());
        }

        return last.Since;
    }

    private Task SendAsync(long dropletId, PowerDebt debt, PowerCommand command, DateTimeOffset decidedAt, CancellationToken ct) => command switch
    {
        PowerCommand.Shutdown => SendAsync(dropletId, debt, PowerAction.Shutdown, decidedAt, ct),
        PowerCommand.PowerOff => SendAsync(dropletId, debt, PowerAction.PowerOff, decidedAt, ct),
        PowerCommand.PowerOn => SendAsync(dropletId, debt, PowerAction.PowerOn, decidedAt, ct),
        PowerCommand.Snapshot => TakeAsync(debt, ct),
        _ => Task.CompletedTask,
    };

    /// <summary>What comes of it shows in the droplet's status; until it does, it is sent again. Too late it is not sent: somebody else has gone on by then.</summary>
    private async Task SendAsync(long dropletId, PowerDebt debt, PowerAction action, DateTimeOffset decidedAt, CancellationToken ct)
    {
        if (clock.GetUtcNow() > decidedAt + timings.SendWindow)
        {
            logger.PowerTooLate(action, dropletId);
            return;
        }

        var outcome = (await api.PowerDropletAsync(dropletId, action, ct)).Outcome(clock.GetUtcNow());
        logger.PowerSent(outcome is SendOutcome.Started ? LogLevel.Information : LogLevel.Warning, action, dropletId, debt.SnapshotId, outcome);
    }

    private async Task TakeAsync(PowerDebt debt, CancellationToken ct)
    {
        if ((await log.ReadStreamAsync(Streams.OfSnapshot(debt.SnapshotId), ct)) is [{ Data: SnapshotRequested request }, ..])
        {
            await taker.HandleAsync(request, fromLog: true, ct);
        }
    }

    private sealed record Sighting(DropletPower Power, DateTimeOffset OwedAt, DateTimeOffset Since);
}
