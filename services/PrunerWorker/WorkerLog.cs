using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.PrunerWorker;

/// <summary>What the pruner worker says in the log output.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(500, LogLevel.Information, "{Name}: {Decision}")]
    public static partial void Decided(this ILogger logger, string name, object decision);

    [LoggerMessage(EventId = 501, Message = "Deletion of {Name} (image {ImageId}): {Result} {Detail}")]
    public static partial void Deleted(this ILogger logger, LogLevel level, string name, long imageId, DeleteResult result, string detail);

    [LoggerMessage(502, LogLevel.Error, "Dropped an expiry of snapshot {SnapshotId} ({Name}) that the log does not know: was an older log restored?")]
    public static partial void UnknownExpiry(this ILogger logger, Guid snapshotId, string name);
}
