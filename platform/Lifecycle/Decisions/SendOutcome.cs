namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>What came of one request that asks DigitalOcean to do something, in the terms that a decision needs.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>It was accepted.</summary>
    /// <param name="ActionId">DigitalOcean's id of the action.</param>
    /// <param name="StartedAt">When the action started, UTC.</param>
    public sealed record Started(long ActionId, DateTimeOffset StartedAt) : SendOutcome;

    /// <summary>It certainly did not happen, and may succeed later.</summary>
    /// <param name="Reason">In words.</param>
    /// <param name="After">How long to wait; null for the ordinary back-off.</param>
    public sealed record NotYet(string Reason, TimeSpan? After = null) : SendOutcome;

    /// <summary>It certainly did not happen.</summary>
    /// <param name="Reason">In words.</param>
    /// <param name="Final">Whether repeating it is pointless.</param>
    public sealed record Failed(string Reason, bool Final) : SendOutcome;

    /// <summary>Nobody knows whether it happened; it will be seen by looking.</summary>
    /// <param name="Reason">In words.</param>
    public sealed record Unknown(string Reason) : SendOutcome;
}
