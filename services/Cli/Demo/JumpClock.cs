namespace DoSnapshot.Cli.Demo;

/// <summary>
/// A clock that stands still until it is moved, from timer to timer. Whoever moves it waits first until everything has come to rest, so
/// that simulated months pass in the time that the work takes, and a slow machine misses nothing.
/// </summary>
internal sealed class JumpClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<JumpTimer> _timers = [];
    private DateTimeOffset _now;

    public JumpClock(DateTimeOffset start)
    {
        _now = start;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new JumpTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves to the next timer, or to <paramref name="limit"/> if that is earlier, and runs the timers that are due then. Their callbacks
    /// have returned when this returns.
    /// </summary>
    public void JumpToNext(DateTimeOffset limit)
    {
        List<JumpTimer> due;
        lock (_gate)
        {
            var next = _timers.Count == 0 ? limit : _timers.Min(t => t.DueAt);
            _now = next < limit ? Max(next, _now) : limit;
            due = [.. _timers.Where(t => t.DueAt <= _now).OrderBy(t => t.DueAt)];
            foreach (var timer in due)
            {
                timer.Passed(_now);
                if (timer.DueAt == DateTimeOffset.MaxValue)
                {
                    _timers.Remove(timer);
                }
            }
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private void Set(JumpTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.Set(_now + dueTime, period);
                _timers.Add(timer);
            }
        }
    }

    private void Remove(JumpTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class JumpTimer(JumpClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset DueAt { get; private set; } = DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime, period);
            return true;
        }

        public void Set(DateTimeOffset dueAt, TimeSpan period) => (DueAt, _period) = (dueAt, period);

        public void Passed(DateTimeOffset now) => DueAt = _period > TimeSpan.Zero ? now + _period : DateTimeOffset.MaxValue;

        public void Fire() => callback(state);

        public void Dispose() => clock.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
