using DoSnapshot.EventLog;

namespace DoSnapshot.Api;

/// <summary>Waits for the log to grow. However many wait, the log is asked once for all of them, and not at all while nobody waits.</summary>
internal sealed class LogHead
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly IEventLog log;
    private readonly TimeProvider clock;
    private readonly IHostApplicationLifetime lifetime;
    private readonly Lock gate = new();
    private Task<long> asking = Task.FromResult(0L);

    public LogHead(IEventLog log, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        (this.log, this.clock, this.lifetime) = (log, clock, lifetime);
    }

    /// <summary>
    /// Waits until something stands after a place in the log, or for so long; a process that ends keeps nobody waiting. A place beyond the end is one of
    /// another log, an older one that was restored for instance: whoever asks is told of it at once.
    /// </summary>
    public async Task WaitAsync(long after, TimeSpan patience, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var head = await log.HeadAsync(ct);
        while (head == after && clock.GetElapsedTime(began) < patience && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            head = await NextAsync().WaitAsync(ct);
        }
    }

    private Task<long> NextAsync()
    {
        lock (gate)
        {
            return asking.IsCompleted ? asking = AskAsync() : asking;
        }
    }

    private async Task<long> AskAsync()
    {
        await Task.Delay(Pause, clock, CancellationToken.None);
        return await log.HeadAsync(CancellationToken.None);
    }
}
