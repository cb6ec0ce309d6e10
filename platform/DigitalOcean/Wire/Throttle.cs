using System.Net;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>How long the headers of an answer ask to wait, and how long to wait when they do not.</summary>
internal static class Throttle
{
    /// <summary>A wait of zero, or a moment in the past (observed), would be a hot loop.</summary>
    internal static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The quota counts over one hour (documented): no wait need be longer.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>For a 429 that says nothing of use: the burst limit counts over one minute (documented).</summary>
    internal static readonly TimeSpan BurstWindow = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);

    /// <summary>
    /// retry-after of a 429 or 503, else the ratelimit-reset of a 429 if it lies ahead; null if there is neither. Moments are measured from
    /// the answer's own Date, so that a wrong clock here does not matter.
    /// </summary>
    internal static TimeSpan? Hint(HttpResponseMessage response, TimeProvider time)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return null;
        var now = response.Headers.Date ?? time.GetUtcNow();
        if (response.Headers.RetryAfter is { } asked && (asked.Delta ?? asked.Date - now) is { } wait)
            return Clamp(wait);
        var reset = response.StatusCode is HttpStatusCode.TooManyRequests ? ServerFacts.ReadRateLimit(response)?.ResetsAt : null;
        return reset > now ? Clamp(reset.Value - now) : null;
    }

    /// <summary>Doubles from a second, spread by half to either side so that clients that failed together do not return together.</summary>
    /// <param name="attempt">0 before the first repetition.</param>
    /// <param name="status">Of the failed attempt, if it had an answer: a 429 is never repeated within a second.</param>
    /// <param name="random">From 0 to 1.</param>
    internal static TimeSpan BackOff(int attempt, HttpStatusCode? status, double random)
    {
        var wait = FirstBackOff * Math.Pow(2, attempt) * (0.5 + random);
        return status is HttpStatusCode.TooManyRequests && wait < Shortest ? Shortest : wait;
    }

    private static TimeSpan Clamp(TimeSpan wait) => wait < Shortest ? Shortest : wait > Longest ? Longest : wait;
}
