using System.Net;
using System.Net.Http.Headers;

namespace DoSnapshot.Sandbox;

/// <summary>Takes an <see cref="HttpClient"/>'s requests to the account in this process, without a socket.</summary>
/// <param name="api">The account's HTTP side.</param>
public sealed class SandboxHandler(SandboxApi api) : HttpMessageHandler
{
    private readonly SandboxLine _line = new(api.Account, (request, fault) => Task.FromResult(api.Handle(request, fault)));

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
        return Received(request, await _line.SendAsync(Sent(request, body), cancellationToken));
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        using var body = new MemoryStream();
        request.Content?.CopyTo(body, context: null, cancellationToken);
        return Received(request, _line.SendAsync(Sent(request, body.ToArray()), cancellationToken).GetAwaiter().GetResult());
    }

    private static SandboxRequest Sent(HttpRequestMessage request, byte[] body)
    {
        var address = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        var headers = request.Headers.ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new SandboxRequest(request.Method.Method.ToUpperInvariant(), address, headers, body);
    }

    private static HttpResponseMessage Received(HttpRequestMessage request, SandboxResponse answer)
    {
        if (answer.Cut == SandboxCut.Whole)
        {
            // As the real handler tells a connection that the other side closed: whether anything was done there, nobody knows.
            const string Ended = "The response ended prematurely.";
            throw new HttpRequestException(HttpRequestError.ResponseEnded, Ended, new HttpIOException(HttpRequestError.ResponseEnded, Ended));
        }

        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            Content = answer.Cut == SandboxCut.InBody ? new SandboxBrokenContent(answer.Body) : new ReadOnlyMemoryContent(answer.Body),
        };
        if (answer.SendsContentType || !answer.Body.IsEmpty)
            response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(answer.ContentType);
        foreach (var (name, value) in answer.Headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}
