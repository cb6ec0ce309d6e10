namespace DoSnapshot.Hosting.Log;

/// <summary>A role that rights on the log cannot be given to.</summary>
public sealed class LogRoleException : Exception
{
    /// <summary>With why not.</summary>
    public LogRoleException(string message)
        : base(message)
    {
    }
}
