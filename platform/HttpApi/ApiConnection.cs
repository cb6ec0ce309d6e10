using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Polly;
using Polly.Retry;

namespace DoSnapshot.HttpApi;

/// <summary>Calls the HTTP API. What may have been cut off is sent again: a question changes nothing, and a command has a key that makes it once only.</summary>
public sealed class ApiConnection : IDisposable
{
    /// <summary>A question's usual limit, with all that is repeated.</summary>
    public static readonly TimeSpan UsualLimit = TimeSpan.FromMinutes(1);

    /// <summary>That of one that reads the whole log.</summary>
    public static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(11);

    private const int MostRepeats = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly TimeProvider clock;
    private readonly HttpClient client;
    private readonly AuthenticationHeaderValue? authorization;
    private readonly ResiliencePipeline<HttpResponseMessage> repeating;

    /// <summary>Calls the API at an address.</summary>
    /// <param name="url">Where it is; ends with a slash.</param>
    /// <param name="token">The caller's token; null where none is wanted.</param>
    /// <param name="clock">Waits between two attempts.</param>
    /// <param name="handler">Sends, and is the caller's to dispose of; null for one of its own.</param>
    public ApiConnection(Uri url, string? token, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        this.clock = clock;
        client = new HttpClient(handler ?? Handler(url), disposeHandler: handler is null)
        {
            BaseAddress = url,
            // An audit reads the whole log; all else is done long before.
            Timeout = LongLimit,
        };
        authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        repeating = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = MostRepeats,
                ShouldHandle = failed => ValueTask.FromResult(IsWorthRepeating(failed)),
                DelayGenerator = failed => ValueTask.FromResult<TimeSpan?>(Wait(failed)),
            })
            .Build();
    }

    /// <summary>Sends to an API: a redirection would carry the question to somebody else, and a proxy has nothing to do with this machine's own addresses.</summary>
    /// <param name="url">Where the API is.</param>
    public static SocketsHttpHandler Handler(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !url.IsLoopback, UseCookies = false };
    }

    /// <summary>Asks.</summary>
    /// <param name="path">Path and query, relative to the API's address.</param>
    /// <param name="accept">The wanted form.</param>
    /// <param name="limit">How long it may take, with all that is repeated.</param>
    /// <param name="repeats">Whether what failed is sent again.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ApiCallException">There is no answer.</exception>
    public Task<ApiAnswer> GetAsync(string path, string accept, TimeSpan limit, bool repeats, CancellationToken ct) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), accept, limit, repeats, ct);

    /// <summary>Commands, once only.</summary>
    /// <param name="path">The path, relative to the API's address.</param>
    /// <param name="body">What, as JSON.</param>
    /// <param name="key">The command's own key, which every repeat has.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ApiCallException">There is no answer.</exception>
    public Task<ApiAnswer> PostAsync(string path, string body, string key, CancellationToken ct) => CommandAsync(HttpMethod.Post, path, body, key, ct);

    /// <summary>Commands that something be as the body says, once only.</summary>
    /// <param name="path">The path, relative to the API's address.</param>
    /// <param name="body">What, as JSON.</param>
    /// <param name="key">The command's own key, which every repeat has.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ApiCallException">There is no answer.</exception>
    public Task<ApiAnswer> PutAsync(string path, string body, string key, CancellationToken ct) => CommandAsync(HttpMethod.Put, path, body, key, ct);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static bool IsWorthRepeating(RetryPredicateArguments<HttpResponseMessage> failed) => failed.Outcome switch
    {
        { Result.StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => true,
        // The first attempt is still at work.
        { Result: { StatusCode: HttpStatusCode.Conflict, Headers.RetryAfter: not null } } => true,
        // Nothing listens there: worth another try only where something did a moment ago.
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } } => failed.AttemptNumber > 0,
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError } } => false,
        { Exception: HttpRequestException } => true,
        _ => false,
    };

    private static TimeSpan Wait(RetryDelayGeneratorArguments<HttpResponseMessage> failed)
    {
        var own = TimeSpan.FromSeconds(1 << failed.AttemptNumber);
        return failed.Outcome.Result?.Headers.RetryAfter?.Delta is { } asked ? asked < LongestWait ? asked : LongestWait : own;
    }

    private Task<ApiAnswer> CommandAsync(HttpMethod method, string path, string body, string key, CancellationToken ct) => SendAsync(
        () => new HttpRequestMessage(method, path)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            Headers = { { "Idempotency-Key", key } },
        },
        "application/json",
        UsualLimit,
        repeats: true,
        ct);

    /// <summary>Sends, and sends again.</summary>
    /// <param name="make">Makes the request, anew for each attempt.</param>
    /// <param name="accept">The wanted form.</param>
    /// <param name="limit">How long all attempts may take together.</param>
    /// <param name="repeats">Whether there may be several.</param>
    /// <param name="ct">Ends it.</param>
    private async Task<ApiAnswer> SendAsync(Func<HttpRequestMessage> make, string accept, TimeSpan limit, bool repeats, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        var attempts = 0;
        try
        {
            using var response = repeats
                ? await repeating.ExecuteAsync(async token => await SendOnceAsync(token), timed.Token)
                : await SendOnceAsync(timed.Token);
            return new ApiAnswer(
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType ?? "",
                await response.Content.ReadAsByteArrayAsync(timed.Token),
                response.Headers.TryGetValues("Audit-Holds", out var holds) ? holds.Contains("true", StringComparer.OrdinalIgnoreCase) : null);
        }
        catch (HttpRequestException e)
        {
            var never = attempts == 1
                && e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
            throw new ApiCallException(ApiCallFailure.Unreachable, e.GetBaseException().Message.TrimEnd('.'), limit, never, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ApiCallException(ApiCallFailure.Late, "", limit, neverArrived: false, e);
        }

        async Task<HttpResponseMessage> SendOnceAsync(CancellationToken token)
        {
            attempts++;
            using var request = make();
            request.Headers.Authorization = authorization;
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
            // Else the framework words its own refusals, such as of a token, as text.
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(ApiAnswer.Problem, 0.5));
            return await client.SendAsync(request, token);
        }
    }
}
