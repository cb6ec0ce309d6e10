using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Hosting.Health;
using MassTransit;

namespace DoSnapshot.SnapshotWorker;

/// <summary>Takes <see cref="SnapshotRequested"/> from the worker's queue.</summary>
public sealed class SnapshotRequestedConsumer : IConsumer<SnapshotRequested>
{
    private readonly SnapshotTaker taker;
    private readonly AccountGate account;
    private readonly ClockGuard clock;

    /// <summary>A consumer that hands over to this worker.</summary>
    public SnapshotRequestedConsumer(SnapshotTaker taker, AccountGate account, ClockGuard clock)
    {
        this.taker = taker;
        this.account = account;
        this.clock = clock;
    }

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SnapshotRequested> context)
    {
        await account.WhenOpen.WaitAsync(context.CancellationToken);
        if (context.IsFromLog() && !await clock.IsRightAsync(context.CancellationToken))
        {
            // It is in the log, and is published again until somebody acts on it.
            return;
        }

        await taker.HandleAsync(Identified(context.Message, context.MessageId), context.IsFromLog(), context.CancellationToken);
    }

    /// <summary>A request that was published by hand need not have an id of its own: then it is that of its message, so that a repeat is one.</summary>
    public static SnapshotRequested Identified(SnapshotRequested request, Guid? messageId)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.SnapshotId == Guid.Empty && messageId is { } id ? request with { SnapshotId = id } : request;
    }
}

/// <summary>The worker's queue.</summary>
public sealed class SnapshotRequestedConsumerDefinition : WorkerDefinition<SnapshotRequestedConsumer>
{
    /// <summary>Some at a time: the API's answers are waited for, the snapshots are not.</summary>
    public SnapshotRequestedConsumerDefinition()
        : base(CommandQueues.Snapshots, concurrency: 8)
    {
    }
}
