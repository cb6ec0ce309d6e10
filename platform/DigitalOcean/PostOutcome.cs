namespace DoSnapshot.DigitalOcean;

/// <summary>
/// What became of a POST. The API has no idempotency key (documented by absence), so the cases differ in whether it happened.
/// Messages name method and path, are free of tokens, and are for people: decide by the case.
/// </summary>
public abstract record PostOutcome
{
    private PostOutcome()
    {
    }

    /// <summary>It happened: this action was started. It may already have ended, and even have failed.</summary>
    public sealed record Accepted(CloudAction Action) : PostOutcome;

    /// <summary>
    /// It did not happen, as another event holds the resource (422 with the text of a pending or blocking event, observed). Wait for
    /// that to end.
    /// </summary>
    public sealed record Busy(string Message) : PostOutcome;

    /// <summary>It did not happen and will not when repeated as it is: a 4xx such as 401, 403, 404 or 422.</summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Message">For people.</param>
    public sealed record Refused(int Status, string Message) : PostOutcome;

    /// <summary>It did not happen, as the token's request quota is used up (429). Repeat it later.</summary>
    /// <param name="RetryAfter">How long to wait at least: 1 s or more.</param>
    /// <param name="Message">For people.</param>
    public sealed record Throttled(TimeSpan RetryAfter, string Message) : PostOutcome;

    /// <summary>It did not happen, as no connection was made: name not resolved, connection refused, no TLS. Repeating is safe.</summary>
    public sealed record NotSent(string Message) : PostOutcome;

    /// <summary>
    /// It may have happened: timeout, cut connection, 5xx (a transfer that was answered 505 ran, observed), unreadable success.
    /// Look for its traces; do not repeat it blindly.
    /// </summary>
    public sealed record Unknown(string Message) : PostOutcome;
}
