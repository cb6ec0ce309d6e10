using DoSnapshot.Cli.Demo;

namespace DoSnapshot.LoadHost.Benchmarks;

/// <summary>A process's clock, which follows the shared time from timer to timer, every few real milliseconds.</summary>
internal static class FollowingClock
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(8);

    /// <summary>A clock that follows for as long as the process lives.</summary>
    /// <param name="time">The time of all.</param>
    /// <param name="process">This process's number.</param>
    public static TimeProvider Start(SharedTime time, int process)
    {
        var clock = new JumpClock(time.Now);
        _ = FollowAsync(clock, time, process);
        return clock;
    }

    /// <summary>On the thread pool, as all work: where that has no thread to spare, the process is seen to lag, and the time waits for it.</summary>
    private static async Task FollowAsync(JumpClock clock, SharedTime time, int process)
    {
        using var ticks = new PeriodicTimer(Every, TimeProvider.System);
        do
        {
            var now = time.Now;
            while (clock.GetUtcNow() < now)
            {
                clock.JumpToNext(now);
            }

            time.SayThere(process);
        }
        while (await ticks.WaitForNextTickAsync());
    }
}
