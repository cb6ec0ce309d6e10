using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polly;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>Sends requests to the one host of the options, with the token, and brings back whole answers.</summary>
internal sealed class ApiConnection
{
    /// <summary>A page of 200 droplets has about a megabyte; an answer beyond this is a failure rather than a full memory.</summary>
    private const long LargestBody = 64 * 1024 * 1024;

    private static readonly string UserAgent = "DoSnapshotPlatform/" + Version();

    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly string baseUrl;
    private readonly AuthenticationHeaderValue authorization;
    private readonly ResiliencePipeline<HttpResponseMessage> repeatable;
    private readonly ResiliencePipeline<HttpResponseMessage> once;
    private volatile RateLimit? lastRateLimit;
    private volatile Offset? clockOffset;
    private volatile ApiTrouble? trouble;

    internal ApiConnection(HttpClient http, DigitalOceanOptions options, TimeProvider time, ILogger logger)
    {
        this.http = http;
        this.time = time;
        Secret = options.Token;
        baseUrl = options.ApiUrl.AbsoluteUri.TrimEnd('/');
        authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        repeatable = Attempts.Repeatable(options.RequestTimeout, time, logger);
        once = Attempts.Once(options.RequestTimeout, time);
    }

    /// <summary>The token, for masking it whatever its shape.</summary>
    internal string Secret { get; }

    internal RateLimit? LastRateLimit => lastRateLimit;

    internal ApiTrouble? Trouble => trouble;

    internal TimeSpan? ClockOffset => clockOffset?.Value;

    internal Task<Answer> GetAsync(string path, CancellationToken ct) => SendAsync(repeatable, HttpMethod.Get, path, null, ct);

    internal Task<Answer> DeleteAsync(string path, CancellationToken ct) => SendAsync(once, HttpMethod.Delete, path, null, ct);

    internal Task<Answer> PostAsync(string path, object body, CancellationToken ct) =>
        SendAsync(once, HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body), ct);

    private async Task<Answer> SendAsync(
        ResiliencePipeline<HttpResponseMessage> pipeline, HttpMethod method, string path, byte[]? body, CancellationToken ct)
    {
        var answer = await AttemptsAsync(pipeline, method, path, body, ct);
        trouble = answer switch
        {
            Answer.Received { Status: 401 } => Told("the token is refused (401)"),
            Answer.Received { IsTransient: true } received => Told($"status {received.Status}"),
            Answer.Missing missing => Told(Redaction.Mask(missing.Describe(), Secret)),
            _ => null,
        };
        return answer;

        ApiTrouble Told(string what) => new($"{method} {path}: {what}", time.GetUtcNow());
    }

    private async Task<Answer> AttemptsAsync(
        ResiliencePipeline<HttpResponseMessage> pipeline, HttpMethod method, string path, byte[]? body, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var context = ResilienceContextPool.Shared.Get($"{method} {path}", ct);
        try
        {
            using var response = await pipeline.ExecuteAsync(
                static async (attempt, call) => await call.Self.AttemptAsync(call.Method, call.Path, call.Body, attempt.CancellationToken),
                context,
                (Self: this, Method: method, Path: path, Body: body));
            return new Answer.Received(
                (int)response.StatusCode,
                await response.Content.ReadAsByteArrayAsync(CancellationToken.None),
                ServerFacts.ReadRequestId(response),
                Throttle.Hint(response, time));
        }
        catch (Exception exception) when (exception is OperationCanceledException || TransportFailure.Is(exception, ct))
        {
            // Whoever gave up wants no outcome, however the request ended.
            ct.ThrowIfCancellationRequested();
            return new Answer.Missing(!TransportFailure.IsBeforeSending(exception), exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(HttpMethod method, string path, byte[]? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(baseUrl + path));
        request.Headers.Authorization = authorization;
        request.Headers.Add("User-Agent", UserAgent);
        request.Headers.Add("Accept", "application/json");
        if (body is not null)
        {
            // With a content the handler never repeats a request on another connection by itself.
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        try
        {
            lastRateLimit = ServerFacts.ReadRateLimit(response) ?? lastRateLimit;
            clockOffset = response.Headers.Date is { } date ? new Offset(date - time.GetUtcNow()) : clockOffset;
            // The body belongs to the attempt: its timeout and its repetition cover a body that stalls or breaks off.
            await response.Content.LoadIntoBufferAsync(LargestBody, ct);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static string Version() =>
        typeof(ApiConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>() is { InformationalVersion: var version }
            ? version.Split('+')[0]
            : "0";

    /// <summary>A duration in a reference, so that it is read and written whole.</summary>
    private sealed record Offset(TimeSpan Value);
}
