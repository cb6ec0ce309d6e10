using System.Security.Cryptography;
using System.Text;
using DoSnapshot.Retention;

namespace DoSnapshot.Lifecycle.Plans;

/// <summary>
/// The moments at which an anchored plan is due for one droplet: the plan's time of day, plus an offset that is always the same for the
/// droplet, plus any number of intervals. They do not depend on when anything ran, so nothing drifts.
/// </summary>
public readonly struct AnchoredSchedule
{
    private readonly Occurrences occurrences;
    private readonly TimeSpan every;

    /// <summary>The schedule of a plan for a droplet.</summary>
    public AnchoredSchedule(Plan plan, long dropletId)
    {
        ArgumentNullException.ThrowIfNull(plan);
        every = plan.Every.Duration;
        occurrences = new Occurrences(DateTimeOffset.UnixEpoch + plan.At.ToTimeSpan() + Offset(plan, dropletId), plan.Every);
    }

    /// <summary>The last occurrence that is not after <paramref name="now"/>.</summary>
    public DateTimeOffset Latest(DateTimeOffset now) => occurrences.Latest(now);

    /// <summary>The first occurrence after <paramref name="now"/>.</summary>
    public DateTimeOffset Next(DateTimeOffset now) => occurrences.Next(now);

    /// <summary>The occurrence nearest to <paramref name="time"/>: what a snapshot that was not made for one stands for.</summary>
    public DateTimeOffset Nearest(DateTimeOffset time) => occurrences.Nearest(time);

    /// <summary>How many occurrences lie strictly between two occurrences.</summary>
    public int Between(DateTimeOffset earlier, DateTimeOffset later) => (int)Math.Max(0, Math.Round((later - earlier) / every) - 1);

    /// <summary>The droplet's own place within the plan's spread, in whole seconds: stable, and even over many droplets.</summary>
    private static TimeSpan Offset(Plan plan, long dropletId)
    {
        var seconds = (ulong)plan.Spread.TotalSeconds;
        if (seconds == 0)
        {
            return TimeSpan.Zero;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{plan.Name}/{dropletId}"));
        return TimeSpan.FromSeconds(BitConverter.ToUInt64(hash) % seconds);
    }
}
