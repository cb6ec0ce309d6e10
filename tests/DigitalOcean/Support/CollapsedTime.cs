using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.DigitalOcean.Tests.Support;

/// <summary>
/// A clock on which every wait between attempts is over at once, and recorded; only <see cref="RequestTimeout"/> has to be made to pass.
/// </summary>
internal sealed class CollapsedTime : FakeTimeProvider
{
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(5);

    public CollapsedTime()
        : base(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public List<TimeSpan> Waits { get; } = [];

    public Action? OnWait { get; set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime < RequestTimeout)
        {
            Waits.Add(dueTime);
            OnWait?.Invoke();
            Advance(dueTime);
        }

        return timer;
    }
}
