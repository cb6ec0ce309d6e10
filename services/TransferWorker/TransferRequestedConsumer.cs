using DoSnapshot.Contracts;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Bus;
using DoSnapshot.Hosting.Health;
using MassTransit;

namespace DoSnapshot.TransferWorker;

/// <summary>Takes <see cref="TransferRequested"/> from the worker's queue.</summary>
public sealed class TransferRequestedConsumer : IConsumer<TransferRequested>
{
    private readonly TransferMaker maker;
    private readonly AccountGate account;
    private readonly ClockGuard clock;

    /// <summary>A consumer that hands over to this worker.</summary>
    public TransferRequestedConsumer(TransferMaker maker, AccountGate account, ClockGuard clock)
    {
        this.maker = maker;
        this.account = account;
        this.clock = clock;
    }

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<TransferRequested> context)
    {
        await account.WhenOpen.WaitAsync(context.CancellationToken);
        if (context.IsFromLog() && !await clock.IsRightAsync(context.CancellationToken))
        {
            // It is in the log, and is published again until somebody acts on it.
            return;
        }

        await maker.HandleAsync(context.Message, context.IsFromLog(), context.CancellationToken);
    }
}

/// <summary>The worker's queue.</summary>
public sealed class TransferRequestedConsumerDefinition : WorkerDefinition<TransferRequestedConsumer>
{
    /// <summary>Some at a time: the API's answers are waited for, the transfers are not.</summary>
    public TransferRequestedConsumerDefinition()
        : base(CommandQueues.Transfers, concurrency: 8)
    {
    }
}
