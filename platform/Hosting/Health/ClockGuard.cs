using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Health;

/// <summary>
/// Keeps a process from working while its machine's clock is not DigitalOcean's: by a clock that is ahead everything at work has lasted too long, and by one
/// that is behind a request may be sent when nobody reckons with it any more.
/// </summary>
public sealed class ClockGuard : IHealthCheck, IDisposable
{
    /// <summary>Whether a wrong clock was set right is asked no more often.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMinutes(1);

    private readonly IDigitalOcean api;
    private readonly LifecycleTimings timings;
    private readonly TimeProvider clock;
    private readonly ILogger<ClockGuard> logger;
    private readonly SemaphoreSlim turn = new(1);
    private long? askedAt;
    private volatile bool isWrong;

    /// <summary>Judges by what DigitalOcean's answers say.</summary>
    public ClockGuard(IDigitalOcean api, LifecycleTimings timings, TimeProvider clock, ILogger<ClockGuard> logger)
    {
        this.api = api;
        this.timings = timings;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>Whether the clock is right, as far as DigitalOcean's answers tell. Where it was wrong, DigitalOcean is asked once more.</summary>
    public async ValueTask<bool> IsRightAsync(CancellationToken ct)
    {
        if (Offset is null && !isWrong)
        {
            return true;
        }

        await turn.WaitAsync(ct);
        try
        {
            if (isWrong && (askedAt is not { } asked || clock.GetElapsedTime(asked) >= AskEvery))
            {
                // What is known is of the last answer, and nobody else asks while nothing is done.
                askedAt = clock.GetTimestamp();
                await api.GetAccountAsync(ct);
            }

            Note(Offset);
            return !isWrong;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Offset is { } offset ? HealthCheckResult.Unhealthy(Words(offset)) : HealthCheckResult.Healthy());

    /// <inheritdoc />
    public void Dispose() => turn.Dispose();

    /// <summary>How wrong it is; null when it is right, or nothing is known.</summary>
    private TimeSpan? Offset => api.ClockOffset is { } offset && offset.Duration() > timings.ClockSkew ? offset : null;

    private void Note(TimeSpan? offset)
    {
        var was = isWrong;
        isWrong = offset is not null;
        if (offset is { } by && !was)
        {
            logger.ClockIsWrong(Words(by));
        }
        else if (was && !isWrong)
        {
            logger.ClockIsRight();
        }
    }

    private static string Words(TimeSpan offset) =>
        $"this machine's clock is {offset.Duration().TotalMinutes:0.#} min {(offset > TimeSpan.Zero ? "behind" : "ahead of")} DigitalOcean's: nothing is done until it is set right";
}
