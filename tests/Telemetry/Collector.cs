using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Telemetry.Tests;

/// <summary>A collector to which everything is exported by OTLP over HTTP, and which keeps it as it came.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = new();

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _received.Enqueue((signal, body.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
    }

    public string Address => _app.Urls.First();

    public static async Task<Collector> StartAsync(CancellationToken ct)
    {
        var collector = new Collector();
        await collector._app.StartAsync(ct);
        return collector;
    }

    /// <summary>How much of a signal has come: traces, metrics, logs.</summary>
    public int Count(string signal) => _received.Count(r => r.Signal == signal);

    /// <summary>Whether a text was exported. Text is UTF-8 in protobuf, as it is anywhere.</summary>
    public bool Has(string signal, string text) => Has(signal, Encoding.UTF8.GetBytes(text));

    public bool Has(string signal, byte[] bytes) => _received.Any(r => r.Signal == signal && r.Body.AsSpan().IndexOf(bytes) >= 0);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
