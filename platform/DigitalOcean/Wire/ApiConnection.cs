using System.Net;
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

    /// <summary>A read that has waited so long for its turn is tried all the same a few times more, and then given up.</summary>
    private static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(5);

    /// <summary>In real time, as the budget's database answers in it.</summary>
    private static readonly TimeSpan LongestAsking = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private static readonly string UserAgent = "DoSnapshotPlatform/" + Version();

    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly string baseUrl;
    private readonly AuthenticationHeaderValue authorization;
    private readonly IRequestBudget? budget;
    private readonly IRequestObserver? observer;
    private readonly ResiliencePipeline<HttpResponseMessage> repeatable;
    private readonly ResiliencePipeline<HttpResponseMessage> once;
    private volatile RateLimit? lastRateLimit;
    private volatile ClockComparison? clocks;
    private volatile ApiTrouble? trouble;

    internal ApiConnection(
        HttpClient http,
        DigitalOceanOptions options,
        TimeProvider time,
        ILogger logger,
        IRequestBudget? budget,
        Random? random = null,
        IRequestObserver? observer = null)
    {
        this.http = http;
        this.budget = budget;
        this.observer = observer;
        this.time = time;
        Secret = options.Token;
        baseUrl = options.ApiUrl.AbsoluteUri.TrimEnd('/');
        authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        repeatable = Attempts.Repeatable(options.RequestTimeout, time, logger, random ?? Random.Shared);
        once = Attempts.Once(options.RequestTimeout, time);
    }

    /// <summary>The token, for masking it whatever its shape.</summary>
    internal string Secret { get; }

    internal RateLimit? LastRateLimit => lastRateLimit;

    internal ApiTrouble? Trouble => trouble;

    internal ClockComparison? Clocks => clocks;

    /// <param name="path">From <c>/v2</c> on.</param>
    /// <param name="ct">Ends the attempts.</param>
    /// <param name="purpose">What it is for, where the path does not say.</param>
    internal Task<Answer> GetAsync(string path, CancellationToken ct, RequestPurpose? purpose = null) =>
        SendAsync(repeatable, HttpMethod.Get, path, null, ct, purpose);

    internal Task<Answer> DeleteAsync(string path, CancellationToken ct) => SendAsync(once, HttpMethod.Delete, path, null, ct);

    /// <param name="path">From <c>/v2</c> on.</param>
    /// <param name="body">What is sent, as JSON.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <param name="purpose">What it is for, where the path does not say.</param>
    internal Task<Answer> PostAsync(string path, object body, CancellationToken ct, RequestPurpose? purpose = null) =>
        SendAsync(once, HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body), ct, purpose);

    /// <summary>One attempt, whatever the method.</summary>
    internal Task<Answer> AskOnceAsync(HttpMethod method, string path, object? body, CancellationToken ct) =>
        SendAsync(once, method, path, body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body), ct);

    private async Task<Answer> SendAsync(
        ResiliencePipeline<HttpResponseMessage> pipeline, HttpMethod method, string path, byte[]? body, CancellationToken ct, RequestPurpose? purpose = null)
    {
        var place = new PlaceInLine(purpose ?? Purposes.Of(method, path));
        using var step = RequestTracing.Begin(method, path, place.Purpose);
        if (method == HttpMethod.Get)
        {
            await WaitInLineAsync(place, ct);
        }

        var answer = await AttemptsAsync(pipeline, method, path, body, place, ct);
        RequestTracing.End(step, answer, place.HeldBack);
        trouble = answer switch
        {
            // Held back here: it says nothing about the API.
            _ when place.HeldBack => trouble,
            Answer.Received { Status: 401 } => Told("the token is refused (401)"),
            Answer.Received { IsTransient: true } received => Told($"status {received.Status}"),
            Answer.Missing missing => Told(Redaction.Mask(missing.Describe(), Secret)),
            _ => null,
        };
        return answer;

        ApiTrouble Told(string what) => new($"{method} {path}: {what}", time.GetUtcNow());
    }

    private async Task<Answer> AttemptsAsync(
        ResiliencePipeline<HttpResponseMessage> pipeline, HttpMethod method, string path, byte[]? body, PlaceInLine place, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var context = ResilienceContextPool.Shared.Get($"{method} {path}", ct);
        try
        {
            using var response = await pipeline.ExecuteAsync(
                static async (attempt, call) => await call.Self.AttemptAsync(call.Method, call.Path, call.Body, call.Place, attempt.CancellationToken),
                context,
                (Self: this, Method: method, Path: path, Body: body, Place: place));
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

    /// <summary>
    /// A read waits for its turn before its time is measured. Whoever asks for a POST or a DELETE has a moment until which it may be sent, and
    /// decides anew after that: they do not wait, and are answered as by a 429.
    /// </summary>
    private async Task WaitInLineAsync(PlaceInLine place, CancellationToken ct)
    {
        if (budget is null)
        {
            return;
        }

        var began = time.GetTimestamp();
        while (await budget.TryTakeAsync(place.Purpose, ct) is { } wait)
        {
            if (time.GetElapsedTime(began) >= LongestQueue)
            {
                return;
            }

            // No timer measures less: by a clock that stands still until its timers are due, asking again at once would never end.
            await Task.Delay(wait > ShortestWait ? wait : ShortestWait, time, ct);
        }

        place.Paid = true;
    }

    /// <summary>The answer in the place of DigitalOcean's when the budget has no room; null when the request may be sent.</summary>
    private async ValueTask<HttpResponseMessage?> HoldBackAsync(PlaceInLine place, CancellationToken ct)
    {
        var paid = place.Paid;
        place.Paid = false;
        place.HeldBack = false;
        if (paid || budget is null || await AskAsync(place.Purpose, ct) is not { } wait)
        {
            return null;
        }

        place.HeldBack = true;
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests)
        {
            Content = new StringContent("""{"id":"held_back","message":"the requests that all processes of this token share are used up at the moment"}"""),
        };
        response.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
        return response;
    }

    /// <summary>Whoever must not be late does not wait for the budget's own answer for long either.</summary>
    private async Task<TimeSpan?> AskAsync(RequestPurpose purpose, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LongestAsking);
        try
        {
            return await budget!.TryTakeAsync(purpose, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return LongestAsking;
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(HttpMethod method, string path, byte[]? body, PlaceInLine place, CancellationToken ct)
    {
        if (await HoldBackAsync(place, ct) is { } heldBack)
        {
            Tell(null);
            return heldBack;
        }

        int? status = null;
        try
        {
            var response = await SendOnceAsync(method, path, body, ct);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            Tell(status);
        }

        void Tell(int? answered) => observer?.Attempted(new RequestAttempt(method.Method, Routes.Of(path), place.Purpose, answered, place.HeldBack));
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, string path, byte[]? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(baseUrl + path));
        request.Headers.Authorization = authorization;
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (body is not null)
        {
            // With a content the handler never repeats a request on another connection by itself.
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        try
        {
            TellBudget(response);
            clocks = response.Headers.Date is { } date ? new ClockComparison(date, time.GetUtcNow(), time.GetTimestamp()) : clocks;
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

    private void TellBudget(HttpResponseMessage response)
    {
        if (ServerFacts.ReadRateLimit(response) is { } told)
        {
            lastRateLimit = told;
            budget?.Tell(told);
        }

        if (response.StatusCode is HttpStatusCode.TooManyRequests)
        {
            budget?.Refuse(Throttle.Hint(response, time));
        }
    }

    private static string Version() =>
        typeof(ApiConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>() is { InformationalVersion: var version }
            ? version.Split('+')[0]
            : "0";

    /// <summary>How a request stands with the budget, through its attempts.</summary>
    private sealed class PlaceInLine(RequestPurpose purpose)
    {
        public RequestPurpose Purpose { get; } = purpose;

        /// <summary>Whether the next attempt has its request already.</summary>
        public bool Paid { get; set; }

        /// <summary>Whether the last attempt was not sent for want of a request.</summary>
        public bool HeldBack { get; set; }
    }
}
