namespace DoSnapshot.Simulation.Tests.Core;

/// <summary>The clock of one machine, which may be somewhat wrong. What it was to wake does not wake after its machine is dead.</summary>
internal sealed class SimClock(Sim sim, TimeSpan offset, Func<bool>? isAlive = null) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How far it is ahead of the true time.</summary>
    public TimeSpan Offset { get; set; } = offset;

    public override DateTimeOffset GetUtcNow() => sim.Now + Offset;

    public override long GetTimestamp() => sim.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        sim.CheckThread();
        var timer = new SimTimer(sim, isAlive, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer(Sim sim, Func<bool>? isAlive, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period > TimeSpan.Zero)
            {
                throw new NotSupportedException("Nobody here wakes again and again.");
            }

            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                sim.After(dueTime, () =>
                {
                    if (setting == _setting && isAlive?.Invoke() != false)
                    {
                        callback(state);
                    }
                });
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
