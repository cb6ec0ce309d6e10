using DoSnapshot.Contracts;
using DoSnapshot.EventLog;

namespace DoSnapshot.Cli.Pass;

/// <summary>Tells what the log has learnt, whoever found it out, and counts what failed.</summary>
internal sealed class EventTeller
{
    private readonly PassContext context;

    /// <summary>A teller of the context's log.</summary>
    public EventTeller(PassContext context)
    {
        this.context = context;
    }

    /// <summary>Tells of the events after a place in the log.</summary>
    /// <returns>The events.</returns>
    public async Task<IReadOnlyList<LoggedEvent>> TellAsync(long after, CancellationToken ct)
    {
        var found = await context.Log.ReadAsync(after, int.MaxValue, ct);
        foreach (var e in found)
        {
            await TellAsync(e.Data, ct);
        }

        return found;
    }

    private async Task TellAsync(object @event, CancellationToken ct)
    {
        switch (@event)
        {
            case SnapshotCompleted e:
                context.Logger.Complete(await NameAsync(e.DropletId, e.SnapshotId, ct), e.ImageId, e.SizeGigabytes);
                break;
            case SnapshotFailed e:
                context.Logger.SnapshotFailed(await NameAsync(e.DropletId, e.SnapshotId, ct), e.Reason);
                context.Tally.CountFailure();
                break;
            case TransferCompleted e:
                context.Logger.Transferred(await NameAsync(e.DropletId, e.SnapshotId, ct), e.Region);
                break;
            case TransferFailed e:
                context.Logger.TransferFailed(await NameAsync(e.DropletId, e.SnapshotId, ct), e.Region, e.Reason);
                context.Tally.CountFailure();
                break;
            default:
                break;
        }
    }

    private async Task<string> NameAsync(long dropletId, Guid snapshotId, CancellationToken ct) =>
        (await context.Log.LoadLedgersAsync([dropletId], ct))[0].Find(snapshotId)?.Name ?? snapshotId.ToString();
}
