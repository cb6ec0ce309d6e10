using DoSnapshot.Hosting;

namespace DoSnapshot.TransferWorker;

/// <summary>Adds the transfer worker to a process.</summary>
public static class TransferWorkerServices
{
    /// <summary>Adds the consumer of <see cref="Contracts.TransferRequested"/> and the follower.</summary>
    public static PlatformBuilder AddTransferWorker(this PlatformBuilder platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        platform.Services.AddSingleton<TransferMaker>();
        return platform
            .Consume<TransferRequestedConsumer, TransferRequestedConsumerDefinition>()
            .Follow<TransferFollower>();
    }
}
