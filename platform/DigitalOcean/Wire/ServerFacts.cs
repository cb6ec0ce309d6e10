using System.Globalization;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>What the headers of answers tell of the server, whatever was asked.</summary>
internal static class ServerFacts
{
    private static readonly long LastUnixSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The ratelimit headers, in whatever case; null if there is none.</summary>
    internal static RateLimit? ReadRateLimit(HttpResponseMessage response)
    {
        var limit = Number(response, "ratelimit-limit");
        var remaining = Number(response, "ratelimit-remaining");
        var reset = Number(response, "ratelimit-reset");
        if (limit is null && remaining is null && reset is null)
            return null;
        var resetsAt = reset is { } second && second <= LastUnixSecond ? DateTimeOffset.FromUnixTimeSeconds(second) : (DateTimeOffset?)null;
        return new RateLimit(Small(limit), Small(remaining), resetsAt);
    }

    /// <summary>DigitalOcean's id of the request.</summary>
    internal static string? ReadRequestId(HttpResponseMessage response) => Text(response, "x-request-id");

    private static int? Small(long? number) => number is <= int.MaxValue ? (int)number.Value : null;

    private static long? Number(HttpResponseMessage response, string header) =>
        long.TryParse(Text(response, header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;
}
