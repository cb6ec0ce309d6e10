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
    private readonly Random? random;

    /// <summary>A follower over these ports; <paramref name="random"/> says where a round starts.</summary>
    public SnapshotFollower(IEventLog log, IDigitalOcean api, TimeProvider clock, LifecycleTimings timings, Random? random = null)
    {
        this.log = log;
        this.api = api;
        this.clock = clock;
        this.timings = timings;
        this.random = random;
    }

    /// <inheritdoc />
    public string Role => "snapshot-follower";

    /// <inheritdoc />
    public async Task RoundAsync(CancellationToken ct)
    {
        var working = (await log.FindWorkingAsync(ct)).Where(s => s.InFlight).ToList();
        await Each.RunAsync<Func<List<Snapshot>, CancellationToken, Task>>([FollowAsync, SettleAsync], part => part(working, ct), ct, random);
    }

    private async Task FollowAsync(List<Snapshot> working, CancellationToken ct)
    {
        var started = working.Where(s => s.Phase is SnapshotPhase.Started).ToList();
        if (started.Count > 0)
        {
            var actions = await ActionLookup.ReadAsync(
                api, started.Select(s => s.StartedAt!.Value), clock.GetUtcNow(), timings.SnapshotTimeout, timings.ClockSkew, ct);
            await Each.RunAsync(started, snapshot => FollowAsync(snapshot, actions, ct), ct, random);
        }
    }

    private Task SettleAsync(List<Snapshot> working, CancellationToken ct) => Each.RunAsync(
        working.Where(s => SnapshotWork.IsToBeLookedFor(s, clock.GetUtcNow(), timings)), snapshot => SettleAsync(snapshot, ct), ct, random);

    private async Task FollowAsync(Snapshot snapshot, ActionLookup actions, CancellationToken ct)
    {
        var isOverdue = clock.GetUtcNow() - snapshot.StartedAt > timings.SnapshotTimeout;
        var (state, listed) = await LookAsync(snapshot, actions, isOverdue, ct);
        if (state is ActionState.InProgress && !isOverdue)
        {
            return;
        }

        await log.DecideAsync(
            snapshot.DropletId,
            // What was seen is of this action. Whoever led meanwhile may have had another made, of which it says nothing.
            ledger => ledger.Find(snapshot.SnapshotId)?.ActionId != snapshot.ActionId ? [] : SnapshotWork.Follow(ledger, snapshot.SnapshotId, state, listed, clock.GetUtcNow(), timings),
            ct);
    }

    /// <summary>How the action stands and, unless it is at work, what is listed. What cannot be looked at for too long is given up all the same.</summary>
    private async Task<(ActionState State, IReadOnlyList<ObservedSnapshot> Listed)> LookAsync(
        Snapshot snapshot, ActionLookup actions, bool isOverdue, CancellationToken ct)
    {
        try
        {
            var state = (await actions.FindAsync(snapshot.ActionId!.Value, ct)).State();
            return (state, state is ActionState.InProgress ? [] : await api.ListSnapshotsWhereverAsync(snapshot.DropletId, ct));
        }
        catch (DigitalOceanException e) when (isOverdue && !e.IsUnauthorized)
        {
            return (ActionState.InProgress, []);
        }
    }

    private async Task SettleAsync(Snapshot snapshot, CancellationToken ct)
    {
        var offset = api.ClockOffset ?? TimeSpan.Zero;
        var actions = await api.ListSnapshotActionsAsync(
            snapshot.DropletId, timings.Earliest(snapshot.AttemptedAt!.Value, offset), ct);
        var listed = await api.ListSnapshotsWhereverAsync(snapshot.DropletId, ct);
        await log.DecideAsync(
            snapshot.DropletId,
            ledger => ledger.Find(snapshot.SnapshotId)?.Attempts != snapshot.Attempts ? [] : SnapshotWork.Settle(ledger, snapshot.SnapshotId, actions, listed, clock.GetUtcNow(), timings, offset),
            ct);
    }
}
