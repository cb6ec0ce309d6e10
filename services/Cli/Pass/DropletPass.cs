using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Cli.Pass;

/// <summary>
/// The pass over one droplet, whose listed snapshots are in the log already. What is in progress is taken into it, too; the planner's own decision
/// says what follows; the workers do it.
/// </summary>
internal sealed class DropletPass
{
    private readonly PassContext context;
    private readonly long dropletId;
    private readonly string dropletName;
    private readonly IReadOnlySet<DateTimeOffset> listed;
    private readonly DateTimeOffset now;
    private readonly AtWork atWork;
    private readonly Worker worker;

    /// <summary>A pass over a droplet.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="dropletId">The droplet.</param>
    /// <param name="dropletName">Its name.</param>
    /// <param name="listed">When its listed snapshots were made, whosever they are.</param>
    /// <param name="now">The moment to decide for, the same for every droplet.</param>
    public DropletPass(PassContext context, long dropletId, string dropletName, IReadOnlySet<DateTimeOffset> listed, DateTimeOffset now)
    {
        this.context = context;
        this.dropletId = dropletId;
        this.dropletName = dropletName;
        this.listed = listed;
        this.now = now;
        atWork = new AtWork(context, now);
        worker = new Worker(context, dropletId, now);
    }

    /// <summary>Runs it.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var ledger = await LedgerAsync(ct);
        context.Logger.SnapshotsFound(ledger.Snapshots.Count(s => s.ImageId is not null && s.Live), dropletName);
        var unsure = await atWork.NoteTransfersAsync(ledger, ct);
        var mayRequest = await MayRequestAsync(ledger, ct);
        var decided = await context.Log.DecideAsync(
            dropletId,
            known => [.. Planning.Decide(known, now, mayRequest, context.Clearance).Where(e => e.Data is not TransferRequested && !IsAbout(e.Data, unsure))],
            ct);

        var events = decided.Select(e => e.Data).ToList();
        foreach (var request in events.OfType<SnapshotRequested>())
        {
            await worker.TakeAsync(request, ct);
        }

        await GoThroughAsync(ledger, events, ct);
        await worker.TransferAsync(unsure, ct);
    }

    private static bool IsAbout(object decision, HashSet<long> images) =>
        decision is SnapshotExpired expiry && images.Contains(expiry.ImageId);

    private async Task<DropletLedger> LedgerAsync(CancellationToken ct) => (await context.Log.LoadLedgersAsync([dropletId], ct))[0];

    /// <summary>Whether a snapshot may be asked for: not while one is in progress, nor when that cannot be told.</summary>
    private async Task<bool> MayRequestAsync(DropletLedger ledger, CancellationToken ct)
    {
        if (!AtWork.IsDue(ledger, now))
        {
            TellNotDue(ledger);
            return true;
        }

        try
        {
            if (await atWork.FindSnapshotAsync(ledger, listed, ct) is not { } action)
            {
                return true;
            }

            context.Logger.AlreadyAtWork(dropletName, action.Id, Words.Of(action.StartedAt), Words.StageOf(action));
        }
        catch (DigitalOceanException e)
        {
            context.Logger.DropletFailed(dropletName, $"no snapshot is begun, as it is not known whether one is in progress: {e.Message}");
            context.Tally.CountFailure();
        }

        return false;
    }

    private void TellNotDue(DropletLedger ledger)
    {
        if (ledger.Snapshots.FirstOrDefault(s => s.InFlight || s.Phase is SnapshotPhase.Requested) is { } begun)
        {
            context.Logger.BegunEarlier(dropletName, begun.Name, Words.Of(begun.RequestedAt));
        }
        else if (ledger.Paused)
        {
            context.Logger.Paused(dropletName);
        }
        else if (ledger.Snapshots.Where(s => s.Live).Max(s => s.CreatedAt) is { } newest)
        {
            context.Logger.NotDue(dropletName, Words.Of(now - newest));
        }
    }

    /// <summary>Goes through the snapshots, oldest first: tells why each stays or goes, and deletes those that go.</summary>
    private async Task GoThroughAsync(DropletLedger ledger, List<object> events, CancellationToken ct)
    {
        var byImage = ledger.Snapshots.Where(s => s.ImageId is not null && s.Live).ToLookup(s => s.ImageId!.Value);
        var going = events.OfType<SnapshotExpired>().ToDictionary(e => e.ImageId);
        var held = events.OfType<ExpiryHeld>().ToDictionary(e => ledger.Find(e.SnapshotId)!.ImageId!.Value);
        foreach (var verdict in Expiring.Judge(ledger, now))
        {
            var snapshot = byImage[verdict.Point.Id].First();
            var name = snapshot.Name;
            if (going.TryGetValue(verdict.Point.Id, out var expiry))
            {
                context.Logger.Deleting(context.Options.DryRun ? "would delete" : "deleting", name, Words.Of(verdict.Reason));
                await worker.PruneAsync(expiry, ct);
            }
            else if (held.TryGetValue(verdict.Point.Id, out var hold))
            {
                context.Logger.Held(name, hold.Guard, hold.Detail);
                context.Tally.CountHeld();
            }
            else if (verdict.Keep)
            {
                context.Logger.Kept(name, Words.Of(verdict.Reason));
            }
            else if (snapshot.HeldBy is { } guard and not Guard.StaleDecision)
            {
                context.Logger.Held(name, guard, await worker.WhyHeldAsync(snapshot, ct));
                context.Tally.CountHeld();
            }
        }
    }
}
