using Microsoft.Extensions.Logging;

namespace DoSnapshot.Notifying;

/// <summary>What notifying says in the log output. No address, as it is a secret.</summary>
internal static partial class NotifyingLog
{
    [LoggerMessage(600, LogLevel.Information, "Told by {Channel}: {Count} notices")]
    public static partial void Told(this ILogger logger, string channel, int count);

    [LoggerMessage(601, LogLevel.Warning, "Nobody can be told by {Channel} at the moment, and it is tried again in {Seconds} s: {Reason}")]
    public static partial void ChannelFailed(this ILogger logger, string channel, string reason, double seconds);

    [LoggerMessage(602, LogLevel.Warning, "The outside watcher at {Host} cannot be told that all is well: {Reason}")]
    public static partial void DeadManNotReached(this ILogger logger, string host, string reason);
}
