using System.Globalization;
using System.Text;

namespace DoSnapshot.Sandbox;

/// <summary>What answers look like when something went wrong.</summary>
internal static class SandboxFaultAnswers
{
    /// <summary>A server error, in the vendor's words for it where they are known (observed).</summary>
    public static SandboxResponse Error(SandboxFaultRule fault, string requestId) => SandboxJson.Refusal(
        fault.Status switch
        {
            null or 500 => SandboxError.ServerError,
            503 => new SandboxError(503, "service_unavailable", "Service is currently unavailable."),
            { } status => new SandboxError(status, "internal_server_error", "Server was unable to give you a response."),
        },
        requestId);

    /// <summary>The page of the vendor's edge, which knows nothing of limits and numbers of requests (observed).</summary>
    public static SandboxResponse Page(SandboxFaultRule fault)
    {
        var status = fault.Status ?? 504;
        var title = status switch
        {
            502 => "502 Bad Gateway",
            503 => "503 Service Temporarily Unavailable",
            504 => "504 Gateway Time-out",
            _ => $"{status}",
        };
        var page = $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
        return new SandboxResponse(status, Encoding.ASCII.GetBytes(page)) { ContentType = "text/html" };
    }

    /// <summary>One request too many, of the hour or of the minute (documented).</summary>
    public static SandboxResponse Throttled(SandboxFaultRule fault, SandboxAccount account, string requestId)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(fault.Duration.TotalSeconds));
        var isOfTheHour = fault.Kind == SandboxFaultKind.HourlyLimit;
        var reset = account.Stamp(account.Now) + (isOfTheHour ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromHours(1));
        var response = SandboxJson.Refusal(SandboxError.TooManyRequests)
            .With([("ratelimit-limit", Text(account.Limiter.Limit)), ("ratelimit-remaining", "0"), ("ratelimit-reset", Text(reset.ToUnixTimeSeconds())), ("x-request-id", requestId)]);
        return isOfTheHour ? response : response.With([("retry-after", Text(seconds))]);
    }

    /// <summary>The first half of a body, as if it were all of it.</summary>
    public static SandboxResponse Truncated(SandboxResponse response) => response with { Body = Half(response.Body) };

    /// <summary>The first half of a body.</summary>
    public static ReadOnlyMemory<byte> Half(ReadOnlyMemory<byte> body) => body[..(body.Length / 2)];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
