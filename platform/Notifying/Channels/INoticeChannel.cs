namespace DoSnapshot.Notifying.Channels;

/// <summary>A way to tell people.</summary>
public interface INoticeChannel
{
    /// <summary>Its name, by which the book knows what it has told; never shows a secret.</summary>
    string Name { get; }

    /// <summary>Tells all of it at once, worst first.</summary>
    /// <param name="notices">What to tell; never empty.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ChannelException">It could not be told.</exception>
    Task TellAsync(IReadOnlyList<Notice> notices, DateTimeOffset now, CancellationToken ct);
}

/// <summary>A channel could not tell. The message is one line for people and shows no secret.</summary>
public sealed class ChannelException : Exception
{
    /// <summary>With what is wrong.</summary>
    public ChannelException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
