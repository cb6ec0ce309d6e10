using Microsoft.Extensions.Logging;

namespace DoSnapshot.DigitalOcean;

/// <summary>All log messages of this library. None holds a body, a header or an exception's text.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 1,
        EventName = "RequestRepeated",
        Level = LogLevel.Warning,
        Message = "{Request} failed on attempt {Attempt} ({Cause}) and is repeated in {WaitSeconds} s")]
    internal static partial void Repeating(ILogger logger, string request, int attempt, string cause, double waitSeconds);
}
