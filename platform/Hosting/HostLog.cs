using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting;

/// <summary>What the common parts say in the log output.</summary>
internal static partial class HostLog
{
    [LoggerMessage(100, LogLevel.Information, "Leading {Role}")]
    public static partial void LeadershipGained(this ILogger logger, string role);

    [LoggerMessage(101, LogLevel.Information, "No longer leading {Role}")]
    public static partial void LeadershipEnded(this ILogger logger, string role);

    [LoggerMessage(102, LogLevel.Warning, "Leading {Role} failed; standing for election again")]
    public static partial void LeadershipFailed(this ILogger logger, string role, Exception exception);

    [LoggerMessage(119, LogLevel.Error, "A message of queue {Queue} could not be handled and is in {Queue}_error, message {MessageId}: {Reason}")]
    public static partial void MessageFailed(this ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(120, LogLevel.Warning, "A command of queue {Queue} could not be carried out now and is published again later, message {MessageId}: {Reason}")]
    public static partial void MessageLeft(this ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(103, LogLevel.Warning, "The log is not ready, waiting for PostgreSQL: {Reason}")]
    public static partial void StoreNotReady(this ILogger logger, string reason);

    [LoggerMessage(104, LogLevel.Warning, "The log cannot be published at the moment, from event {EventType} {EventId} on; trying again until it can: {Reason}")]
    public static partial void PublishFailed(this ILogger logger, string eventType, Guid eventId, string reason, Exception? exception);

    [LoggerMessage(123, LogLevel.Information, "The log is published again")]
    public static partial void PublishesAgain(this ILogger logger);

    [LoggerMessage(124, LogLevel.Error, "Not working: {Reason}")]
    public static partial void ClockIsWrong(this ILogger logger, string reason);

    [LoggerMessage(125, LogLevel.Information, "This machine's clock is right again")]
    public static partial void ClockIsRight(this ILogger logger);

    [LoggerMessage(105, LogLevel.Warning, "The relay stopped and is started again: {Reason}")]
    public static partial void RelayRestarted(this ILogger logger, string reason);

    [LoggerMessage(106, LogLevel.Warning, "{Role}: a round failed and is repeated")]
    public static partial void RoundFailed(this ILogger logger, string role, Exception exception);

    [LoggerMessage(121, LogLevel.Information, "Not working yet: no planner has bound the log to an account")]
    public static partial void AccountNotBound(this ILogger logger);

    [LoggerMessage(108, LogLevel.Warning, "Not working yet, the token is not known to be the log's account's: {Reason}")]
    public static partial void AccountNotVerified(this ILogger logger, string reason);

    [LoggerMessage(114, LogLevel.Warning, "The account cannot be seen with this token: {Reason}")]
    public static partial void AccountNotSeen(this ILogger logger, string reason);

    [LoggerMessage(115, LogLevel.Warning, "{Role}: a round failed and is repeated: {Reason}")]
    public static partial void RoundFailedFor(this ILogger logger, string role, string reason);

    [LoggerMessage(116, LogLevel.Warning, "Leading {Role} failed; standing for election again: {Reason}")]
    public static partial void LeadershipFailedFor(this ILogger logger, string role, string reason);

    [LoggerMessage(109, LogLevel.Warning, "Lost the lead of {Role}: {Reason}")]
    public static partial void LeadershipLost(this ILogger logger, string role, string reason);

    [LoggerMessage(110, LogLevel.Warning, "Waiting for {Broker}: {Reason}")]
    public static partial void BrokerIsAway(this ILogger logger, string broker, string reason);

    [LoggerMessage(111, LogLevel.Information, "Connected to {Broker} again")]
    public static partial void BrokerIsBack(this ILogger logger, string broker);

    [LoggerMessage(
        126, LogLevel.Critical,
        "RabbitMQ has answered for {Minutes} minutes, but this process's connections to it have not come back: it ends, to be started anew")]
    public static partial void BusIsStuck(this ILogger logger, double minutes);

    [LoggerMessage(113, LogLevel.Warning, "No request can be sent, as the requests that are left cannot be read from the database: {Reason}")]
    public static partial void BudgetCannotBeAsked(this ILogger logger, string reason);

    [LoggerMessage(112, LogLevel.Warning, "Calls to decide at once are not heard at the moment: {Reason}")]
    public static partial void CallsNotHeard(this ILogger logger, string reason);
}
