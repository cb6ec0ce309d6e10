namespace DoSnapshot.Dashboard.Tests;

/// <summary>Goes on by itself, as what is waited for does, and can be put forward: what is old by then is so at once.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _ahead;

    /// <summary>So much more has gone by.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref _ahead);
}
