using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Services.Tests;

/// <summary>A wall clock that somebody sets, beside a monotonic one that nobody can.</summary>
internal sealed class JumpingClock() : FakeTimeProvider(World.Start)
{
    private TimeSpan _jumped;

    public void Jump(TimeSpan by) => _jumped += by;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _jumped;
}
