using System.Collections.Immutable;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Forecasting;

/// <summary>How a droplet's next snapshots will be made: as its last one was.</summary>
/// <param name="UntilCreated">From when one is asked for to the moment that its age counts from.</param>
/// <param name="UntilComplete">From when one is asked for to when it is complete; no shorter.</param>
/// <param name="SizeGigabytes">Its size in GB.</param>
/// <param name="Regions">Where it is made.</param>
internal sealed record ForecastMaking(TimeSpan UntilCreated, TimeSpan UntilComplete, decimal SizeGigabytes, ImmutableArray<string> Regions)
{
    /// <summary>One that took longer was in some trouble, and tells nothing of the next.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>As far as a droplet's snapshots tell.</summary>
    /// <param name="ledger">What the log knows about it.</param>
    /// <param name="usual">What is assumed where none tells.</param>
    public static ForecastMaking Of(DropletLedger ledger, TimeSpan usual)
    {
        // Also one that has ended meanwhile tells how long it took.
        var scheduled = ledger.Snapshots.Where(s => s is { Scheduled: true, CreatedAt: not null }).MaxBy(s => s.CreatedAt);
        var last = scheduled ?? ledger.Snapshots.Where(s => s is { IsComplete: true, CreatedAt: not null }).MaxBy(s => s.CreatedAt);
        var (created, done) = scheduled is null ? (TimeSpan.Zero, usual) : Times(scheduled, usual);
        return new ForecastMaking(created, done, last?.SizeGigabytes ?? 0, [.. last?.Regions ?? []]);
    }

    /// <summary>
    /// The log's state of a snapshot does not say when it was complete. A copy was asked for right then; where none was, it was when something happened to it last,
    /// unless that was a guard, or its end.
    /// </summary>
    private static (TimeSpan Created, TimeSpan Complete) Times(Snapshot s, TimeSpan usual)
    {
        var created = s.CreatedAt!.Value - s.RequestedAt;
        if (created < TimeSpan.Zero || created >= Longest)
        {
            return (TimeSpan.Zero, usual);
        }

        var complete = created;
        if (s.Transfers.Count > 0)
        {
            complete = s.Transfers.Values.Min(t => t.RequestedAt) - s.RequestedAt;
        }
        else if (s is { IsComplete: true, HeldBy: null })
        {
            complete = s.ChangedAt - s.RequestedAt;
        }

        return (created, complete > created && complete < Longest ? complete : created);
    }
}
