namespace DoSnapshot.Cli.Tests;

/// <summary>A snapshot as the naive reading sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Age">Its age in hours.</param>
/// <param name="Regions">Where it is.</param>
internal sealed record NaiveSnapshot(long Id, int Age, IReadOnlyList<string> Regions);

/// <summary>A rule, in hours.</summary>
internal sealed record NaiveRule(int Interval, int Age)
{
    public string Text => $"{Interval}h:{Age}h";
}

/// <summary>
/// What do-snapshot.py's README says that becomes of a droplet's snapshots, written down anew and without care for speed; and the guards,
/// as the documentation of the command states them.
/// </summary>
internal static class NaivePass
{
    /// <summary>Whether a snapshot is due.</summary>
    public static bool IsDue(IReadOnlyList<NaiveSnapshot> own, int every) => own.Count == 0 || own.Min(s => s.Age) >= every;

    /// <summary>The snapshots that go.</summary>
    public static IReadOnlyList<long> Deleted(
        IReadOnlyList<NaiveSnapshot> own, IReadOnlyList<NaiveRule> rules, IReadOnlyList<string> wanted)
    {
        var oldestFirst = own.OrderByDescending(s => s.Age).ThenBy(s => s.Id).ToList();
        var remaining = oldestFirst.ToList();
        foreach (var snapshot in oldestFirst.Where(s => LetGo(s, oldestFirst, rules)))
        {
            var newer = remaining.Where(s => s.Age < snapshot.Age || (s.Age == snapshot.Age && s.Id > snapshot.Id)).ToList();
            var lastInRegion = wanted.Any(region => snapshot.Regions.Contains(region) && !newer.Exists(n => n.Regions.Contains(region)));
            if (newer.Count > 0 && !lastInRegion)
            {
                remaining.Remove(snapshot);
            }
        }

        return [.. oldestFirst.Except(remaining).Select(s => s.Id).Order()];
    }

    private static bool LetGo(NaiveSnapshot snapshot, List<NaiveSnapshot> oldestFirst, IReadOnlyList<NaiveRule> rules)
    {
        if (RuleOf(snapshot, rules) is not { } rule)
        {
            return false;
        }

        NaiveSnapshot? kept = null;
        foreach (var other in oldestFirst.Where(s => RuleOf(s, rules) == rule))
        {
            var goes = rule.Interval == 0 || (kept is not null && kept.Age - other.Age < rule.Interval);
            if (other == snapshot)
            {
                return goes;
            }

            kept = goes ? kept : other;
        }

        throw new InvalidOperationException("A snapshot is in its own rule's group.");
    }

    /// <summary>The rule of the greatest age that the snapshot has reached; of equal ones, the first given.</summary>
    private static NaiveRule? RuleOf(NaiveSnapshot snapshot, IReadOnlyList<NaiveRule> rules) =>
        rules.Where(r => snapshot.Age >= r.Age).MaxBy(r => r.Age);
}
