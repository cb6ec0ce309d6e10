using DoSnapshot.Contracts;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Cli.Pass;

/// <summary>
/// What is in progress at DigitalOcean, which no list of snapshots shows: it is read from the actions, of a droplet where a snapshot is
/// due, and of an image that a region lacks. So a pass without a memory doubles nothing that an earlier one has begun.
/// </summary>
internal sealed class AtWork
{
    private readonly PassContext context;
    private readonly DateTimeOffset now;

    /// <summary>Looks for a pass that decides for this moment.</summary>
    public AtWork(PassContext context, DateTimeOffset now)
    {
        this.context = context;
        this.now = now;
    }

    /// <summary>Whether the plan asks for a snapshot now.</summary>
    public static bool IsDue(DropletLedger ledger, DateTimeOffset now) =>
        Planning.Decide(ledger, now).Any(e => e.Data is SnapshotRequested);

    /// <summary>The action that makes the snapshot that is due, or has made it lately without its showing; null if there is none.</summary>
    /// <param name="ledger">What is known of the droplet.</param>
    /// <param name="listed">When the droplet's listed snapshots were made, whosever they are.</param>
    /// <param name="ct">Ends the look.</param>
    /// <exception cref="DigitalOceanException">The actions could not be read.</exception>
    public async Task<CloudAction?> FindSnapshotAsync(DropletLedger ledger, IReadOnlySet<DateTimeOffset> listed, CancellationToken ct)
    {
        var actions = await context.Api.ListDropletActionsAsync(ledger.DropletId, now - context.Timings.SnapshotTimeout, ct);
        foreach (var action in actions.Where(a => string.Equals(a.Type, "snapshot", StringComparison.Ordinal)))
        {
            // An image's creation time is its action's start: one that is listed answers for itself. None is before its action is over.
            var isListed = action.State() is ActionState.Completed && action.StartedAt is { } startedAt && listed.Contains(startedAt);
            if (!isListed && !IsDue(With(ledger, action), now) && await IsOpenAsync(action, ct))
            {
                return action;
            }
        }

        return null;
    }

    /// <summary>Takes the transfers in progress into the log: they are neither asked for again nor forgotten before a deletion.</summary>
    /// <returns>Images of which it cannot be told: they are to be left as they are.</returns>
    public async Task<HashSet<long>> NoteTransfersAsync(DropletLedger ledger, CancellationToken ct)
    {
        var unsure = new HashSet<long>();
        foreach (var (snapshot, lacking) in ledger.Snapshots.AwaitingRegions(context.Plan))
        {
            var missing = lacking.Where(region => !IsKnown(snapshot, region)).ToList();
            if (missing.Count == 0)
            {
                continue;
            }

            try
            {
                var actions = await context.Api.ListImageActionsAsync(snapshot.ImageId!.Value, now - context.Timings.TransferTimeout, ct);
                foreach (var action in actions.Where(a => string.Equals(a.Type, "transfer", StringComparison.Ordinal)))
                {
                    await NoteAsync(snapshot, missing, action, ct);
                }
            }
            catch (DigitalOceanException e)
            {
                unsure.Add(snapshot.ImageId!.Value);
                if (e.IsNotFound)
                {
                    context.Logger.GoneAlready(snapshot.Name);
                    continue;
                }

                context.Logger.TransfersUnknown(snapshot.Name, e.Message);
                context.Tally.CountFailure();
            }
        }

        return unsure;
    }

    /// <summary>What the log has in flight already is followed, and not looked for.</summary>
    private bool IsKnown(Snapshot snapshot, string region)
    {
        if (!snapshot.Transfers.TryGetValue(region, out var transfer) || !transfer.InFlight)
        {
            return false;
        }

        context.Logger.TransferBegunEarlier(snapshot.Name, region, Words.Of(transfer.ChangedAt));
        return true;
    }

    private async Task NoteAsync(Snapshot snapshot, IReadOnlyList<string> missing, CloudAction action, CancellationToken ct)
    {
        // One that does not say where it goes may go anywhere.
        var regions = missing
            .Where(region => action.Region is null || string.Equals(region, action.Region, StringComparison.Ordinal))
            .ToList();
        if (regions.Count == 0 || !await IsOpenAsync(action, ct))
        {
            return;
        }

        foreach (var region in regions)
        {
            context.Logger.AlreadyTransferring(snapshot.Name, region, action.Id, Words.Of(action.StartedAt), Words.StageOf(action));
        }

        await context.Log.DecideAsync(snapshot.DropletId, _ => [.. regions.SelectMany(region => Noted(snapshot, region, action))], ct);
    }

    private IEnumerable<NewEvent> Noted(Snapshot s, string region, CloudAction action)
    {
        yield return NewEvent.Of(
            s.SnapshotId, new TransferRequested(s.SnapshotId, s.DropletId, s.ImageId!.Value, region, Origin.Plan, action.StartedAt ?? now));
        yield return NewEvent.Of(
            s.SnapshotId, new TransferStarted(s.SnapshotId, s.DropletId, region, action.Id, action.StartedAt ?? now));
    }

    /// <summary>Whether an action's effect may be yet to come: it is in progress, or so lately completed that it need not show.</summary>
    private async Task<bool> IsOpenAsync(CloudAction action, CancellationToken ct)
    {
        if (action.State() is not ActionState.Completed)
        {
            return action.State() is ActionState.InProgress;
        }

        // The lists of a droplet and an image may leave out when it was completed; its own address does not.
        var completedAt = action.CompletedAt ?? (await context.Api.FindActionAsync(action.Id, ct))?.CompletedAt ?? action.StartedAt;
        return now - completedAt <= context.Timings.ListingGrace;
    }

    /// <summary>The droplet as it will be when the action's snapshot shows.</summary>
    private DropletLedger With(DropletLedger ledger, CloudAction action) => ledger with
    {
        Snapshots = ledger.Snapshots.Add(new Snapshot
        {
            Id = Streams.OfSnapshot(Guid.Empty),
            SnapshotId = Guid.Empty,
            DropletId = ledger.DropletId,
            DropletName = ledger.Droplet?.Name ?? "",
            Name = "",
            Plan = context.Plan.Name,
            Phase = action.State() is ActionState.Completed ? SnapshotPhase.Complete : SnapshotPhase.Started,
            ImageId = 0,
            ActionId = action.Id,
            CreatedAt = action.StartedAt ?? now,
        }),
    };
}
