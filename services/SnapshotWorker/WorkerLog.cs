using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.SnapshotWorker;

/// <summary>What the snapshot worker says in the log output.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(EventId = 300, Message = "Snapshot {Name} of droplet {DropletId}, attempt {Attempt}: {Outcome}")]
    public static partial void SnapshotSent(this ILogger logger, LogLevel level, string name, long dropletId, int attempt, SendOutcome outcome);

    [LoggerMessage(301, LogLevel.Error, "Dropped a request for snapshot {SnapshotId} ({Name}) that the log does not know: was an older log restored?")]
    public static partial void UnknownSnapshot(this ILogger logger, Guid snapshotId, string name);

    [LoggerMessage(EventId = 303, Message = "Power of droplet {DropletId}, {Action} for snapshot {SnapshotId}: {Outcome}")]
    public static partial void PowerSent(this ILogger logger, LogLevel level, PowerAction action, long dropletId, Guid snapshotId, SendOutcome outcome);

    [LoggerMessage(304, LogLevel.Warning, "Did not send {Action} to droplet {DropletId}: its time was over; the droplet is looked at again")]
    public static partial void PowerTooLate(this ILogger logger, PowerAction action, long dropletId);

    [LoggerMessage(305, LogLevel.Warning, "The actions of droplets that are off cannot be seen: {Reason}")]
    public static partial void ActionsNotSeen(this ILogger logger, string reason);

    [LoggerMessage(302, LogLevel.Warning, "Did not send the request for snapshot {SnapshotId} ({Name}): its time was over; it will be looked for")]
    public static partial void TooLateToSend(this ILogger logger, Guid snapshotId, string name);
}
