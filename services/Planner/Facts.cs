using System.Threading.Channels;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Hosting.Work;

namespace DoSnapshot.Planner;

/// <summary>
/// The facts that call for a decision, as the relay sees them go by. Whoever leads decides on each at once, so that a completed snapshot has
/// its transfers asked for within the second. A fact that is missed is found at the next round.
/// </summary>
public sealed class Facts : IRelayListener
{
    private readonly Channel<long> droplets = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true });
    private readonly WorkGauge gauge;

    /// <summary>Facts that count as work until they are decided on.</summary>
    public Facts(WorkGauge gauge)
    {
        this.gauge = gauge;
    }

    /// <inheritdoc />
    public void Relayed(LoggedEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        if (CallsForDecision(@event.Data) && EventTypes.DropletOf(@event.Data) is { } dropletId)
        {
            gauge.Enter();
            droplets.Writer.TryWrite(dropletId);
        }
    }

    /// <summary>Runs a decision for each droplet that a fact arrived about, until cancelled.</summary>
    public async Task DecideAsync(Func<long, CancellationToken, Task> decide, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(decide);
        try
        {
            await foreach (var dropletId in droplets.Reader.ReadAllAsync(ct))
            {
                try
                {
                    await decide(dropletId, ct);
                }
                finally
                {
                    gauge.Exit();
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end was asked for.
        }
    }

    private static bool CallsForDecision(object @event) => @event
        is SnapshotCompleted or SnapshotFailed or SnapshotDiscovered or SnapshotLost or SnapshotUnpinned or RetryRequested
        or TransferCompleted or TransferFailed
        or SnapshotPruned or PruneRefused
        or DropletResumed or OverlapResolved;
}
