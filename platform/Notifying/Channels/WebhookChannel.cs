using System.Net.Http.Headers;

namespace DoSnapshot.Notifying.Channels;

/// <summary>Where a webhook is, and how it is called.</summary>
/// <param name="Address">The address, a secret.</param>
/// <param name="Format">The form.</param>
/// <param name="Secret">What calls are signed with; null where they are not.</param>
public sealed record WebhookOptions(Uri Address, WebhookFormat Format, IReadOnlyList<byte>? Secret)
{
    /// <inheritdoc />
    public override string ToString() => $"webhook {Address.Host}";
}

/// <summary>
/// Calls a webhook. Each call has an id that is the same when it is repeated, and, where there is a secret, a signature over its time and its body.
/// </summary>
public sealed class WebhookChannel : INoticeChannel, IDisposable
{
    /// <summary>The header with the call's id.</summary>
    public const string DeliveryHeader = "DoSnapshot-Delivery";

    /// <summary>The header with the signature: <c>t=SECONDS,v1=HEX</c>, HMAC-SHA256 over <c>SECONDS.BODY</c>.</summary>
    public const string SignatureHeader = "DoSnapshot-Signature";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly WebhookOptions options;
    private readonly HttpClient client;

    /// <summary>Calls this one.</summary>
    public WebhookChannel(WebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        // A redirection would carry it to somebody else.
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Patience };
    }

    /// <inheritdoc />
    public string Name => $"webhook {options.Address.Host}";

    /// <inheritdoc />
    public async Task TellAsync(IReadOnlyList<Notice> notices, DateTimeOffset now, CancellationToken ct)
    {
        var body = options.Format is WebhookFormat.Slack ? NoticeWords.Slack(notices) : NoticeWords.Json(notices, now);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Address)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("do-snapshot", null));
        request.Headers.Add(DeliveryHeader, NoticeWords.IdOf(notices));
        if (options.Secret is { } secret)
        {
            request.Headers.Add(SignatureHeader, Signature.Of([.. secret], body, now));
        }

        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!response.IsSuccessStatusCode)
            {
                throw new ChannelException($"it answered {(int)response.StatusCode}");
            }
        }
        catch (HttpRequestException e)
        {
            // Its own words may have the address in them.
            throw new ChannelException($"it cannot be reached: {e.HttpRequestError}", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ChannelException($"it has not answered in {Patience.TotalSeconds:0} s", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();
}
