using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Droplets;

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

    /// <summary>What is overdue and was said to be.</summary>
    private readonly HashSet<PowerDebt> told = [];

    /// <summary>A follower over these ports, which has snapshots taken by this worker; <paramref name="random"/> says where a round starts.</summary>
    public PowerFollower(
        IEventLog log,
        IDigitalOcean api,
        SnapshotTaker taker,
        TimeProvider clock,
        LifecycleTimings timings,
        ILogger<PowerFollower> logger,
        Random? random = null)
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
    public async Task RoundAsync(CancellationToken ct) =>
        await Each.RunAsync(await log.FindOwedPowerAsync(ct), droplet => FollowAsync(droplet, ct), ct, random);

    private async Task FollowAsync(long dropletId, CancellationToken ct)
    {
        var ledger = (await log.LoadLedgersAsync([dropletId], ct))[0];
        if (ledger.Droplet?.Power is not { } debt)
        {
            return;
        }

        // The action first: what it makes of the droplet shows in the status that is read after it.
        var action = ledger.Find(debt.SnapshotId) is { InFlight: true, ActionId: { } id } ? (await api.FindActionAsync(id, ct)).State() : (ActionState?)null;
        var power = (await api.FindDropletAsync(dropletId, ct)).Power();
        if (clock.GetUtcNow() > debt.Deadline && told.Add(debt with { OnAttempts = 0, OnAttemptedAt = null }))
        {
            logger.PowerOverdue(dropletId, debt.Deadline, power);
        }

        var step = PowerStep.Wait;
        await log.DecideAsync(dropletId, now => (step = Next(now, debt, power, action)).Events, ct);
        await SendAsync(dropletId, debt, step.Then, ct);
    }

    /// <summary>Nothing, when what was looked at is about another debt than the one there is now.</summary>
    private PowerStep Next(DropletLedger ledger, PowerDebt debt, DropletPower power, ActionState? action) =>
        ledger.Droplet?.Power is { } now && now.SnapshotId == debt.SnapshotId && now.OwedAt == debt.OwedAt
            ? PowerWork.Next(ledger, power, action, clock.GetUtcNow(), timings)
            : PowerStep.Wait;

    private Task SendAsync(long dropletId, PowerDebt debt, PowerCommand command, CancellationToken ct) => command switch
    {
        PowerCommand.Shutdown => SendAsync(dropletId, debt, PowerAction.Shutdown, ct),
        PowerCommand.PowerOff => SendAsync(dropletId, debt, PowerAction.PowerOff, ct),
        PowerCommand.PowerOn => SendAsync(dropletId, debt, PowerAction.PowerOn, ct),
        PowerCommand.Snapshot => TakeAsync(debt, ct),
        _ => Task.CompletedTask,
    };

    /// <summary>What comes of it shows in the droplet's status; until it does, it is sent again.</summary>
    private async Task SendAsync(long dropletId, PowerDebt debt, PowerAction action, CancellationToken ct)
    {
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
}
