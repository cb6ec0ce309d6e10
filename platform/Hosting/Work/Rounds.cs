namespace DoSnapshot.Hosting.Work;

/// <summary>Runs something again and again with a pause in between, on a clock that may be a test's.</summary>
public sealed class Rounds
{
    private readonly TimeProvider clock;
    private readonly WorkGauge gauge;

    /// <summary>Rounds on this clock.</summary>
    public Rounds(TimeProvider clock, WorkGauge gauge)
    {
        this.clock = clock;
        this.gauge = gauge;
    }

    /// <summary>
    /// Runs <paramref name="round"/> now and then after each pause, until cancelled. A round is work from the tick of the clock on: the timer's
    /// callback itself counts it, so that a clock which jumps when nothing is busy cannot overtake it.
    /// </summary>
    /// <param name="round">One round; gives the pause until the next.</param>
    /// <param name="ct">Ends the rounds.</param>
    public async Task RunAsync(Func<CancellationToken, Task<TimeSpan>> round, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(round);
        gauge.Enter();
        var counted = true;
        try
        {
            while (!ct.IsCancellationRequested)
            {
                var pause = await round(ct);
                var tick = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var timer = clock.CreateTimer(
                    _ =>
                    {
                        gauge.Enter();
                        tick.TrySetResult();
                    },
                    null,
                    pause,
                    Timeout.InfiniteTimeSpan);
                gauge.Exit();
                counted = false;
                await tick.Task.WaitAsync(ct);
                counted = true;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end was asked for.
        }
        finally
        {
            if (counted)
            {
                gauge.Exit();
            }
        }
    }
}
