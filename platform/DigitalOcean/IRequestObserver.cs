namespace DoSnapshot.DigitalOcean;

/// <summary>An attempt at a request.</summary>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Route">The path, with <c>{id}</c> for each id and without a query.</param>
/// <param name="Purpose">What it was for.</param>
/// <param name="Status">How it was answered; null where it was not.</param>
/// <param name="HeldBack">Whether it was not sent, as the budget had no room.</param>
public sealed record RequestAttempt(string Method, string Route, RequestPurpose Purpose, int? Status, bool HeldBack);

/// <summary>Hears of every attempt at a request. Must not throw.</summary>
public interface IRequestObserver
{
    /// <summary>An attempt is over.</summary>
    void Attempted(RequestAttempt attempt);
}
