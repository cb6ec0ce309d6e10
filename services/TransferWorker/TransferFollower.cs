using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.TransferWorker;

/// <summary>Follows every transfer at work until the image's own list of regions has the new one.</summary>
public sealed class TransferFollower : IFollower
{
    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;
    private readonly LifecycleTimings timings;
    private readonly Random? random;

    /// <summary>A follower over these ports; <paramref name="random"/> says where a round starts.</summary>
    public TransferFollower(IEventLog log, IDigitalOcean api, TimeProvider clock, LifecycleTimings timings, Random? random = null)
    {
        this.log = log;
        this.api = api;
        this.clock = clock;
        this.timings = timings;
        this.random = random;
    }

    /// <inheritdoc />
    public string Role => "transfer-follower";

    /// <inheritdoc />
    public async Task RoundAsync(CancellationToken ct)
    {
        var working = (await log.FindWorkingAsync(ct)).SelectMany(s => s.Transfers, (s, t) => new Work(s, t.Key, t.Value)).ToList();
        await Each.RunAsync<Func<List<Work>, CancellationToken, Task>>([FollowAsync, SettleAsync], part => part(working, ct), ct, random);
    }

    private async Task FollowAsync(List<Work> working, CancellationToken ct)
    {
        var started = working.Where(w => w.Transfer.Phase is TransferPhase.Started).ToList();
        if (started.Count > 0)
        {
            var actions = await ActionLookup.ReadAsync(
                api, started.Select(w => w.Transfer.StartedAt!.Value), clock.GetUtcNow(), timings.TransferTimeout, timings.ClockSkew, ct);
            await Each.RunAsync(started, w => FollowAsync(w.Snapshot, w.Region, w.Transfer, actions, ct), ct, random);
        }
    }

    private Task SettleAsync(List<Work> working, CancellationToken ct) => Each.RunAsync(
        working.Where(w => TransferWork.IsToBeLookedFor(w.Transfer, clock.GetUtcNow(), timings)),
        w => SettleAsync(w.Snapshot, w.Region, w.Transfer, ct),
        ct,
        random);

    private async Task FollowAsync(Snapshot snapshot, string region, RegionTransfer transfer, ActionLookup actions, CancellationToken ct)
    {
        var isOverdue = clock.GetUtcNow() - transfer.StartedAt > timings.TransferTimeout;
        var (state, image) = await LookAsync(snapshot, transfer, actions, isOverdue, ct);
        if (state is ActionState.InProgress && !isOverdue)
        {
            return;
        }

        await log.DecideAsync(
            snapshot.DropletId,
            // What was seen is of this action. Whoever led meanwhile may have had another made, of which it says nothing.
            ledger => TransferOf(ledger, snapshot, region)?.ActionId != transfer.ActionId ? [] : TransferWork.Follow(ledger, snapshot.SnapshotId, region, state, image, clock.GetUtcNow(), timings),
            ct);
    }

    /// <summary>How the action stands and, unless it is at work, the image. What cannot be looked at for too long is tried again all the same.</summary>
    private async Task<(ActionState State, ObservedSnapshot? Image)> LookAsync(
        Snapshot snapshot, RegionTransfer transfer, ActionLookup actions, bool isOverdue, CancellationToken ct)
    {
        try
        {
            var state = (await actions.FindAsync(transfer.ActionId!.Value, ct)).State();
            return (state, state is ActionState.InProgress ? null : (await api.FindSnapshotAsync(snapshot.ImageId!.Value, ct))?.Observed());
        }
        catch (DigitalOceanException e) when (isOverdue && !e.IsUnauthorized)
        {
            return (ActionState.InProgress, null);
        }
    }

    private async Task SettleAsync(Snapshot snapshot, string region, RegionTransfer transfer, CancellationToken ct)
    {
        var offset = api.ClockOffset ?? TimeSpan.Zero;
        var since = timings.Earliest(transfer.AttemptedAt!.Value, offset);
        var image = await api.FindSnapshotAsync(snapshot.ImageId!.Value, ct);
        var actions = image is null
            ? []
            : (await api.ListImageActionsAsync(snapshot.ImageId.Value, since, ct))
                .Where(a => string.Equals(a.Type, "transfer", StringComparison.Ordinal))
                .Select(a => a.Observed(since))
                .ToList();
        await log.DecideAsync(
            snapshot.DropletId,
            ledger => TransferOf(ledger, snapshot, region)?.Attempts != transfer.Attempts ? [] : TransferWork.Settle(ledger, snapshot.SnapshotId, region, actions, image?.Observed(), clock.GetUtcNow(), timings, offset),
            ct);
    }

    private static RegionTransfer? TransferOf(DropletLedger ledger, Snapshot snapshot, string region) =>
        ledger.Find(snapshot.SnapshotId)?.Transfers.GetValueOrDefault(region);

    private sealed record Work(Snapshot Snapshot, string Region, RegionTransfer Transfer);
}
