using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Hosting.Health;
using MassTransit;

namespace DoSnapshot.PrunerWorker;

/// <summary>Takes <see cref="SnapshotExpired"/> from the worker's queue.</summary>
public sealed class SnapshotExpiredConsumer : IConsumer<SnapshotExpired>
{
    private readonly SnapshotPruner pruner;
    private readonly AccountGate account;
    private readonly ClockGuard clock;

    /// <summary>A consumer that hands over to this worker.</summary>
    public SnapshotExpiredConsumer(SnapshotPruner pruner, AccountGate account, ClockGuard clock)
    {
        this.pruner = pruner;
        this.account = account;
        this.clock = clock;
    }

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SnapshotExpired> context)
    {
        await account.WhenOpen.WaitAsync(context.CancellationToken);
        if (context.IsFromLog() && !await clock.IsRightAsync(context.CancellationToken))
        {
            // It is in the log, and is published again until somebody acts on it.
            return;
        }

        await pruner.HandleAsync(context.Message, context.IsFromLog(), context.CancellationToken);
    }
}

/// <summary>The worker's queue.</summary>
public sealed class SnapshotExpiredConsumerDefinition : WorkerDefinition<SnapshotExpiredConsumer>
{
    /// <summary>Few at a time: nothing is gained by deleting fast.</summary>
    public SnapshotExpiredConsumerDefinition()
        : base(CommandQueues.Expiries, concurrency: 4)
    {
    }
}
