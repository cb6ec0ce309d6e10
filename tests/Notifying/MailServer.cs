using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DoSnapshot.LocalServers;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace DoSnapshot.Notifying.Tests;

/// <summary>A real mail server on loopback that keeps what it is sent.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly Task _run;

    private MailServer(int port, Task run, CancellationTokenSource end, ConcurrentQueue<MimeMessage> messages)
    {
        Port = port;
        _run = run;
        _end = end;
        Messages = messages;
    }

    public int Port { get; }

    public ConcurrentQueue<MimeMessage> Messages { get; }

    /// <summary>Starts one.</summary>
    /// <param name="hasCertificate">Whether it offers TLS, by a certificate that nobody trusts.</param>
    /// <param name="refuses">The recipients whose address ends so are refused.</param>
    public static MailServer Start(bool hasCertificate = false, string? refuses = null)
    {
        var port = FreePort.Find();
        var options = new SmtpServerOptionsBuilder()
            .ServerName("mail.test")
            .Endpoint(endpoint =>
            {
                endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port));
                if (hasCertificate)
                {
                    endpoint.Certificate(Certificate());
                }
            })
            .Build();
        var store = new Store();
        var services = new ServiceProvider();
        services.Add(store);
        if (refuses is not null)
        {
            services.Add(new Refusing(refuses));
        }

        var end = new CancellationTokenSource();
        return new MailServer(port, new SmtpServer.SmtpServer(options, services).StartAsync(end.Token), end, store.Messages);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    /// <summary>One that nobody trusts.</summary>
    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }

    private sealed class Refusing(string end) : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
            Task.FromResult(!$"{to.User}@{to.Host}".EndsWith(end, StringComparison.Ordinal));
    }

    private sealed class Store : MessageStore
    {
        public ConcurrentQueue<MimeMessage> Messages { get; } = new();

        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var stream = new MemoryStream(buffer.ToArray());
            Messages.Enqueue(await MimeMessage.LoadAsync(stream, cancellationToken));
            return SmtpResponse.Ok;
        }
    }
}
