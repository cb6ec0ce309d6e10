using System.Net;
using System.Net.Http.Headers;

namespace DoSnapshot.Sandbox;

/// <summary>Takes an <see cref="HttpClient"/>'s requests to the account in this process, without a socket.</summary>
/// <param name="api">The account's HTTP side.</param>
public sealed class SandboxHandler(SandboxApi api) : HttpMessageHandler
{
    /// <summary>A handler for this account.</summary>
    public SandboxHandler(SandboxAccount account)
        : this(new SandboxApi(account))
    {
    }

    /// <summary>A client of this account that bears this token.</summary>
    /// <remarks>Its base address is the real one; nothing goes there.</remarks>
    public static HttpClient CreateClient(SandboxAccount account, string token = "sandbox")
    {
        var client = new HttpClient(new SandboxHandler(account)) { BaseAddress = new Uri("https://api.digitalocean.com/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        return Answer(request, body);
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        using var body = new MemoryStream();
        request.Content?.CopyTo(body, context: null, cancellationToken);
        return Answer(request, body.ToArray());
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, byte[] body)
    {
        var address = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        var headers = request.Headers.ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var answer = api.Handle(new SandboxRequest(request.Method.Method.ToUpperInvariant(), address, headers, body));

        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            Content = new ReadOnlyMemoryContent(answer.Body),
        };
        if (answer.SendsContentType || !answer.Body.IsEmpty)
            response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(answer.ContentType);
        foreach (var (name, value) in answer.Headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}
