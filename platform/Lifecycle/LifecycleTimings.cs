namespace DoSnapshot.Lifecycle;

/// <summary>How long to wait for what. The defaults are for the real API; tests and the sandbox shorten them.</summary>
public sealed record LifecycleTimings
{
    /// <summary>From writing an intent to the last moment at which its request may be sent.</summary>
    public TimeSpan SendWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a request may be on its way; what was sent at the last moment is over after this.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long DigitalOcean may take to show the effect of a request whose answer was lost.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much DigitalOcean's clock may differ from ours.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a completed snapshot may be missing from the lists (observed: minutes) before it counts as failed.</summary>
    public TimeSpan ListingGrace { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a snapshot must be absent from the lists before its own address is asked whether it is gone.</summary>
    public TimeSpan AbsenceGrace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an action may answer 404 after it was accepted (observed for a short time).</summary>
    public TimeSpan ActionGrace { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A snapshot that takes longer is tried again, if its occurrence is still the latest; DigitalOcean needs 1 to 3 minutes for each GB in use.</summary>
    public TimeSpan SnapshotTimeout { get; init; } = TimeSpan.FromHours(48);

    /// <summary>A snapshot that a person asked for, and that could not even be started within this time, is given up.</summary>
    public TimeSpan ManualTimeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A transfer that takes longer is tried again.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a droplet may take to shut down for its snapshot, and to be off without the snapshot having begun.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A droplet that was shut down for its snapshot and does not run again after this long is an alarm.</summary>
    public TimeSpan PowerOnWithin { get; init; } = TimeSpan.FromHours(2);

    /// <summary>A decision to remove is not acted on when it is older than this.</summary>
    public TimeSpan ExpiryValidFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The wait before the second attempt; it doubles up to <see cref="RetryLongest"/>.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait between attempts.</summary>
    public TimeSpan RetryLongest { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The earliest that a moment of our log can have been by DigitalOcean's clock. Whoever stamped it may have been another process, whose clock differs
    /// in its own way: as long as ours differs by no more than is allowed, what is known of it only ever makes it earlier.
    /// </summary>
    /// <param name="stamped">The moment as it was stamped, UTC.</param>
    /// <param name="clockOffset">How far DigitalOcean's clock is ahead of this process's.</param>
    public DateTimeOffset Earliest(DateTimeOffset stamped, TimeSpan clockOffset) =>
        stamped - ClockSkew + (clockOffset < TimeSpan.Zero || clockOffset > ClockSkew ? clockOffset : TimeSpan.Zero);

    /// <summary>The latest that a moment of our log can have been by DigitalOcean's clock; see <see cref="Earliest"/>.</summary>
    /// <param name="stamped">The moment as it was stamped, UTC.</param>
    /// <param name="clockOffset">How far DigitalOcean's clock is ahead of this process's.</param>
    public DateTimeOffset Latest(DateTimeOffset stamped, TimeSpan clockOffset) =>
        stamped + ClockSkew + (clockOffset > TimeSpan.Zero || clockOffset < -ClockSkew ? clockOffset : TimeSpan.Zero);

    /// <summary>The wait before the attempt that follows <paramref name="attempts"/> earlier ones.</summary>
    public TimeSpan Backoff(int attempts)
    {
        var doublings = Math.Clamp(attempts - 1, 0, 20);
        var wait = RetryFirst * Math.Pow(2, doublings);
        return wait < RetryLongest ? wait : RetryLongest;
    }

    /// <summary>The wait before something is looked at again that has been in the way for this long: as long again, and no longer than any wait.</summary>
    public TimeSpan AsLongAgain(TimeSpan waited) => waited < RetryFirst ? RetryFirst : waited < RetryLongest ? waited : RetryLongest;

    /// <summary>
    /// From when on it can be seen whether an attempt with an unknown outcome happened: nobody sends it any more, what was on its way has
    /// arrived, and its effect shows. The clock of whoever sends may be behind by as much as is allowed, and that of whoever looks ahead by as much.
    /// </summary>
    public DateTimeOffset SettledAt(DateTimeOffset sendBefore) => sendBefore + (2 * ClockSkew) + RequestTimeout + Settling;
}
