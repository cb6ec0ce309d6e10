using Microsoft.Extensions.Time.Testing;

namespace DoSnapshot.Notifying.Tests;

/// <summary>A wall clock that somebody sets, beside a monotonic one that nobody can.</summary>
internal sealed class SetClock() : FakeTimeProvider(Sample.At)
{
    /// <summary>How far ahead of the right time it was set.</summary>
    public TimeSpan Set { get; set; }

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Set;
}
