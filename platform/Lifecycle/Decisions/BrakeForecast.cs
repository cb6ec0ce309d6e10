using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Retention;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>Whether the brake would hold back what a plan does in its ordinary course, such as keeping the last twelve of hourly snapshots.</summary>
public static class BrakeForecast
{
    private const int MostSnapshots = 2_000;

    /// <summary>Follows one droplet of the plan from its first snapshot to when its oldest rule has been at work for long.</summary>
    /// <returns>
    /// The first removal within a day that is too much, and of how many droplets that do the same; null where there is none, or the plan has no brake.
    /// </returns>
    public static (Removal Removal, int Droplets)? FirstHeld(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Brakes || plan.Every.Duration <= TimeSpan.Zero || plan.Keep.Rules is [])
        {
            return null;
        }

        (Removal Removal, int Droplets)? first = null;
        foreach (var removal in Course(plan).Where(r => r.IsTooMuch(free: 0)))
        {
            var droplets = removal.IsTooMuch(Braking.FreeOfDroplet) ? 1 : (Braking.FreeOfPlan / (removal.Gone + removal.Going)) + 1;
            if (first is null || droplets < first.Value.Droplets)
            {
                first = (removal, droplets);
            }
        }

        return first;
    }

    /// <summary>The same in words; null where the plan's course is not held.</summary>
    public static string? Describe(Plan plan) => FirstHeld(plan) is not var (removal, droplets)
        ? null
        : $"in its ordinary course the plan lets {removal.Gone + removal.Going} of {removal.Gone + removal.Going + removal.Staying} snapshots of a droplet go within a day, "
            + $"which {(droplets == 1 ? "" : $"with {droplets} droplets or more ")}the brake holds for an operator: keep more of them, or turn the brake off";

    /// <summary>What goes of one droplet, each time that a snapshot is made.</summary>
    private static IEnumerable<Removal> Course(Plan plan)
    {
        var start = DateTimeOffset.UnixEpoch;
        var end = start + (2 * plan.Keep.Rules.Max(r => r.Age.Duration)) + TimeSpan.FromDays(30);
        var there = new List<RestorePoint>();
        var gone = new Queue<DateTimeOffset>();
        for (var (now, made) = (start, 0L); now <= end && made < MostSnapshots; now += plan.Every.Duration)
        {
            // The next is still being made when those come of age that were made at its hour, and the newest that is complete is held by its own guard.
            var going = Sieve.Deletions([.. there], plan.Keep, now).Select(v => v.Point.Id).Where(id => id != made).ToHashSet();
            // What went just as long ago may be some minutes late, and count.
            while (gone.TryPeek(out var oldest) && oldest < now - Braking.Window)
            {
                gone.Dequeue();
            }

            yield return new Removal(gone.Count, going.Count, there.Count - going.Count);
            there.RemoveAll(p => going.Contains(p.Id));
            foreach (var _ in going)
            {
                gone.Enqueue(now);
            }

            there.Add(new RestorePoint(++made, now));
        }
    }
}
