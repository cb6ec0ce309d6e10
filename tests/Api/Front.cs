using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Api.Tests;

/// <summary>What becomes of a request on its way.</summary>
public enum Mishap
{
    /// <summary>It never arrives, and the connection is cut.</summary>
    RequestCut,

    /// <summary>It arrives, and the connection is cut before the answer.</summary>
    AnswerCut,

    /// <summary>It is answered 503 by what stands before the API.</summary>
    Unavailable,

    /// <summary>A web page is what answers.</summary>
    WebPage,
}

/// <summary>What stands before an API: hands requests on, but for the mishaps that its first ones meet.</summary>
internal sealed class Front : IAsyncDisposable
{
    private readonly ConcurrentQueue<Mishap> _mishaps;
    private readonly HttpClient _behind;
    private readonly WebApplication _app;

    private Front(Uri behind, IEnumerable<Mishap> mishaps)
    {
        _mishaps = new ConcurrentQueue<Mishap>(mishaps);
        _behind = new HttpClient { BaseAddress = behind };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public string Address => _app.Urls.Single();

    /// <summary>The key of each request that came.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    public static async Task<Front> StartAsync(Uri behind, IEnumerable<Mishap> mishaps, CancellationToken ct)
    {
        var front = new Front(behind, mishaps);
        await front._app.StartAsync(ct);
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        _behind.Dispose();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        Keys.Enqueue(http.Request.Headers["Idempotency-Key"].ToString());
        var mishap = _mishaps.TryDequeue(out var next) ? next : (Mishap?)null;
        switch (mishap)
        {
            case Mishap.RequestCut:
                http.Abort();
                return;
            case Mishap.Unavailable:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case Mishap.WebPage:
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync("<html><body>Welcome</body></html>", http.RequestAborted);
                return;
            default:
                break;
        }

        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), $"{http.Request.Path}{http.Request.QueryString}");
        request.Content = http.Request.ContentLength > 0 ? new StreamContent(http.Request.Body) : null;
        foreach (var header in http.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
            }
        }

        request.Headers.Host = null;
        using var response = await _behind.SendAsync(request, http.RequestAborted);
        if (mishap is Mishap.AnswerCut)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = (int)response.StatusCode;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
