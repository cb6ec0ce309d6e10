using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DoSnapshot.Cli.Arguments;
using Polly;
using Polly.Retry;

namespace DoSnapshot.Cli.ByApi;

/// <summary>Calls the HTTP API. What may have been cut off is sent again: a question changes nothing, and a command has a key that makes it once only.</summary>
internal sealed class ApiCaller : IDisposable
{
    private const int MostRepeats = 3;

    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(11);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ApiPlace place;
    private readonly TimeProvider clock;
    private readonly HttpClient client;
    private readonly ResiliencePipeline<HttpResponseMessage> repeating;

    /// <summary>Calls the API of a place.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="clock">Waits between two attempts.</param>
    public ApiCaller(ApiPlace place, TimeProvider clock)
    {
        (this.place, this.clock) = (place, clock);
        // A redirection would carry the question to somebody else; a proxy has nothing to do with this machine's own addresses.
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !place.Url.IsLoopback, UseCookies = false })
        {
            BaseAddress = place.Url,
            // An audit reads the whole log; all else is done long before.
            Timeout = Long,
        };
        client.DefaultRequestHeaders.Authorization = place.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
        repeating = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = MostRepeats,
                ShouldHandle = failed => ValueTask.FromResult(IsWorthRepeating(failed)),
                DelayGenerator = failed => ValueTask.FromResult<TimeSpan?>(Wait(failed)),
            })
            .Build();
    }

    /// <summary>Asks.</summary>
    /// <param name="path">Path and query, relative to the API's address.</param>
    /// <param name="accept">The wanted form.</param>
    /// <param name="isLong">Whether the answer may take minutes.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ApiException">The API cannot be reached.</exception>
    public Task<ApiAnswer> GetAsync(string path, string accept, bool isLong, CancellationToken ct) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), accept, isLong ? Long : Usual, "", ct);

    /// <summary>Commands, once only.</summary>
    /// <param name="path">The path, relative to the API's address.</param>
    /// <param name="body">What, as JSON.</param>
    /// <param name="key">The command's own key, which every repeat has.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ApiException">The API cannot be reached.</exception>
    public Task<ApiAnswer> PostAsync(string path, string body, string key, CancellationToken ct) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            Headers = { { "Idempotency-Key", key } },
        },
        "application/json",
        Usual,
        $". Whether it was done all the same, '{Usage.Program} history' says",
        ct);

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

    /// <summary>Sends, and sends again.</summary>
    /// <param name="make">Makes the request, anew for each attempt.</param>
    /// <param name="accept">The wanted form.</param>
    /// <param name="limit">How long all attempts may take together.</param>
    /// <param name="doubt">What there is to say besides where a request may have arrived, and its answer did not.</param>
    /// <param name="ct">Ends it.</param>
    private async Task<ApiAnswer> SendAsync(Func<HttpRequestMessage> make, string accept, TimeSpan limit, string doubt, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        var attempts = 0;
        try
        {
            using var response = await repeating.ExecuteAsync(
                async token =>
                {
                    attempts++;
                    using var request = make();
                    request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
                    // Else the framework words its own refusals, such as of a token, as text.
                    request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(ApiAnswer.Problem, 0.5));
                    return await client.SendAsync(request, token);
                },
                timed.Token);
            return new ApiAnswer(
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType ?? "",
                Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(timed.Token)),
                response.Headers.TryGetValues("Audit-Holds", out var holds) ? holds.Contains("true", StringComparer.OrdinalIgnoreCase) : null);
        }
        catch (HttpRequestException e)
        {
            var never = attempts == 1
                && e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
            throw new ApiException(
                $"the API at {place} cannot be reached: {e.GetBaseException().Message.TrimEnd('.')}: look whether it runs, and whether {ApiPlace.Option} or {ApiPlace.Variable} has its address"
                + (never ? "" : doubt));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ApiException(string.Create(CultureInfo.InvariantCulture, $"the API at {place} has not answered in {limit.TotalSeconds:0} s: its own log may say why{doubt}"));
        }
    }
}
