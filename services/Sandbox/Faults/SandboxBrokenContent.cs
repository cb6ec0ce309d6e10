using System.Net;

namespace DoSnapshot.Sandbox;

/// <summary>A body of which the first half comes, and then the connection breaks, as the real handler tells it.</summary>
internal sealed class SandboxBrokenContent(ReadOnlyMemory<byte> body) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(SandboxFaultAnswers.Half(body));
        throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
