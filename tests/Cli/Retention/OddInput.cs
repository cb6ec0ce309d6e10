namespace DoSnapshot.Cli.Tests.Retention;

/// <summary>An input that is read as a test says; its bytes are blanks.</summary>
internal sealed class OddInput(Func<Memory<byte>, int> read) : MemoryStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        buffer.Fill((byte)' ');
        return read(new byte[buffer.Length]);
    }
}
