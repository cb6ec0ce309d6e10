namespace DoSnapshot.Planner;

/// <summary>
/// This machine's clock differs from DigitalOcean's. By a wrong clock every age is wrong, so nothing is compared or decided until it is set right.
/// </summary>
public sealed class ClockSkewException : Exception
{
    private ClockSkewException(TimeSpan offset, string message)
        : base(message)
    {
        Offset = offset;
    }

    /// <summary>How far DigitalOcean's clock is ahead of ours.</summary>
    public TimeSpan Offset { get; }

    /// <summary>Throws when the clocks differ by more than is allowed.</summary>
    /// <param name="offset">How far DigitalOcean's clock is ahead of ours; null when it did not say.</param>
    /// <param name="allowed">How much they may differ.</param>
    public static void ThrowIf(TimeSpan? offset, TimeSpan allowed)
    {
        if (offset is { } differs && differs.Duration() > allowed)
        {
            throw new ClockSkewException(
                differs,
                $"This machine's clock is {differs.Duration().TotalMinutes:0.#} min {(differs > TimeSpan.Zero ? "behind" : "ahead of")} DigitalOcean's: nothing is decided until it is set right (Lifecycle:ClockSkew allows {allowed.TotalMinutes:0.#} min).");
        }
    }
}
