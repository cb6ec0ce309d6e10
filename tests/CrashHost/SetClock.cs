using System.Globalization;

namespace DoSnapshot.CrashHost.Tests;

/// <summary>The machine's clock as somebody sets it: off by what a file says at the moment. What is measured, timers and elapsed time, nobody can set.</summary>
internal sealed class SetClock(string file) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() =>
        base.GetUtcNow() + (TimeSpan.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var off) ? off : TimeSpan.Zero);
}
