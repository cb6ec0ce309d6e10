using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace DoSnapshot.DigitalOcean.Wire;

/// <summary>How often a request is sent and how long an attempt may take.</summary>
internal static class Attempts
{
    internal const int Most = 4;

    /// <summary>A longer wait that the server asks for is left to the caller, who gets to know it.</summary>
    internal static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>For GET, which may be repeated: up to four attempts.</summary>
    internal static ResiliencePipeline<HttpResponseMessage> Repeatable(
        TimeSpan timeout, TimeProvider time, ILogger logger, Random random) =>
        Builder(time)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                Name = "attempts",
                MaxRetryAttempts = Most - 1,
                ShouldHandle = failed => ValueTask.FromResult(IsWorthRepeating(failed.Outcome, time, failed.Context.CancellationToken)),
                DelayGenerator = failed => ValueTask.FromResult<TimeSpan?>(Wait(failed, time, random)),
                OnRetry = failed =>
                {
                    Log.Repeating(
                        logger,
                        failed.Context.OperationKey ?? "a request",
                        failed.AttemptNumber + 1,
                        failed.Outcome.Result is { } response
                            ? $"status {(int)response.StatusCode}"
                            : failed.Outcome.Exception!.GetType().Name,
                        Math.Round(failed.RetryDelay.TotalSeconds, 1));
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = timeout })
            .Build();

    /// <summary>
    /// For POST and DELETE: one attempt, whatever comes of it. A second DELETE would be harmless to the API, but not to whoever decided in the
    /// meantime that the snapshot stays after all.
    /// </summary>
    internal static ResiliencePipeline<HttpResponseMessage> Once(TimeSpan timeout, TimeProvider time) =>
        Builder(time).AddTimeout(new TimeoutStrategyOptions { Timeout = timeout }).Build();

    private static ResiliencePipelineBuilder<HttpResponseMessage> Builder(TimeProvider time) => new() { TimeProvider = time };

    private static bool IsWorthRepeating(Outcome<HttpResponseMessage> outcome, TimeProvider time, CancellationToken caller) =>
        outcome switch
        {
            { Exception: { } exception } => TransportFailure.Is(exception, caller),
            { Result: { } response } => Answer.MayPass((int)response.StatusCode) && !(Throttle.Hint(response, time) > LongestWait),
            _ => false,
        };

    private static TimeSpan Wait(RetryDelayGeneratorArguments<HttpResponseMessage> failed, TimeProvider time, Random random) =>
        (failed.Outcome.Result is { } response ? Throttle.Hint(response, time) : null)
        ?? Throttle.BackOff(failed.AttemptNumber, failed.Outcome.Result?.StatusCode, random.NextDouble());
}
