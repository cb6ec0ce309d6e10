using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Cli.Pass;

/// <summary>
/// The pass over one droplet. What is listed and what is in progress is taken into the log; the planner's own decision says what follows
/// from it; the workers do it.
/// </summary>
internal sealed class DropletPass
{
    private readonly PassContext context;
    private readonly PlanFacts plan;
    private readonly Droplet droplet;
    private readonly IReadOnlyList<DropletSnapshot> listed;
    private readonly DateTimeOffset now;
    private readonly AtWork atWork;
    private readonly Worker worker;

    /// <summary>A pass over a droplet.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="plan">The plan, as the log has it.</param>
    /// <param name="droplet">The droplet.</param>
    /// <param name="listed">Its listed snapshots, whosever they are.</param>
    /// <param name="now">The moment to decide for, the same for every droplet.</param>
    public DropletPass(PassContext context, PlanFacts plan, Droplet droplet, IReadOnlyList<DropletSnapshot> listed, DateTimeOffset now)
    {
        this.context = context;
        this.plan = plan;
        this.droplet = droplet;
        this.listed = listed;
        this.now = now;
        atWork = new AtWork(context, now);
        worker = new Worker(context, droplet.Id, now);
    }

    /// <summary>Runs it.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await TakeInAsync(ct);
        var ledger = await LedgerAsync(ct);
        context.Logger.SnapshotsFound(ledger.Snapshots.Length, droplet.Name);
        var unsure = await atWork.NoteTransfersAsync(ledger, ct);
        var mayRequest = await MayRequestAsync(ledger, ct);
        var decided = await context.Log.DecideAsync(
            droplet.Id,
            known => [.. Planning.Decide(known, now, mayRequest).Where(e => e.Data is not TransferRequested && !IsAbout(e.Data, unsure))],
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

    private async Task<DropletLedger> LedgerAsync(CancellationToken ct) => (await context.Log.LoadLedgersAsync([droplet.Id], ct))[0];

    /// <summary>Takes into the log the droplet and those of its snapshots that bear the plan's name.</summary>
    private Task TakeInAsync(CancellationToken ct) => context.Log.DecideAsync(
        droplet.Id,
        ledger => Reconciliation.Decide(
            ledger,
            plan,
            new ObservedDroplet(droplet.Id, droplet.Name),
            [.. listed.Select(s => s.Observed())],
            new HashSet<long>(),
            now,
            context.Timings),
        ct);

    /// <summary>Whether a snapshot may be asked for: not while one is in progress, nor when that cannot be told.</summary>
    private async Task<bool> MayRequestAsync(DropletLedger ledger, CancellationToken ct)
    {
        if (!AtWork.IsDue(ledger, now))
        {
            var newest = ledger.Snapshots.Max(s => s.CreatedAt);
            context.Logger.NotDue(droplet.Name, Words.Of(now - newest!.Value));
            return true;
        }

        try
        {
            if (await atWork.FindSnapshotAsync(ledger, listed, ct) is not { } action)
            {
                return true;
            }

            context.Logger.AlreadyAtWork(droplet.Name, action.Id, Words.Of(action.StartedAt), Words.StageOf(action));
        }
        catch (DigitalOceanException e)
        {
            context.Logger.DropletFailed(droplet.Name, $"no snapshot is begun, as it is not known whether one is in progress: {e.Message}");
            context.Tally.CountFailure();
        }

        return false;
    }

    /// <summary>Goes through the snapshots, oldest first: tells why each stays or goes, and deletes those that go.</summary>
    private async Task GoThroughAsync(DropletLedger ledger, List<object> events, CancellationToken ct)
    {
        var names = ledger.Snapshots.Where(s => s.ImageId is not null).ToDictionary(s => s.ImageId!.Value, s => s.Name);
        var going = events.OfType<SnapshotExpired>().ToDictionary(e => e.ImageId);
        var held = events.OfType<ExpiryHeld>().ToDictionary(e => ledger.Find(e.SnapshotId)!.ImageId!.Value);
        foreach (var verdict in Expiring.Judge(ledger, now))
        {
            var name = names[verdict.Point.Id];
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
        }
    }
}
