using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.DigitalOcean.Tests.Support;

internal static class Replies
{
    public const string Page504 = "<html><head><title>504 Gateway Time-out</title></head><body>cloudflare</body></html>";

    public static Reply Json(string json, int status = 200, params (string Name, string Value)[] headers) =>
        Body(json, "application/json", status, headers);

    public static Reply Html(int status) => Body(Page504, "text/html", status);

    public static Reply Nothing(int status, params (string Name, string Value)[] headers) =>
        _ => Task.FromResult(Response(status, null, headers));

    public static Reply Error(int status, string code, string message, params (string Name, string Value)[] headers) =>
        Json($$"""{"id":"{{code}}","message":"{{message}}"}""", status, headers);

    public static Reply Throws(Exception exception) => _ => Task.FromException<HttpResponseMessage>(exception);

    public static Reply ConnectionRefused { get; } = Throws(new HttpRequestException(
        HttpRequestError.ConnectionError, "Connection refused", new SocketException((int)SocketError.ConnectionRefused)));

    public static Reply NameNotResolved { get; } =
        Throws(new HttpRequestException(HttpRequestError.NameResolutionError, "Name or service not known"));

    public static Reply NoTls { get; } =
        Throws(new HttpRequestException(HttpRequestError.SecureConnectionError, "The TLS handshake failed"));

    public static Reply ConnectionCut { get; } =
        Throws(new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended early"));

    public static Reply ConnectionReset { get; } = Throws(new IOException("reset", new SocketException((int)SocketError.ConnectionReset)));

    /// <summary>Headers arrive, then the connection breaks within the body.</summary>
    public static Reply BodyCut(int status = 200) => _ => Task.FromResult(Response(status, new StreamContent(new BreakingStream()), []));

    /// <summary>The answer does not come before the attempt's time is over.</summary>
    public static Reply Hangs(FakeTimeProvider time) => async ct =>
    {
        time.Advance(CollapsedTime.RequestTimeout);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        throw new InvalidOperationException("An endless wait ended.");
    };

    private static Reply Body(string text, string mediaType, int status, params (string Name, string Value)[] headers) =>
        _ => Task.FromResult(Response(status, new StringContent(text, Encoding.UTF8, mediaType), headers));

    private static HttpResponseMessage Response(int status, HttpContent? content, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = content };
        foreach (var (name, value) in headers)
            Assert.True(response.Headers.TryAddWithoutValidation(name, value));
        return response;
    }

    private sealed class BreakingStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("The connection broke within the body");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
