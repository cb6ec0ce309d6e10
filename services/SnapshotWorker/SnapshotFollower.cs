using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.SnapshotWorker;

/// <summary>
/// Follows what is at work until the image is listed, once for all snapshots: one look at the account's actions serves every one of them.
/// </summary>
public sealed class SnapshotFollower : IFollower
{
    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly TimeProvider clock;
    private readonly LifecycleTimings timings;

    /// <summary>A follower over these ports.</summary>
    public SnapshotFollower(IEventLog log, IDigitalOcean api, TimeProvider clock, LifecycleTimings timings)
    {
        this.log = log;
        this.api = api;
        this.clock = clock;
        this.timings = timings;
    }

    /// <inheritdoc />
    public string Role => "snapshot-follower";

    /// <inheritdoc />
    public async Task RoundAsync(CancellationToken ct)
    {
        var working = (await log.FindWorkingAsync(ct)).Where(s => s.InFlight).ToList();
        var started = working.Where(s => s.Phase is SnapshotPhase.Started).ToList();
        if (started.Count > 0)
        {
            var actions = await ActionLookup.ReadAsync(api, started.Min(s => s.StartedAt!.Value) - timings.ClockSkew, ct);
            foreach (var snapshot in started)
            {
                await FollowAsync(snapshot, actions, ct);
            }
        }

        foreach (var snapshot in working.Where(s => SnapshotWork.IsToBeLookedFor(s, clock.GetUtcNow(), timings)))
        {
            await SettleAsync(snapshot, ct);
        }
    }

    private async Task FollowAsync(Snapshot snapshot, ActionLookup actions, CancellationToken ct)
    {
        var state = (await actions.FindAsync(snapshot.ActionId!.Value, ct)).State();
        if (state is ActionState.InProgress && clock.GetUtcNow() - snapshot.StartedAt <= timings.SnapshotTimeout)
        {
            return;
        }

        var listed = state is ActionState.InProgress ? null : await ListedAsync(snapshot, ct);
        await log.DecideAsync(
            snapshot.DropletId,
            ledger => SnapshotWork.Follow(ledger, snapshot.SnapshotId, state, listed, clock.GetUtcNow(), timings),
            ct);
    }

    private async Task SettleAsync(Snapshot snapshot, CancellationToken ct)
    {
        var since = snapshot.AttemptedAt!.Value - timings.ClockSkew;
        var actions = (await api.ListDropletActionsAsync(snapshot.DropletId, since, ct))
            .Where(a => string.Equals(a.Type, "snapshot", StringComparison.Ordinal))
            .Select(a => a.Observed(since))
            .ToList();
        var listed = await ListedAsync(snapshot, ct);
        await log.DecideAsync(
            snapshot.DropletId,
            ledger => SnapshotWork.Settle(ledger, snapshot.SnapshotId, actions, listed, clock.GetUtcNow(), timings),
            ct);
    }

    /// <summary>The image with our exact name; names are made to be unique, and an older one of the same name is not ours.</summary>
    private async Task<ObservedSnapshot?> ListedAsync(Snapshot snapshot, CancellationToken ct)
    {
        var listed = await api.ListSnapshotsOfDropletAsync(snapshot.DropletId, ct);
        var found = listed.FirstOrDefault(s =>
            string.Equals(s.Name, snapshot.Name, StringComparison.Ordinal) && s.CreatedAt >= snapshot.RequestedAt - timings.ClockSkew);
        // That list does not say whose the snapshots are; they are the droplet's that was asked for.
        return found is null ? null : found.Observed() with { DropletId = snapshot.DropletId };
    }
}
