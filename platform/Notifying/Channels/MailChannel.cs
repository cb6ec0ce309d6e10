using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace DoSnapshot.Notifying.Channels;

/// <summary>Where mail goes, and by whom.</summary>
/// <param name="Host">The mail server.</param>
/// <param name="Port">Its port.</param>
/// <param name="Security">How the connection is protected.</param>
/// <param name="User">As whom to sign in; null for nobody.</param>
/// <param name="Password">The user's password.</param>
/// <param name="From">The sender.</param>
/// <param name="To">To whom.</param>
public sealed record MailOptions(
    string Host, int Port, MailSecurity Security, string? User, string Password, MailboxAddress From, IReadOnlyList<MailboxAddress> To)
{
    /// <inheritdoc />
    public override string ToString() => $"mail by {Host}:{Port}";
}

/// <summary>Sends mail.</summary>
public sealed class MailChannel : INoticeChannel
{
    private readonly MailOptions options;
    private readonly bool checksRevocation;
    private readonly TimeSpan patience;

    /// <summary>Sends by this server.</summary>
    /// <param name="options">Where, and by whom.</param>
    /// <param name="checksRevocation">Whether it is asked whether the server's certificate was revoked.</param>
    /// <param name="patience">How long each of its answers may take; half a minute unless it is given.</param>
    public MailChannel(MailOptions options, bool checksRevocation = true, TimeSpan? patience = null)
    {
        this.patience = patience ?? TimeSpan.FromSeconds(30);
        this.options = options;
        this.checksRevocation = checksRevocation;
    }

    /// <inheritdoc />
    public string Name => $"mail {string.Join(",", options.To.Select(t => t.Address))}";

    /// <inheritdoc />
    public async Task TellAsync(IReadOnlyList<Notice> notices, DateTimeOffset now, CancellationToken ct)
    {
        using var message = new MimeMessage();
        message.From.Add(options.From);
        message.To.AddRange(options.To);
        message.Date = now;
        message.Subject = NoticeWords.Headline(notices);
        message.MessageId = $"{NoticeWords.IdOf(notices)}@do-snapshot";
        // So that no machine answers it.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = NoticeWords.Text(notices) };
        using var client = new Client { Timeout = (int)patience.TotalMilliseconds, CheckCertificateRevocation = checksRevocation };
        try
        {
            await client.ConnectAsync(options.Host, options.Port, Of(options.Security), ct);
            if (options.User is { } user)
            {
                await client.AuthenticateAsync(user, options.Password, ct);
            }

            await client.SendAsync(message, ct);
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new ChannelException(string.Create(CultureInfo.InvariantCulture, $"it has not answered in {patience.TotalSeconds:0.#} s"), e);
        }
        catch (Exception e) when (e is IOException or SocketException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException
            or ServiceNotConnectedException or ServiceNotAuthenticatedException or NotSupportedException)
        {
            throw new ChannelException(client.Refused.Count == options.To.Count ? $"it accepts none of the recipients: {client.Refused[0]}" : e is SslHandshakeException ? "its certificate is not trusted, or it does not speak TLS there" : FirstLine(e.Message), e);
        }
    }

    /// <summary>One recipient that is refused keeps nobody else from being told.</summary>
    private sealed class Client : SmtpClient
    {
        public List<string> Refused { get; } = [];

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            Refused.Add($"{mailbox.Address}, {FirstLine(response.Response)}");
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim().TrimEnd('.');

    private static SecureSocketOptions Of(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        // Never in the open, whatever the server offers.
        _ => SecureSocketOptions.StartTls,
    };
}
