using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DoSnapshot.LocalServers;

namespace DoSnapshot.Tests.Support;

/// <summary>
/// Speaks TLS in front of a server that does not, by a certificate of the test's own authority. What is not TLS does not get through: whoever works through it
/// encrypts.
/// </summary>
public sealed class TlsFront : IAsyncDisposable
{
    /// <summary>The length of PostgreSQL's question whether TLS is spoken, and its number, which stands in the place of a version.</summary>
    private const int QuestionLength = 8;
    private const int QuestionNumber = 80877103;
    private const int LongestWord = 4096;

    private readonly (string Host, int Port) server;
    private readonly bool asksFirst;
    private readonly X509Certificate2 certificate;
    private readonly TcpListener listener;
    private readonly Task accepting;
    private int encrypted;
    private int refused;

    private TlsFront((string Host, int Port) server, bool asksFirst, X509Certificate2 certificate)
    {
        (this.server, this.asksFirst, this.certificate) = (server, asksFirst, certificate);
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where it is, on the loopback address.</summary>
    public int Port { get; } = FreePort.Find();

    /// <summary>Over how many connections something was said, which was encrypted.</summary>
    public int Encrypted => Volatile.Read(ref encrypted);

    /// <summary>Over how many nothing was: who came spoke no TLS, or did not take the certificate.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>In front of PostgreSQL, whose clients ask in the open whether TLS is spoken.</summary>
    /// <param name="host">The server's host.</param>
    /// <param name="port">Its port.</param>
    /// <param name="certificate">With its private key.</param>
    public static TlsFront OfPostgres(string host, int port, X509Certificate2 certificate) => new((host, port), asksFirst: true, certificate);

    /// <summary>In front of a server whose clients begin with TLS, such as RabbitMQ's by <c>amqps</c>.</summary>
    /// <inheritdoc cref="OfPostgres" path="/param"/>
    public static TlsFront Of(string host, int port, X509Certificate2 certificate) => new((host, port), asksFirst: false, certificate);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The door was closed.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var from = client;
        using var to = new TcpClient();
        await using var tls = new SslStream(from.GetStream());
        try
        {
            if (asksFirst)
            {
                await AnswerAsync(from.GetStream());
            }

            await tls.AuthenticateAsServerAsync(certificate);
            // Clients of both speak first. A certificate may be looked at after all has been agreed on: who does not take it goes without a word.
            var word = new byte[LongestWord];
            var length = await tls.ReadAtLeastAsync(word, 1);
            Interlocked.Increment(ref encrypted);
            await to.ConnectAsync(server.Host, server.Port);
            await to.GetStream().WriteAsync(word.AsMemory(0, length));
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            Interlocked.Increment(ref refused);
            return;
        }

        try
        {
            await Task.WhenAny(tls.CopyToAsync(to.GetStream()), to.GetStream().CopyToAsync(tls)).Unwrap();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // One of the two is gone.
        }
    }

    private static async Task AnswerAsync(NetworkStream stream)
    {
        var question = new byte[QuestionLength];
        await stream.ReadExactlyAsync(question);
        if (BinaryPrimitives.ReadInt32BigEndian(question) != QuestionLength || BinaryPrimitives.ReadInt32BigEndian(question.AsSpan(sizeof(int))) != QuestionNumber)
        {
            throw new AuthenticationException("TLS was not asked for.");
        }

        await stream.WriteAsync("S"u8.ToArray());
    }
}
