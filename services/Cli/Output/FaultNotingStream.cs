namespace DoSnapshot.Cli.Output;

/// <summary>Passes on what is written, and remembers the exception with which that failed; after it, nothing is written any more.</summary>
internal sealed class FaultNotingStream(Stream inner) : Stream
{
    /// <summary>What went wrong; null while nothing did.</summary>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush() => Noted(static (stream, _) => stream.Flush(), []);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => Noted(static (stream, bytes) => stream.Write(bytes), buffer);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    // A file system that is full is an IOException, an output that was closed before the start is the other.
    private void Noted(Action<Stream, ReadOnlySpan<byte>> action, ReadOnlySpan<byte> bytes)
    {
        if (Fault is not null)
        {
            return;
        }

        try
        {
            action(inner, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = e;
            throw;
        }
    }
}
