using DoSnapshot.Hosting;

namespace DoSnapshot.PrunerWorker;

/// <summary>Adds the pruner worker to a process.</summary>
public static class PrunerWorkerServices
{
    /// <summary>Adds the consumer of <see cref="Contracts.SnapshotExpired"/>.</summary>
    public static PlatformBuilder AddPrunerWorker(this PlatformBuilder platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        platform.Services.AddSingleton<SnapshotPruner>();
        return platform.Consume<SnapshotExpiredConsumer, SnapshotExpiredConsumerDefinition>();
    }
}
