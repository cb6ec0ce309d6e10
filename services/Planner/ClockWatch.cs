using DoSnapshot.DigitalOcean;
using DoSnapshot.Lifecycle;
using DoSnapshot.Notifying;

namespace DoSnapshot.Planner;

/// <summary>
/// Whether this machine's clock may be gone by between two comparisons, each of which holds it against DigitalOcean's. A clock that jumps would make
/// everything due, or old enough to go, at once.
/// </summary>
public sealed class ClockWatch : IBelievedTime
{
    /// <summary>
    /// A clock that was right and has not jumped is right. That others, whose clocks are wrong, write events from the future is no reason to compare with
    /// every one of them.
    /// </summary>
    private static readonly TimeSpan BelievedFor = TimeSpan.FromMinutes(15);

    private readonly TimeProvider clock;
    private readonly TimeSpan allowed;
    private readonly Func<ClockComparison?> answered;
    private readonly Lock gate = new();

    private (DateTimeOffset Time, long Timestamp, DateTimeOffset Newest)? agreed;
    private ClockComparison? held;

    /// <summary>A watch of this clock.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="timings">How far clocks may differ.</param>
    /// <param name="answered">What DigitalOcean's last answer said of the time, to whatever it answered; null where nobody listens to that.</param>
    public ClockWatch(TimeProvider clock, LifecycleTimings timings, Func<ClockComparison?>? answered = null)
    {
        ArgumentNullException.ThrowIfNull(timings);
        this.clock = clock;
        this.answered = answered ?? (() => null);
        allowed = timings.ClockSkew;
    }

    /// <summary>What the clock shows, to be read before it is held against DigitalOcean's: one that jumps after that is then seen to have jumped.</summary>
    public ClockReading Read() => new(clock.GetUtcNow(), clock.GetTimestamp());

    /// <summary>The clock was held against DigitalOcean's, and is right.</summary>
    /// <param name="reading">What it showed before that.</param>
    /// <param name="newest">When the log's last event was, by whoever wrote it.</param>
    public void Agreed(ClockReading reading, DateTimeOffset newest)
    {
        ArgumentNullException.ThrowIfNull(reading);
        lock (gate)
        {
            agreed = (reading.Time, reading.Timestamp, newest);
            held = new ClockComparison(reading.Time, reading.Time, reading.Timestamp);
        }
    }

    /// <summary>The clock was held against DigitalOcean's, and is wrong.</summary>
    /// <param name="offset">How far DigitalOcean's is ahead of it.</param>
    public void Differs(TimeSpan offset)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            held = new ClockComparison(now + offset, now, clock.GetTimestamp());
        }
    }

    /// <summary>
    /// What time it is as far as can be told, UTC: DigitalOcean's where this machine's was found wrong, and where it has jumped what it showed before, with what
    /// has passed since. By it what is wrong is told, so that a wrong clock does not make everything late; decided is nothing by it.
    /// </summary>
    /// <remarks>
    /// Whatever DigitalOcean answered last counts, be it that no comparison was made yet. A machine that was asleep looks as if its clock had jumped ahead, until
    /// the next answer says that it is right.
    /// </remarks>
    public DateTimeOffset Believed
    {
        get
        {
            var told = answered();
            lock (gate)
            {
                var now = clock.GetUtcNow();
                if ((held is null || told?.Timestamp > held.Timestamp ? told : held) is not { } last)
                {
                    return now;
                }

                return now + Beyond(last.Offset) - Beyond(JumpSince(last.Ours, last.Timestamp, now));
            }
        }
    }

    /// <summary>Where the monotonic clock is, so that it can be said later when that was.</summary>
    public long Timestamp => clock.GetTimestamp();

    /// <summary>What has passed since then, which nobody can set.</summary>
    public TimeSpan ElapsedSince(long timestamp) => clock.GetElapsedTime(timestamp);

    /// <summary>When that was, UTC, by what is believed now: it may not have been known then.</summary>
    public DateTimeOffset MomentOf(long timestamp) => Believed - ElapsedSince(timestamp);

    /// <summary>Why the clock is in doubt until it is held against DigitalOcean's again; null when it is not.</summary>
    /// <param name="newest">When the log's last event was. One from the future that was there when the clock was last found right is of a clock that was wrong.</param>
    public string? Doubt(DateTimeOffset newest)
    {
        lock (gate)
        {
            if (agreed is not { } last)
            {
                return "it was not compared with DigitalOcean's yet";
            }

            var now = clock.GetUtcNow();
            var jump = JumpSince(last.Time, last.Timestamp, now);
            if (jump.Duration() > allowed)
            {
                return $"it has jumped {(jump > TimeSpan.Zero ? "ahead" : "back")} by {jump.Duration().TotalMinutes:0.#} min";
            }

            return newest > now + allowed && newest > last.Newest && clock.GetElapsedTime(last.Timestamp) > BelievedFor
                ? $"the log's last event is of {newest:yyyy-MM-dd'T'HH:mm:ss'Z'}, {(newest - now).TotalMinutes:0.#} min ahead of it"
                : null;
        }
    }

    /// <summary>Whether the clock has jumped, or was not compared yet.</summary>
    public bool HasJumped => Doubt(DateTimeOffset.MinValue) is not null;

    /// <summary>As much as clocks may differ is the clock's own affair.</summary>
    private TimeSpan Beyond(TimeSpan difference) => difference.Duration() > allowed ? difference : TimeSpan.Zero;

    private TimeSpan JumpSince(DateTimeOffset time, long timestamp, DateTimeOffset now) => now - time - clock.GetElapsedTime(timestamp);

    /// <summary>When the last event of what was read is of.</summary>
    public static DateTimeOffset NewestOf(IEnumerable<DropletLedger> fleet)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return fleet.SelectMany(l => l.Snapshots).Select(s => s.ChangedAt).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
    }
}

/// <summary>A look at this machine's clock.</summary>
/// <param name="Time">What it showed, UTC.</param>
/// <param name="Timestamp">When that was by the monotonic clock, which nobody can set.</param>
public sealed record ClockReading(DateTimeOffset Time, long Timestamp);
