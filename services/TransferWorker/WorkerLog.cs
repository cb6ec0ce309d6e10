using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.TransferWorker;

/// <summary>What the transfer worker says in the log output.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(EventId = 400, Message = "Transfer of image {ImageId} to {Region}, attempt {Attempt}: {Outcome}")]
    public static partial void TransferSent(this ILogger logger, LogLevel level, long imageId, string region, int attempt, SendOutcome outcome);

    [LoggerMessage(401, LogLevel.Error, "Dropped a request to transfer snapshot {SnapshotId} to {Region} that the log does not know: was an older log restored?")]
    public static partial void UnknownTransfer(this ILogger logger, Guid snapshotId, string region);
}
