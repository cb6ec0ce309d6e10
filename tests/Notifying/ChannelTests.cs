using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DoSnapshot.Notifying.Channels;
using DoSnapshot.Tests.Support;
using Microsoft.AspNetCore.Http;
using MimeKit;

namespace DoSnapshot.Notifying.Tests;

/// <summary>What reaches real listeners, and what is said when it does not.</summary>
public sealed class ChannelTests
{
    private const string Secret = "T0/B1/topsecret";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_webhook_gets_each_notice_with_its_facts_and_a_signature()
    {
        await using var listener = await Listener.StartAsync();
        using var channel = new WebhookChannel(new WebhookOptions(listener.At("/hook"), WebhookFormat.Json, Encoding.UTF8.GetBytes("s3cret")));

        await channel.TellAsync([Sample.On("lost/7", "snapshot 'a-1' of droplet 'a' (7) was deleted", 7)], Sample.At, Ct);

        var call = Assert.Single(listener.Calls);
        Assert.Equal(("POST", "/hook", "application/json"), (call.Method, call.Path, call.Headers["Content-Type"]));
        Assert.Equal(Signature.Of(Encoding.UTF8.GetBytes("s3cret"), Encoding.UTF8.GetBytes(call.Body), Sample.At), call.Headers[WebhookChannel.SignatureHeader]);
        using var body = JsonDocument.Parse(call.Body);
        Assert.Equal("do-snapshot: alarm, lost, droplet 7", body.RootElement.GetProperty("headline").GetString());
        Assert.Equal(
            """{"id":"ID","state":"on","kind":"lost","severity":"warning","key":"lost/7","since":"2026-03-01T11:00:00Z","text":"snapshot 'a-1' of droplet 'a' (7) was deleted","dropletId":7}""",
            body.RootElement.GetProperty("notices")[0].GetRawText().Replace(NoticeWords.IdOf([Sample.On("lost/7")]), "ID", StringComparison.Ordinal));
    }

    /// <summary>Held against another implementation's figure.</summary>
    [Fact]
    public void A_signature_is_over_time_and_body() => Assert.Equal(
        "t=1772366400,v1=b417797e7d7b61c510208fca568d792c3d58cb9b0040792aba7f74bb2adfcbfe",
        Signature.Of(Encoding.UTF8.GetBytes("s3cret"), Encoding.UTF8.GetBytes("""{"a":1}"""), Sample.At));

    [Fact]
    public async Task Slack_gets_one_text_and_mentions_nobody()
    {
        await using var listener = await Listener.StartAsync();
        using var channel = new WebhookChannel(new WebhookOptions(listener.At("/services"), WebhookFormat.Slack, null));

        await channel.TellAsync([Sample.On(text: "droplet '<!everyone> & co'"), Sample.On("b") with { State = NoticeState.Over }], Sample.At, Ct);

        var call = Assert.Single(listener.Calls);
        Assert.False(call.Headers.ContainsKey(WebhookChannel.SignatureHeader));
        using var body = JsonDocument.Parse(call.Body);
        Assert.Equal(
            "*do-snapshot: 1 new, 1 over*\nalarm, lost: droplet '&lt;!everyone&gt; &amp; co' (since 2026-03-01T11:00:00Z)\nover: text (since 2026-03-01T11:00:00Z)",
            body.RootElement.GetProperty("text").GetString());
        Assert.Equal("text", Assert.Single(body.RootElement.EnumerateObject()).Name);
    }

    [Fact]
    public async Task Of_many_the_first_are_told_and_how_many_more_there_are()
    {
        await using var listener = await Listener.StartAsync();
        using var channel = new WebhookChannel(new WebhookOptions(listener.At("/hook"), WebhookFormat.Json, null));

        await channel.TellAsync([.. Enumerable.Range(0, 2000).Select(i => Sample.On($"k{i}"))], Sample.At, Ct);

        using var body = JsonDocument.Parse(Assert.Single(listener.Calls).Body);
        Assert.Equal((25, 1975, "do-snapshot: 2000 new"), (
            body.RootElement.GetProperty("notices").GetArrayLength(), body.RootElement.GetProperty("more").GetInt32(), body.RootElement.GetProperty("headline").GetString()));
    }

    [Fact]
    public async Task A_repeated_call_has_the_same_id_and_the_next_days_another()
    {
        await using var listener = await Listener.StartAsync();
        using var channel = new WebhookChannel(new WebhookOptions(listener.At("/hook"), WebhookFormat.Json, null));
        foreach (var notice in (Notice[])
        [
            Sample.On(), Sample.On(), Sample.On() with { State = NoticeState.StillOn, ToldBefore = Sample.At }, Sample.On() with { State = NoticeState.StillOn, ToldBefore = Sample.At.AddDays(1) },
        ])
        {
            await channel.TellAsync([notice], Sample.At, Ct);
        }

        var ids = listener.Calls.Select(c => c.Headers[WebhookChannel.DeliveryHeader]).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(3, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(StatusCodes.Status500InternalServerError, "it answered 500")]
    [InlineData(StatusCodes.Status403Forbidden, "it answered 403")]
    [InlineData(StatusCodes.Status302Found, "it answered 302")]
    public async Task A_webhook_that_refuses_is_told_without_its_address(int status, string expected)
    {
        await using var listener = await Listener.StartAsync();
        listener.Status = status;
        using var channel = new WebhookChannel(new WebhookOptions(listener.At(Secret), WebhookFormat.Slack, null));

        var e = await Assert.ThrowsAsync<ChannelException>(() => channel.TellAsync([Sample.On()], Sample.At, Ct));

        Assert.Equal(expected, e.Message);
        Assert.Single(listener.Calls);
        Assert.DoesNotContain("secret", channel.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_is_away_is_told_without_its_address()
    {
        var listener = await Listener.StartAsync();
        var address = listener.At(Secret);
        await listener.DisposeAsync();
        using var channel = new WebhookChannel(new WebhookOptions(address, WebhookFormat.Slack, null));

        var e = await Assert.ThrowsAsync<ChannelException>(() => channel.TellAsync([Sample.On()], Sample.At, Ct));

        Assert.Equal("it cannot be reached: ConnectionError", e.Message);
    }

    [Fact]
    public async Task Mail_arrives()
    {
        await using var server = MailServer.Start();
        await new MailChannel(To(server, MailSecurity.None)).TellAsync([Sample.On("a", "Tröpfchen 'a' ist weg", 7)], Sample.At, Ct);

        var message = Assert.Single(server.Messages);
        Assert.Equal(("do-snapshot: alarm, lost, droplet 7", Sample.At), (message.Subject, message.Date));
        Assert.Equal(["ops@example.com", "second@example.com"], message.To.Mailboxes.Select(m => m.Address));
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Equal("alarm, lost: Tröpfchen 'a' ist weg (since 2026-03-01T11:00:00Z)", message.TextBody?.Trim());
    }

    [Fact]
    public async Task A_mail_server_that_offers_no_TLS_gets_no_mail_in_the_open()
    {
        await using var server = MailServer.Start();
        await Assert.ThrowsAsync<ChannelException>(() => new MailChannel(To(server, MailSecurity.StartTls)).TellAsync([Sample.On()], Sample.At, Ct));
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task A_mail_server_whose_certificate_is_not_trusted_gets_no_mail()
    {
        await using var server = MailServer.Start(hasCertificate: true);
        var e = await Assert.ThrowsAsync<ChannelException>(() => new MailChannel(To(server, MailSecurity.StartTls), checksRevocation: false).TellAsync([Sample.On()], Sample.At, Ct));
        Assert.Equal("its certificate is not trusted, or it does not speak TLS there", e.Message);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task One_recipient_that_is_refused_keeps_the_other_from_nothing()
    {
        await using var server = MailServer.Start(refuses: "second@example.com");
        await new MailChannel(To(server, MailSecurity.None)).TellAsync([Sample.On()], Sample.At, Ct);
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task Where_every_recipient_is_refused_it_says_so()
    {
        await using var server = MailServer.Start(refuses: "example.com");
        var e = await Assert.ThrowsAsync<ChannelException>(() => new MailChannel(To(server, MailSecurity.None)).TellAsync([Sample.On()], Sample.At, Ct));
        Assert.StartsWith("it accepts none of the recipients: ops@example.com", e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task A_mail_server_that_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = To(null, MailSecurity.None) with { Port = ((IPEndPoint)silent.LocalEndpoint).Port };
        var e = await Assert.ThrowsAsync<ChannelException>(() => new MailChannel(options, patience: TimeSpan.FromMilliseconds(200)).TellAsync([Sample.On()], Sample.At, Ct));
        Assert.Equal("it has not answered in 0.2 s", e.Message);
    }

    [Fact]
    public async Task A_mail_server_that_is_away_is_told()
    {
        var server = MailServer.Start();
        await server.DisposeAsync();
        await Assert.ThrowsAsync<ChannelException>(() => new MailChannel(To(server, MailSecurity.None)).TellAsync([Sample.On()], Sample.At, Ct));
    }

    private static MailOptions To(MailServer? server, MailSecurity security) => new(
        "127.0.0.1", server?.Port ?? 0, security, null, "", MailboxAddress.Parse("do-snapshot@example.com"), [MailboxAddress.Parse("ops@example.com"), MailboxAddress.Parse("second@example.com")]);
}
