namespace DoSnapshot.DigitalOcean.Tests.Support;

/// <summary>What the server does with one request.</summary>
internal delegate Task<HttpResponseMessage> Reply(CancellationToken ct);

internal sealed record SentRequest(string Method, Uri Url, string? Authorization, string? UserAgent, string? Body)
{
    public string PathAndQuery => Url.PathAndQuery;

    public override string ToString() => $"{Method} {PathAndQuery}";
}

/// <summary>Answers requests from a script, in order; the last reply is given again when the script is over.</summary>
internal sealed class ScriptedApi(params Reply[] script) : HttpMessageHandler
{
    public List<SentRequest> Sent { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent.Add(new SentRequest(
            request.Method.Method,
            request.RequestUri!,
            request.Headers.Authorization?.ToString(),
            request.Headers.UserAgent.ToString(),
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken)));
        var response = await script[Math.Min(Sent.Count, script.Length) - 1](cancellationToken);
        response.RequestMessage = request;
        return response;
    }
}
