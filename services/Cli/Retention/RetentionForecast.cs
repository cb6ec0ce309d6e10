using DoSnapshot.Contracts;
using DoSnapshot.Retention;

namespace DoSnapshot.Cli.Retention;

/// <summary>What a policy would do to a snapshot.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Verdict">What the rules say, whatever holds it.</param>
/// <param name="HeldBy">The guard that would hold one that the rules let go; null when none would, and for one that they keep.</param>
internal sealed record ForecastVerdict(ListedSnapshot Snapshot, Verdict Verdict, Guard? HeldBy)
{
    /// <summary>Whether it would really be deleted.</summary>
    public bool Goes => !Verdict.Keep && HeldBy is null;
}

/// <summary>What a policy would do to a droplet's snapshots.</summary>
/// <param name="Droplet">What the droplet is called; null when that is not known.</param>
/// <param name="Verdicts">One for each id, oldest first.</param>
internal sealed record DropletForecast(string? Droplet, IReadOnlyList<ForecastVerdict> Verdicts);

/// <summary>What a policy would do to a list of snapshots, at one moment.</summary>
/// <param name="Policy">The rules.</param>
/// <param name="Now">The moment to judge at.</param>
/// <param name="Every">The interval of anchored timing; null is elapsed timing.</param>
/// <param name="Anchor">One occurrence of anchored timing; null takes for each droplet what its snapshots suggest.</param>
/// <param name="KeepAtLeast">The least number of a droplet's snapshots that a removal must leave.</param>
internal sealed record RetentionForecast(RetentionPolicy Policy, DateTimeOffset Now, Period? Every, DateTimeOffset? Anchor, int KeepAtLeast)
{
    /// <summary>Judges one droplet's snapshots.</summary>
    public DropletForecast Of(DropletSnapshots droplet)
    {
        var occurrences = OccurrencesOf(droplet);
        var points = droplet.Snapshots.Select(one => occurrences is { } schedule
            ? new RestorePoint(one.Id, one.CreatedAt, schedule.Nearest(one.CreatedAt))
            : new RestorePoint(one.Id, one.CreatedAt));
        var verdicts = Sieve.Judge([.. points], Policy, Now);
        var listed = new Dictionary<long, ListedSnapshot>();
        foreach (var one in droplet.Snapshots.OrderBy(one => one.CreatedAt))
        {
            // Where an id occurs twice, the sieve takes the oldest too.
            listed.TryAdd(one.Id, one);
        }

        var guarded = Guarded(verdicts).Select(one => new ForecastVerdict(listed[one.Verdict.Point.Id], one.Verdict, one.HeldBy));
        return new DropletForecast(droplet.Droplet, [.. guarded]);
    }

    private Occurrences? OccurrencesOf(DropletSnapshots droplet) => Every is not { } every
        ? null
        : Anchor is { } anchor
            ? new Occurrences(anchor, every)
            : Occurrences.Through(droplet.Snapshots.Select(one => one.CreatedAt), every);

    // As the planner does it (Guards, Expiring): oldest first, and what has gone no longer counts for those that remain.
    private IEnumerable<(Verdict Verdict, Guard? HeldBy)> Guarded(IReadOnlyList<Verdict> verdicts)
    {
        if (verdicts.Count == 0)
        {
            yield break;
        }

        var newest = verdicts.Select(verdict => verdict.Point).MaxBy(point => (point.CreatedAt, point.Id));
        var remaining = verdicts.Count;
        foreach (var verdict in verdicts)
        {
            Guard? heldBy = verdict.Keep ? null
                : verdict.Point.Id == newest.Id ? Guard.NewestComplete
                : remaining - 1 < KeepAtLeast ? Guard.KeepAtLeast
                : null;
            remaining -= verdict.Keep || heldBy is not null ? 0 : 1;
            yield return (verdict, heldBy);
        }
    }
}
