namespace DoSnapshot.Sandbox;

/// <summary>What is left of a token's requests, as the headers tell it.</summary>
/// <param name="Allowed">Whether this request may go on.</param>
/// <param name="Limit">Requests in an hour.</param>
/// <param name="Remaining">How many of them are left.</param>
/// <param name="Reset">Epoch second at which the oldest request stops counting, and not at which all is free again (documented).</param>
/// <param name="RetryAfter">Seconds to wait; told only when the minute's limit was hit (documented).</param>
internal readonly record struct SandboxQuota(bool Allowed, int Limit, int Remaining, long Reset, int? RetryAfter);

/// <summary>
/// Counts the requests of each token over a sliding hour and a sliding minute (documented). A request that is refused for
/// being one too many does not count (chosen: it is not told).
/// </summary>
internal sealed class SandboxRateLimiter(SandboxAccount account)
{
    private const int DocumentedLimit = 5_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Windows> _tokens = new(StringComparer.Ordinal);

    /// <summary>Requests in an hour, as the headers tell it.</summary>
    public int Limit => account.Settings.HourlyLimit ?? DocumentedLimit;

    public SandboxQuota Take(string token)
    {
        var (now, settings) = (account.Now, account.Settings);
        lock (_gate)
        {
            if (!_tokens.TryGetValue(token, out var windows))
                _tokens[token] = windows = new Windows([], []);
            Forget(windows.Hour, now - Hour);
            Forget(windows.Minute, now - Minute);

            if (windows.Hour.Count >= settings.HourlyLimit)
                return Quota(allowed: false, windows, settings, now, remaining: 0);
            if (windows.Minute.Count >= settings.BurstLimit)
            {
                var wait = windows.Minute.TryPeek(out var oldest) ? oldest + Minute - now : Minute;
                return Quota(allowed: false, windows, settings, now, remaining: 0) with { RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) };
            }

            if (settings.HourlyLimit is not null)
                windows.Hour.Enqueue(now);
            if (settings.BurstLimit is not null)
                windows.Minute.Enqueue(now);
            return Quota(allowed: true, windows, settings, now, (settings.HourlyLimit - windows.Hour.Count) ?? DocumentedLimit);
        }
    }

    private static SandboxQuota Quota(bool allowed, Windows windows, SandboxSettings settings, DateTimeOffset now, int remaining)
    {
        var oldest = windows.Hour.TryPeek(out var first) ? first : now;
        return new SandboxQuota(allowed, settings.HourlyLimit ?? DocumentedLimit, remaining, (oldest + Hour).ToUnixTimeSeconds(), null);
    }

    private static void Forget(Queue<DateTimeOffset> window, DateTimeOffset until)
    {
        while (window.TryPeek(out var oldest) && oldest <= until)
            window.Dequeue();
    }

    private sealed record Windows(Queue<DateTimeOffset> Hour, Queue<DateTimeOffset> Minute);
}
