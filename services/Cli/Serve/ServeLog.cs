namespace DoSnapshot.Cli.Serve;

/// <summary>What <c>serve</c> says in the log output besides what the services say.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(700, LogLevel.Information, "PostgreSQL {Version} runs in {Directory}")]
    public static partial void ServerStarted(this ILogger logger, Version version, string directory);

    [LoggerMessage(701, LogLevel.Warning, "Waiting for {Minutes} minutes at most: {Reason}")]
    public static partial void WaitingForDirectory(this ILogger logger, string minutes, string reason);

    [LoggerMessage(702, LogLevel.Error, "PostgreSQL in {Directory} has ended by itself, see server.log there; starting it again")]
    public static partial void ServerEnded(this ILogger logger, string directory);

    [LoggerMessage(703, LogLevel.Error, "PostgreSQL does not start: {Reason}")]
    public static partial void ServerFailed(this ILogger logger, string reason);

    [LoggerMessage(704, LogLevel.Warning, "{Warning}")]
    public static partial void AboutTheToken(this ILogger logger, string warning);
}
