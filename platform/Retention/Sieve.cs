namespace DoSnapshot.Retention;

/// <summary>Judges restore points by a retention policy. A pure function of its arguments.</summary>
public static class Sieve
{
    private const int None = -1;
    private const int RulesOnStack = 64;

    /// <summary>
    /// Says of each restore point whether it stays, and why. A point belongs to the first rule, oldest age first, whose age it has
    /// reached; one that no rule reaches is kept. In each rule's group, from the oldest slot to the newest, the first is kept, then each
    /// at least the interval after the last one kept; an interval of zero keeps none. Takes O(n log n) time for n points.
    /// </summary>
    /// <param name="points">
    /// The points of one droplet, in any order; left as they are. Points with the same id count once, as the one with the oldest slot,
    /// then the oldest creation.
    /// </param>
    /// <param name="policy">The rules to judge by.</param>
    /// <param name="now">The moment that ages are measured at. Cut to whole seconds.</param>
    /// <returns>One verdict for each id, oldest first: by slot, then creation, then id.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="points"/> or <paramref name="policy"/> is null.</exception>
    public static IReadOnlyList<Verdict> Judge(IReadOnlyList<RestorePoint> points, RetentionPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(policy);

        ReadOnlySpan<RestorePoint> ordered = OldestFirst(points);
        var rulings = new Ruling[ordered.Length];
        Sift(ordered, policy, now, rulings);

        var verdicts = new Verdict[ordered.Length];
        for (int index = 0; index < verdicts.Length; index++)
        {
            verdicts[index] = VerdictOn(ordered, index, rulings[index], policy);
        }

        return verdicts;
    }

    /// <summary>
    /// Rules on points that are in order and free of repeated ids; allocates nothing, unless for a policy of very many rules.
    /// </summary>
    internal static void Sift(ReadOnlySpan<RestorePoint> ordered, RetentionPolicy policy, DateTimeOffset now, Span<Ruling> rulings)
    {
        DateTimeOffset cutNow = Instant.Cut(now);
        int rules = policy.Rules.Length;
        Span<int> lastKeptByRule = rules <= RulesOnStack ? stackalloc int[rules] : new int[rules];
        lastKeptByRule.Fill(None);

        for (int index = 0; index < ordered.Length; index++)
        {
            int rule = policy.IndexOfRuleFor(cutNow - ordered[index].CreatedAt);
            if (rule == policy.Rules.Length)
            {
                rulings[index] = new Ruling(Keep: true, rule, None);
                continue;
            }

            ref int lastKept = ref lastKeptByRule[rule];
            bool keep = IsKept(ordered, index, lastKept, policy.Rules[rule]);
            rulings[index] = new Ruling(keep, rule, lastKept);
            if (keep)
            {
                lastKept = index;
            }
        }
    }

    private static bool IsKept(ReadOnlySpan<RestorePoint> ordered, int index, int lastKept, KeepRule rule) =>
        !rule.KeepsNone && (lastKept == None || ordered[index].Slot - ordered[lastKept].Slot >= rule.Interval.Duration);

    private static RestorePoint[] OldestFirst(IReadOnlyList<RestorePoint> points)
    {
        RestorePoint[] ordered = [.. points];
        Array.Sort(ordered, RestorePoint.CompareAge);

        var seen = new HashSet<long>(ordered.Length);
        int count = 0;
        foreach (RestorePoint point in ordered)
        {
            if (seen.Add(point.Id))
            {
                ordered[count++] = point;
            }
        }

        return ordered[..count];
    }

    private static Verdict VerdictOn(ReadOnlySpan<RestorePoint> ordered, int index, Ruling ruling, RetentionPolicy policy)
    {
        RestorePoint point = ordered[index];
        Reason reason = ruling switch
        {
            _ when ruling.Rule == policy.Rules.Length => new Reason.NotReached(policy.Rules.IsEmpty ? null : policy.Rules[^1].Age),
            { Keep: true, LastKept: None } => new Reason.FirstOfGroup(policy.Rules[ruling.Rule]),
            { Keep: false, LastKept: None } => new Reason.IntervalZero(policy.Rules[ruling.Rule]),
            _ => Spaced(ruling.Keep, policy.Rules[ruling.Rule], point, ordered[ruling.LastKept]),
        };
        bool ages = ruling.Keep && ruling.Rule > 0;
        return new Verdict(point, reason, ages ? Instant.After(point.CreatedAt, policy.Rules[ruling.Rule - 1].Age) : null);
    }

    private static Reason Spaced(bool keep, KeepRule rule, RestorePoint point, RestorePoint lastKept)
    {
        TimeSpan distance = point.Slot - lastKept.Slot;
        return keep ? new Reason.FarEnough(rule, lastKept, distance) : new Reason.TooClose(rule, lastKept, distance);
    }

    /// <summary>The outcome for one point, before it is put into words.</summary>
    /// <param name="Keep">Whether the point stays.</param>
    /// <param name="Rule">The index of its rule in the policy; the number of rules when none reaches it.</param>
    /// <param name="LastKept">The index of the point kept last in the group before it; -1 when there is none.</param>
    internal readonly record struct Ruling(bool Keep, int Rule, int LastKept);
}
