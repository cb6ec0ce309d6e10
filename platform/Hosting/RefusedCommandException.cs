namespace DoSnapshot.Hosting;

/// <summary>A command from outside makes no sense, or a guard holds it. It goes to the error queue with these words and leads to nothing.</summary>
public sealed class RefusedCommandException : Exception
{
    /// <summary>One with these words.</summary>
    public RefusedCommandException(string message)
        : base(message)
    {
    }
}
