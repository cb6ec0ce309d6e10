using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Retention;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>Whether the brake would hold back what a plan does in its ordinary course, such as keeping the last twelve of hourly snapshots.</summary>
public static class BrakeForecast
{
    private const int MostSnapshots = 2_000;

    /// <summary>Follows one droplet of the plan from its first snapshot to when its oldest rule has been at work for long.</summary>
    /// <returns>The first removal within a day that is too much; null where there is none, or the plan has no brake.</returns>
    public static Removal? FirstHeld(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Brakes || plan.Every.Duration <= TimeSpan.Zero || plan.Keep.Rules is [])
        {
            return null;
        }

        var start = DateTimeOffset.UnixEpoch;
        var end = start + (2 * plan.Keep.Rules.Max(r => r.Age.Duration)) + TimeSpan.FromDays(30);
        var there = new List<RestorePoint>();
        var gone = new Queue<DateTimeOffset>();
        for (var (now, made) = (start, 0L); now <= end && made < MostSnapshots; now += plan.Every.Duration)
        {
            there.Add(new RestorePoint(++made, now));
            var going = Sieve.Deletions([.. there], plan.Keep, now).Where(v => v.Point.Id != made).Select(v => v.Point.Id).ToHashSet();
            while (gone.TryPeek(out var oldest) && oldest <= now - Braking.Window)
            {
                gone.Dequeue();
            }

            var removal = new Removal(gone.Count + going.Count, gone.Count + there.Count);
            if (removal.IsTooMuch(Braking.FreeOfDroplet))
            {
                return removal;
            }

            there.RemoveAll(p => going.Contains(p.Id));
            foreach (var _ in going)
            {
                gone.Enqueue(now);
            }
        }

        return null;
    }
}
