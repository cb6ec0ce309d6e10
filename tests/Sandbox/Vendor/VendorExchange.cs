using System.Text.Json;

namespace DoSnapshot.Sandbox.Tests;

/// <summary>A request that was made and what came back.</summary>
internal sealed record VendorExchange(string Method, string Path, int Status, IReadOnlyDictionary<string, string> Headers, JsonElement? Body)
{
    public override string ToString() => $"{Method} {Path} {Status}";
}

/// <summary>Notes every request and answer that goes by.</summary>
internal sealed class ExchangeRecorder(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public List<VendorExchange> Exchanges { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        Exchanges.Add(new VendorExchange(
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            (int)response.StatusCode,
            headers,
            bytes.Length == 0 ? null : JsonDocument.Parse(bytes).RootElement));
        return response;
    }
}
