using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Cli.Tests;

/// <summary>A clock that stands still but for waits, which are over at once: the time is then as much later.</summary>
internal sealed class QuickTime : FakeTimeProvider
{
    /// <summary>A request's own limit, which must not pass: longer than any wait.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(9);

    public QuickTime(DateTimeOffset start)
        : base(start)
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime < RequestTimeout)
        {
            Advance(dueTime);
        }

        return timer;
    }
}
