namespace DoSnapshot.Hosting.Account;

/// <summary>
/// The token belongs to another account than the log. To that account every snapshot of this one would look deleted, so nothing is done.
/// </summary>
public sealed class AccountMismatchException : Exception
{
    /// <summary>A mismatch of these two.</summary>
    public AccountMismatchException(string bound, string found)
        : base($"The log belongs to DigitalOcean account {bound}, and the token to {found}: nothing is done until the setting DO_TOKEN (or DigitalOcean:Token) names the right one.")
    {
    }
}
