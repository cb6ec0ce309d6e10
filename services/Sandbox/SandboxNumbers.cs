namespace DoSnapshot.Sandbox;

/// <summary>Numbers that look random and are the same every time.</summary>
internal static class SandboxNumbers
{
    /// <summary>A thoroughly mixed form of a number (the finaliser of SplitMix64): a stable order that is no order.</summary>
    public static ulong Mix(long value)
    {
        var z = unchecked((ulong)value + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }

    /// <summary>A UUID that belongs to a number.</summary>
    public static string Uuid(long value) => new Guid($"{Mix(value):x16}{Mix(-value):x16}").ToString();

    /// <summary>A factor from 1 - spread to 1 + spread that belongs to a number.</summary>
    public static double Around(long id, double spread) => 1 - spread + (2 * spread * (Mix(id) >> 11) / (1UL << 53));

    /// <summary>The next number after one that was given out; gaps are uneven, for others create things too.</summary>
    public static long After(long id) => id + 1 + (long)(Mix(id) % 89);

    /// <summary>A time as the API tells it: to the second, UTC.</summary>
    public static DateTimeOffset ToSecond(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond));
    }
}
