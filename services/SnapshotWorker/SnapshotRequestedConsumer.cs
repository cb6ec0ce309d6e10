using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Bus;
using MassTransit;

namespace DoSnapshot.SnapshotWorker;

/// <summary>Takes <see cref="SnapshotRequested"/> from the worker's queue.</summary>
public sealed class SnapshotRequestedConsumer : IConsumer<SnapshotRequested>
{
    private readonly SnapshotTaker taker;
    private readonly AccountGate account;

    /// <summary>A consumer that hands over to this worker.</summary>
    public SnapshotRequestedConsumer(SnapshotTaker taker, AccountGate account)
    {
        this.taker = taker;
        this.account = account;
    }

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SnapshotRequested> context)
    {
        await account.WhenOpen.WaitAsync(context.CancellationToken);
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
