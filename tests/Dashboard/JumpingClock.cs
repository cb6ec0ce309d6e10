namespace DoSnapshot.Dashboard.Tests;

/// <summary>Goes on by itself, as what is waited for does, and can be put forward: what is old by then is so at once.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private readonly DateTimeOffset? _standsAt;
    private long _ahead;

    /// <summary>A clock.</summary>
    /// <param name="stands">Whether it goes on by being put forward alone; what is waited for by it comes all the same.</param>
    public JumpingClock(bool stands = false)
    {
        _standsAt = stands ? System.GetUtcNow() : null;
    }

    /// <summary>So much more has gone by.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => (_standsAt ?? System.GetUtcNow()).AddTicks(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() => (_standsAt is null ? System.GetElapsedTime(0).Ticks : 0) + Interlocked.Read(ref _ahead);
}
