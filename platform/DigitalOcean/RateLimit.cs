namespace DoSnapshot.DigitalOcean;

/// <summary>That the API did not answer, or not as it does when all is well.</summary>
/// <param name="What">The request and what came of it; free of tokens.</param>
/// <param name="At">When, UTC.</param>
public sealed record ApiTrouble(string What, DateTimeOffset At);

/// <summary>The token's hourly request quota as the last answer told it; other programs may use the same token.</summary>
/// <param name="Limit">Requests an hour.</param>
/// <param name="Remaining">Requests left; reads 0 on a burst 429 even if the hour has some left (documented).</param>
/// <param name="ResetsAt">
/// When the oldest request stops counting, not when the quota is full again (documented); may be in the past (observed).
/// </param>
public sealed record RateLimit(int? Limit, int? Remaining, DateTimeOffset? ResetsAt);
