using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Tests.Support;

/// <summary>A call that came in.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path.</param>
/// <param name="Body">Its body.</param>
/// <param name="Headers">Its headers.</param>
public sealed record ListenerCall(string Method, string Path, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>A real listener on loopback that keeps what it is called with.</summary>
public sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Listener(WebApplication app)
    {
        _app = app;
    }

    /// <summary>What it was called with, in order.</summary>
    public ConcurrentQueue<ListenerCall> Calls { get; } = new();

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Where it is.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts one.</summary>
    public static async Task<Listener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var listener = new Listener(builder.Build());
        listener._app.Run(listener.AnswerAsync);
        await listener._app.StartAsync();
        listener.Address = new Uri(listener._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return listener;
    }

    /// <summary>An address of it.</summary>
    public Uri At(string path) => new(Address, path);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        Calls.Enqueue(new ListenerCall(
            http.Request.Method, http.Request.Path, body, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        http.Response.StatusCode = Status;
        if (Status is StatusCodes.Status302Found)
        {
            http.Response.Headers.Location = "/elsewhere";
        }
    }
}
