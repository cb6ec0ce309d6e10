namespace DoSnapshot.Hosting.Log;

/// <summary>A role of the database that cannot do what is asked of it, or cannot be given it.</summary>
public sealed class LogRoleException : Exception
{
    /// <summary>With why not.</summary>
    public LogRoleException(string message)
        : base(message)
    {
    }
}
