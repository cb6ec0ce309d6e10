using DoSnapshot.Contracts;
using MassTransit;

namespace DoSnapshot.Hosting.Bus;

/// <summary>The workers' queues.</summary>
public static class CommandQueues
{
    /// <summary>Takes <see cref="SnapshotRequested"/>.</summary>
    public const string Snapshots = "snapshot-worker";

    /// <summary>Takes <see cref="TransferRequested"/>.</summary>
    public const string Transfers = "transfer-worker";

    /// <summary>Takes <see cref="SnapshotExpired"/>.</summary>
    public const string Expiries = "pruner-worker";

    /// <summary>
    /// Whoever publishes a command makes its queue, too: a broker drops what it has no queue for, and on the first day the planner may be there before
    /// the workers are. The queue is bound to the message itself as well as, by its worker, to the worker's own exchange; the broker delivers once.
    /// </summary>
    internal static void DeclareForPublishing(IRabbitMqBusFactoryConfigurator bus)
    {
        Declare<SnapshotRequested>(bus, Snapshots);
        Declare<TransferRequested>(bus, Transfers);
        Declare<SnapshotExpired>(bus, Expiries);
    }

    private static void Declare<T>(IRabbitMqBusFactoryConfigurator bus, string queue)
        where T : class =>
        bus.Publish<T>(topology => topology.BindQueue(topology.Exchange.ExchangeName, queue));
}
