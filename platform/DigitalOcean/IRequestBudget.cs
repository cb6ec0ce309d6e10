namespace DoSnapshot.DigitalOcean;

/// <summary>What a request is for. The order is that of precedence: where requests are scarce, the last ones wait first.</summary>
public enum RequestPurpose
{
    /// <summary>To power on a droplet that was powered off for its snapshot.</summary>
    PowerOn,

    /// <summary>To begin a snapshot.</summary>
    Snapshot,

    /// <summary>To see how what was begun goes on.</summary>
    Following,

    /// <summary>To begin a transfer.</summary>
    Transfer,

    /// <summary>To delete, and to look before that.</summary>
    Deletion,

    /// <summary>To compare the log with the account.</summary>
    Reconciliation,
}

/// <summary>The requests that a token has, shared by all that use it. Every attempt takes one before it is sent.</summary>
public interface IRequestBudget
{
    /// <summary>Takes one request.</summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <returns>Null when it may be sent now; otherwise how long to wait before asking again.</returns>
    ValueTask<TimeSpan?> TryTakeAsync(RequestPurpose purpose, CancellationToken ct);

    /// <summary>What an answer told of the token's hour.</summary>
    void Tell(RateLimit told);

    /// <summary>An answer was 429: the token's requests are used up, by others perhaps.</summary>
    /// <param name="wait">How long it asks to wait; null when it does not say.</param>
    void Refuse(TimeSpan? wait);
}
