using DoSnapshot.Hosting;

namespace DoSnapshot.SnapshotWorker;

/// <summary>Adds the snapshot worker to a process.</summary>
public static class SnapshotWorkerServices
{
    /// <summary>Adds the consumer of <see cref="Contracts.SnapshotRequested"/> and the followers.</summary>
    public static PlatformBuilder AddSnapshotWorker(this PlatformBuilder platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        platform.Services.AddSingleton<SnapshotTaker>();
        return platform
            .Consume<SnapshotRequestedConsumer, SnapshotRequestedConsumerDefinition>()
            .Follow<SnapshotFollower>()
            .Follow<PowerFollower>();
    }
}
