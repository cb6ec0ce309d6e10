namespace DoSnapshot.DigitalOcean;

/// <summary>
/// What became of a DELETE, which is sent once. Messages name method and path and are free of tokens.
/// </summary>
public abstract record DeleteOutcome
{
    private DeleteOutcome()
    {
    }

    /// <summary>The API says that it is deleted.</summary>
    public sealed record Deleted : DeleteOutcome;

    /// <summary>
    /// 404: it is not there. An earlier DELETE may have deleted it; another team's token is told the same (observed),
    /// so the snapshot should have been read with this token before.
    /// </summary>
    public sealed record AlreadyGone : DeleteOutcome;

    /// <summary>
    /// It was not deleted, and repeating will not help: another status, for example 400 for what is no snapshot (documented).
    /// </summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Message">For people.</param>
    public sealed record Refused(int Status, string Message) : DeleteOutcome;

    /// <summary>It was not deleted, as the token's request quota is used up (429). Repeat it later.</summary>
    /// <param name="RetryAfter">How long to wait at least: 1 s or more.</param>
    /// <param name="Message">For people.</param>
    public sealed record Throttled(TimeSpan RetryAfter, string Message) : DeleteOutcome;

    /// <summary>No clear answer: it may or may not be deleted. Whoever wants to repeat it decides anew whether it may be.</summary>
    public sealed record Failed(string Message) : DeleteOutcome;
}
