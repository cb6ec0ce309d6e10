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
        await Each.RunAsync<Func<List<Snapshot>, CancellationToken, Task>>([FollowAsync, SettleAsync], part => part(working, ct), ct);
    }

    private async Task FollowAsync(List<Snapshot> working, CancellationToken ct)
    {
        var started = working.Where(s => s.Phase is SnapshotPhase.Started).ToList();
        if (started.Count > 0)
        {
            var actions = await ActionLookup.ReadAsync(api, started.Min(s => s.StartedAt!.Value) - timings.ClockSkew, ct);
            await Each.RunAsync(started, snapshot => FollowAsync(snapshot, actions, ct), ct);
        }
    }

    private Task SettleAsync(List<Snapshot> working, CancellationToken ct) => Each.RunAsync(
        working.Where(s => SnapshotWork.IsToBeLookedFor(s, clock.GetUtcNow(), timings)), snapshot => SettleAsync(snapshot, ct), ct);

    private async Task FollowAsync(Snapshot snapshot, ActionLookup actions, CancellationToken ct)
    {
        var state = (await actions.FindAsync(snapshot.ActionId!.Value, ct)).State();
        if (state is ActionState.InProgress && clock.GetUtcNow() - snapshot.StartedAt <= timings.SnapshotTimeout)
        {
            return;
        }

        var listed = state is ActionState.InProgress ? [] : await ListedAsync(snapshot, ct);
        await log.DecideAsync(
            snapshot.DropletId,
            ledger => SnapshotWork.Follow(ledger, snapshot.SnapshotId, state, listed, clock.GetUtcNow(), timings),
            ct);
    }

    private async Task SettleAsync(Snapshot snapshot, CancellationToken ct)
    {
        var since = snapshot.AttemptedAt!.Value - timings.ClockSkew;
        var actions = (await ActionsAsync(snapshot.DropletId, since, ct))
            .Where(a => string.Equals(a.Type, "snapshot", StringComparison.Ordinal))
            .Select(a => a.Observed(since))
            .ToList();
        var listed = await ListedAsync(snapshot, ct);
        await log.DecideAsync(
            snapshot.DropletId,
            ledger => SnapshotWork.Settle(ledger, snapshot.SnapshotId, actions, listed, clock.GetUtcNow(), timings),
            ct);
    }

    /// <summary>The images with our exact name; an older one of the same name is not ours.</summary>
    private async Task<IReadOnlyList<ObservedSnapshot>> ListedAsync(Snapshot snapshot, CancellationToken ct) =>
    [
        // A droplet's own list does not say whose the snapshots are; they are the droplet's that was asked for.
        .. (await SnapshotsAsync(snapshot.DropletId, ct))
            .Where(s => string.Equals(s.Name, snapshot.Name, StringComparison.Ordinal) && s.CreatedAt >= snapshot.RequestedAt - timings.ClockSkew)
            .Select(s => s.Observed() with { DropletId = snapshot.DropletId }),
    ];

    /// <summary>A droplet that was destroyed has no list of its own any more (404); its snapshots live on in the account's.</summary>
    private async Task<IEnumerable<DropletSnapshot>> SnapshotsAsync(long dropletId, CancellationToken ct)
    {
        try
        {
            return await api.ListSnapshotsOfDropletAsync(dropletId, ct);
        }
        catch (DigitalOceanException e) when (e.IsNotFound)
        {
            return (await api.ListSnapshotsAsync(ct)).Where(s => s.DropletId == dropletId);
        }
    }

    /// <summary>The droplet's actions; of one that was destroyed, as the account's list has them.</summary>
    private async Task<IEnumerable<CloudAction>> ActionsAsync(long dropletId, DateTimeOffset since, CancellationToken ct)
    {
        try
        {
            return await api.ListDropletActionsAsync(dropletId, since, ct);
        }
        catch (DigitalOceanException e) when (e.IsNotFound)
        {
            return (await api.ListActionsAsync(since, ct))
                .Where(a => a.ResourceId == dropletId && string.Equals(a.ResourceType, "droplet", StringComparison.Ordinal));
        }
    }
}
