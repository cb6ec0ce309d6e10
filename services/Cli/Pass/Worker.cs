using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Cli.Pass;

/// <summary>Has the services' workers do what was decided for a droplet, and tells what came of it. In a dry run it only tells.</summary>
internal sealed class Worker
{
    /// <summary>The limit of requests counts over a minute: a wait that DigitalOcean asks for is waited for if it is no longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private const int MostWaits = 5;

    private readonly PassContext context;
    private readonly long dropletId;
    private readonly DateTimeOffset now;

    /// <summary>For a droplet, in a pass that decides for this moment.</summary>
    public Worker(PassContext context, long dropletId, DateTimeOffset now)
    {
        this.context = context;
        this.dropletId = dropletId;
        this.now = now;
    }

    /// <summary>Begins a snapshot.</summary>
    public async Task TakeAsync(SnapshotRequested request, CancellationToken ct)
    {
        if (request.Consistency is SnapshotConsistency.PoweredOff)
        {
            // Whoever shuts a droplet down must be there until it runs again, and a pass is not.
            context.Logger.LeftToServices(request.SnapshotName, request.DropletName);
            return;
        }

        context.Logger.Snapshotting(context.Options.DryRun ? "would snapshot" : "snapshotting", request.DropletName, request.SnapshotName);
        if (context.Options.DryRun)
        {
            context.Tally.CountBegun();
            return;
        }

        var taken = await PatientlyAsync(
            async () =>
            {
                await context.Taker.HandleAsync(request, fromLog: true, ct);
                return await FindAsync(request.SnapshotId, ct);
            },
            s => s.Phase is SnapshotPhase.Requested ? s.RetryAt : null,
            ct);
        switch (taken.Phase)
        {
            case SnapshotPhase.Started:
                context.Logger.Begun(request.SnapshotName, taken.ActionId!.Value);
                context.Tally.CountBegun();
                break;
            case SnapshotPhase.Attempted when context.Options.Wait:
                context.Logger.LookedFor($"snapshot {request.SnapshotName}");
                context.Tally.CountBegun();
                break;
            case SnapshotPhase.Attempted:
                context.Logger.MaybeBegun(request.SnapshotName);
                context.Tally.CountFailure();
                break;
            default:
                context.Logger.NotBegun(request.SnapshotName, taken.Trouble ?? "it was given up");
                context.Tally.CountFailure();
                break;
        }
    }

    /// <summary>Deletes a snapshot that an earlier pass decided to delete, unless that is so long ago that it is for the next pass to decide anew.</summary>
    public async Task PruneLateAsync(SnapshotExpired expiry, CancellationToken ct)
    {
        if (now - expiry.DecidedAt > context.Timings.ExpiryValidFor)
        {
            context.Logger.DecidedTooLongAgo(expiry.SnapshotName, Words.Of(expiry.DecidedAt));
            if (!context.Options.DryRun)
            {
                await context.Pruner.HandleAsync(expiry, fromLog: true, ct);
            }

            return;
        }

        context.Logger.Deleting(
            context.Options.DryRun ? "would delete" : "deleting", expiry.SnapshotName, expiry.Rule is { } rule ? $"an earlier run decided so by {rule}" : expiry.Reason ?? "");
        await PruneAsync(expiry, ct);
    }

    /// <summary>Deletes a snapshot, if what is there is what was listed and every guard still lets it go.</summary>
    public async Task PruneAsync(SnapshotExpired expiry, CancellationToken ct)
    {
        if (context.Options.DryRun)
        {
            context.Tally.CountDeleted();
            return;
        }

        string? trouble = null;
        var s = await PatientlyAsync(
            async () =>
            {
                try
                {
                    await context.Pruner.HandleAsync(expiry, fromLog: true, ct);
                }
                catch (DigitalOceanException e)
                {
                    trouble = e.Message;
                }

                return await FindAsync(expiry.SnapshotId, ct);
            },
            s => s.Phase is SnapshotPhase.Pruning ? s.RetryAt : null,
            ct);
        switch (s)
        {
            case { Phase: SnapshotPhase.Pruned }:
                context.Logger.Deleted(s.Name);
                context.Tally.CountDeleted();
                break;
            case { Phase: SnapshotPhase.Complete, HeldBy: { } guard }:
                context.Logger.HeldAtLast(s.Name, guard, s.LeftAlone ? s.Trouble! : await WhyHeldAsync(s, ct));
                context.Tally.CountHeld();
                break;
            case { Phase: SnapshotPhase.Expired, RetryAt: not null } when await IsGoneAsync(s, ct):
                context.Logger.GoneAlready(s.Name);
                break;
            default:
                context.Logger.NotDeleted(s.Name, trouble ?? s.Trouble ?? "the outcome is not known");
                context.Tally.CountFailure();
                await LeaveAsync(s, trouble, ct);
                break;
        }
    }

    /// <summary>Begins the transfers of the snapshots that stay, of those too that could not be deleted.</summary>
    /// <param name="unsure">Images that are left as they are.</param>
    /// <param name="ct">Ends it.</param>
    public async Task TransferAsync(HashSet<long> unsure, CancellationToken ct)
    {
        var decided = await context.Log.DecideAsync(
            dropletId,
            ledger =>
            [
                .. Planning.Decide(ledger, now, mayRequest: false)
                    .Where(e => e.Data is TransferRequested request && !unsure.Contains(request.ImageId)),
            ],
            ct);
        foreach (var request in decided.Select(e => e.Data).OfType<TransferRequested>())
        {
            await TransferAsync(request, ct);
        }
    }

    /// <summary>Begins a transfer.</summary>
    public async Task TransferAsync(TransferRequested request, CancellationToken ct)
    {
        var name = (await FindAsync(request.SnapshotId, ct)).Name;
        try
        {
            await TransferAsync(request, name, ct);
        }
        catch (DigitalOceanException e)
        {
            context.Logger.TransferNotBegun(name, request.Region, e.Message);
            context.Tally.CountFailure();
        }
    }

    private async Task TransferAsync(TransferRequested request, string name, CancellationToken ct)
    {
        context.Logger.Transferring(context.Options.DryRun ? "would transfer" : "transferring", name, request.Region);
        if (context.Options.DryRun)
        {
            context.Tally.CountTransfer();
            return;
        }

        var transfer = await PatientlyAsync(
            async () =>
            {
                await context.Maker.HandleAsync(request, fromLog: true, ct);
                return (await FindAsync(request.SnapshotId, ct)).Transfers[request.Region];
            },
            t => t.Phase is TransferPhase.Requested ? t.RetryAt : null,
            ct);
        switch (transfer.Phase)
        {
            case TransferPhase.Started:
                context.Tally.CountTransfer();
                break;
            case TransferPhase.Completed:
                context.Logger.Transferred(name, request.Region);
                break;
            case TransferPhase.Attempted when context.Options.Wait:
                context.Logger.LookedFor($"the transfer of snapshot {name} to region {request.Region}");
                context.Tally.CountTransfer();
                break;
            case TransferPhase.Attempted:
                context.Logger.TransferMaybeBegun(name, request.Region);
                context.Tally.CountFailure();
                break;
            default:
                context.Logger.TransferNotBegun(name, request.Region, transfer.Trouble ?? "it was given up");
                context.Tally.CountFailure();
                break;
        }
    }

    /// <summary>Why a guard holds a snapshot, in the words of the event that says so.</summary>
    public async Task<string> WhyHeldAsync(Snapshot s, CancellationToken ct) =>
        (await context.Past.ReadStreamAsync(s.Id, ct)).Select(e => e.Data).LastOrDefault(e => e is ExpiryHeld or ExpiryWithdrawn or PruneRefused) switch
        {
            ExpiryHeld e => e.Detail,
            ExpiryWithdrawn e => e.Why,
            PruneRefused e => e.Detail,
            _ => s.Trouble ?? "an earlier run found it so",
        };

    private async Task<bool> IsGoneAsync(Snapshot s, CancellationToken ct) =>
        await context.Api.FindSnapshotAsync(s.ImageId!.Value, ct) is null;

    /// <summary>
    /// A deletion that failed leaves a survivor, which a pass does not try to delete again. A log that is kept knows when to try, and the next pass does.
    /// </summary>
    private Task LeaveAsync(Snapshot s, string? trouble, CancellationToken ct) => s.LeftAlone || context.KeepsLog
        ? Task.CompletedTask
        : context.Log.DecideAsync(
            dropletId,
            _ => [NewEvent.Of(s.SnapshotId, new PruneRefused(s.SnapshotId, dropletId, null, trouble ?? s.Trouble ?? "", now))],
            ct);

    private async Task<Snapshot> FindAsync(Guid snapshotId, CancellationToken ct) =>
        (await context.Log.LoadLedgersAsync([dropletId], ct))[0].Find(snapshotId)
            ?? throw new InvalidOperationException($"The log lost snapshot {snapshotId}.");

    private async Task<T> PatientlyAsync<T>(Func<Task<T>> act, Func<T, DateTimeOffset?> retryAt, CancellationToken ct)
    {
        for (var waits = 0; ; waits++)
        {
            var result = await act();
            if (waits == MostWaits || retryAt(result) - context.Clock.GetUtcNow() is not { } wait || wait > Patience)
            {
                return result;
            }

            context.Logger.AskedToWait((int)Math.Ceiling(wait.TotalSeconds));
            // No timer measures less than a millisecond.
            await Task.Delay(wait > ShortestWait ? wait : ShortestWait, context.Clock, ct);
        }
    }
}
