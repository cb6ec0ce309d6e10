using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Simulation.Tests.Core;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>What people tell the platform.</summary>
internal sealed class OperatorActs
{
    private readonly World _world;
    private readonly Dice _dice;

    public OperatorActs(World world, Dice dice)
    {
        _world = world;
        _dice = dice;
        All =
        [
            ("pin", Pin),
            ("pin", Pin),
            ("pin of what is about to go", PinGoing),
            ("unpin", Unpin),
            ("plan paused", PausePlan),
            ("droplet paused", PauseDroplet),
            ("manual snapshot", ManualSnapshot),
            ("manual snapshot", ManualSnapshot),
            ("manual expiry", ManualExpiry),
            ("manual transfer", ManualTransfer),
            ("brakes released", ReleaseBrakes),
            ("retry", Retry),
        ];
    }

    public IReadOnlyList<(string Name, Action Do)> All { get; }

    private DateTimeOffset Now => _world.Sim.Now;

    public void Heal()
    {
        foreach (var plan in Fleet().Plans.Where(p => p.Paused))
        {
            Fleetwide(plan.Id, new PlanResumed(plan.Name, "ann", "quiet", Now));
        }

        foreach (var droplet in Ledgers().Select(l => l.Droplet).Where(d => d is { Paused: true }))
        {
            OfDroplet(droplet!.DropletId, new DropletResumed(droplet.DropletId, "ann", "quiet", Now));
        }
    }

    /// <summary>Looks which brakes are on, and lets go what they hold.</summary>
    public void ReleaseBrakes()
    {
        foreach (var brake in Braking.InForce(Ledgers(), Now))
        {
            _world.Tally.Count("brakes released");
            _world.Tell(() => brake.DropletId is { } id
                ? _world.Log.DecideAsync(id, ledger => Releasing.Droplet(ledger, brake, "ann", "looked", Now), CancellationToken.None)
                : _world.Log.DecideFleetAsync(facts => Releasing.Plan(facts, brake, "ann", "looked", Now), CancellationToken.None));
        }
    }

    private FleetFacts Fleet() => _world.Log.LoadFleetFactsAsync(CancellationToken.None).Result;

    private IReadOnlyList<DropletLedger> Ledgers() => _world.Log.LoadLedgersAsync(null, CancellationToken.None).Result;

    private Snapshot? Any(Func<Snapshot, bool> which) =>
        Ledgers().SelectMany(l => l.Snapshots).Where(which).ToList() is { Count: > 0 } found ? _dice.Pick(found) : null;

    private void Fleetwide(string stream, object @event) => _world.Tell(() => _world.Log.DecideFleetAsync(_ => [new NewEvent(stream, @event)], CancellationToken.None));

    private void OfDroplet(long droplet, object @event) =>
        _world.Tell(() => _world.Log.DecideAsync(droplet, _ => [new NewEvent(Streams.OfDroplet(droplet), @event)], CancellationToken.None));

    /// <summary>Under the droplet's lock, as every command is.</summary>
    private void OfSnapshot(Snapshot chosen, Func<Snapshot, object?> decide) => _world.Tell(() => _world.Log.DecideAsync(
        chosen.DropletId,
        ledger => ledger.Find(chosen.SnapshotId) is { } s && decide(s) is { } e ? [NewEvent.Of(s.SnapshotId, e)] : [],
        CancellationToken.None));

    private void Pin() => Pin(s => s.Phase is SnapshotPhase.Complete);

    private void PinGoing() => Pin(s => s.Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning);

    private void Pin(Func<Snapshot, bool> which)
    {
        if (Any(s => which(s) && !s.Pinned) is { } chosen)
        {
            OfSnapshot(chosen, s => s.Live ? new SnapshotPinned(s.SnapshotId, s.DropletId, "ann", "audit", Now) : null);
        }
    }

    private void Unpin()
    {
        if (Any(s => s is { Pinned: true, Live: true }) is { } chosen)
        {
            OfSnapshot(chosen, s => new SnapshotUnpinned(s.SnapshotId, s.DropletId, "ann", "done", Now));
        }
    }

    /// <summary>Of anything, whatever it is doing: what makes no sense is refused.</summary>
    private void Retry()
    {
        var waiting = _dice.Chance(0.7);
        if (Any(s => !waiting || s.RetryAt > Now || s.LeftAlone || s.Transfers.Values.Any(t => t.RetryAt > Now || t.Phase is TransferPhase.Failed)) is { } chosen)
        {
            _world.Tell(() => _world.Log.DecideAsync(
                chosen.DropletId,
                ledger => Commanding.Retry(ledger, chosen.SnapshotId, new CommandedBy("ann", "impatient", Now)).Events,
                CancellationToken.None));
        }
    }

    private void PausePlan()
    {
        if (Fleet().InForce.Where(p => !p.Paused).ToList() is { Count: > 0 } plans)
        {
            var plan = _dice.Pick(plans);
            Fleetwide(plan.Id, new PlanPaused(plan.Name, "ann", "maintenance", Now));
            _world.Sim.After(_dice.Scale(TimeSpan.FromMinutes(20), TimeSpan.FromDays(3)), () =>
            {
                if (Fleet().Plans.Any(p => p.Name == plan.Name && p.Paused))
                {
                    Fleetwide(plan.Id, new PlanResumed(plan.Name, "ann", "over", Now));
                }
            });
        }
    }

    private void PauseDroplet()
    {
        if (Ledgers().Where(l => l.Droplet is { Paused: false, Plan: not null }).ToList() is { Count: > 0 } ledgers)
        {
            var droplet = _dice.Pick(ledgers).DropletId;
            OfDroplet(droplet, new DropletPaused(droplet, "ann", "maintenance", Now));
            _world.Sim.After(_dice.Scale(TimeSpan.FromMinutes(20), TimeSpan.FromDays(3)), () => OfDroplet(droplet, new DropletResumed(droplet, "ann", "over", Now)));
        }
    }

    private void ManualSnapshot()
    {
        if (Ledgers().Select(l => l.Droplet).Where(d => d is { Plan: not null }).ToList() is { Count: > 0 } droplets)
        {
            var droplet = _dice.Pick(droplets)!;
            _world.PublishFromOutside(new SnapshotRequested(
                _dice.Guid(), droplet.DropletId, droplet.Name, $"{droplet.Name}-manual-{Now:MMddHHmmss}", null, Origin.Manual, Now, Actor: "ann", Reason: "before an upgrade"));
        }
    }

    private void ManualExpiry()
    {
        if (Any(s => s.Phase is SnapshotPhase.Complete) is { } chosen)
        {
            OfSnapshot(chosen, s => s is { Phase: SnapshotPhase.Complete, Pinned: false }
                ? new SnapshotExpired(
                    s.SnapshotId, s.DropletId, s.ImageId!.Value, s.Name, s.Plan, null, null, null, Now - s.CreatedAt!.Value, null, Origin.Manual, Now, "ann", "not wanted")
                : null);
        }
    }

    private void ManualTransfer()
    {
        if (Any(s => s.Phase is SnapshotPhase.Complete) is { } chosen)
        {
            var region = _dice.Pick(["lon1", "sgp1", "fra1"]);
            OfSnapshot(chosen, s => s.Phase is SnapshotPhase.Complete && !s.Regions.Contains(region)
                ? new TransferRequested(s.SnapshotId, s.DropletId, s.ImageId!.Value, region, Origin.Manual, Now, "ann", "for a test")
                : null);
        }
    }
}
