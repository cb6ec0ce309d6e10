using System.Text.Json;
using DoSnapshot.DigitalOcean.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace DoSnapshot.DigitalOcean;

/// <summary>What the API answered.</summary>
/// <param name="Status">The HTTP status; null where no whole answer came.</param>
/// <param name="Said">What an answer that is no success says, or why there is none; for people, and free of tokens.</param>
/// <param name="Body">The JSON object of the answer; null where it has none.</param>
public sealed record ApiReply(int? Status, string Said, JsonElement? Body)
{
    /// <summary>Whether it was answered with what was asked for.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>403: the token lacks a scope.</summary>
    public bool IsForbidden => Status is 403;

    /// <summary>404 in the API's own words, and not some proxy's.</summary>
    public bool IsNotFound => Status is 404 && Body is not null;
}

/// <summary>What came of a <see cref="HarmlessCall"/>.</summary>
/// <param name="Sent">Whether it was sent; otherwise the look before it was not answered 404.</param>
/// <param name="Reply">The answer to it, or to that look.</param>
public sealed record TriedCall(bool Sent, ApiReply Reply);

/// <summary>
/// Asks the API how it answers: for whoever wants to know what is wrong and not to get something done. One attempt each, and every answer is a result.
/// </summary>
public sealed class ApiQuestions
{
    private readonly ApiConnection connection;

    /// <summary>Checks and copies the options.</summary>
    /// <param name="http">As <see cref="DigitalOceanClient"/> wants it.</param>
    /// <param name="options">Invalid ones are an <see cref="InvalidOperationException"/>.</param>
    /// <param name="time">For timeouts, and to compare the API's clock with.</param>
    public ApiQuestions(HttpClient http, DigitalOceanOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (http.Timeout != Timeout.InfiniteTimeSpan)
            http.Timeout = Timeout.InfiniteTimeSpan;
        connection = new ApiConnection(http, options, time, NullLogger.Instance, budget: null);
    }

    /// <summary>How far the API's clock is ahead of ours, by the last answer that told its time, in whole seconds; null before that.</summary>
    public TimeSpan? ClockOffset => connection.Clocks?.Offset;

    /// <summary>The token's quota as the last answer that spoke of it told; null before that.</summary>
    public RateLimit? LastRateLimit => connection.LastRateLimit;

    /// <summary>Reads.</summary>
    /// <param name="path">Path and query, from <c>/v2</c> on.</param>
    /// <param name="ct">Ends the attempt.</param>
    public async Task<ApiReply> GetAsync(string path, CancellationToken ct) => Reply(await connection.AskOnceAsync(HttpMethod.Get, path, null, ct));

    /// <summary>Sends a call that can have no effect, unless the look before it finds that it could have one, or does not find out.</summary>
    public async Task<TriedCall> TryAsync(HarmlessCall call, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        var look = await GetAsync(call.Thing, ct);
        return look.IsNotFound
            ? new TriedCall(Sent: true, Reply(await connection.AskOnceAsync(call.Method, call.Path, call.Body, ct)))
            : new TriedCall(Sent: false, look);
    }

    private ApiReply Reply(Answer answer) => answer switch
    {
        Answer.Received { IsSuccess: true } received => new ApiReply(received.Status, "", received.TryReadObject()),
        Answer.Received received => new ApiReply(
            received.Status, Redaction.Mask(ApiError.Read(received, connection.Secret).ToString(), connection.Secret), received.TryReadObject()),
        _ => new ApiReply(null, Redaction.Mask(((Answer.Missing)answer).Describe(), connection.Secret), null),
    };
}
