using System.Buffers;

namespace DoSnapshot.Retention;

/// <summary>Judges restore points by a retention policy. A pure function of its arguments.</summary>
public static class Sieve
{
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
        return Verdicts(points, policy, now, keptToo: true);
    }

    /// <summary>
    /// The verdicts of <see cref="Judge"/> that delete, and no others: what a planner asks of every droplet again and again. Costs no
    /// memory for points that stay, which as a rule are all.
    /// </summary>
    /// <param name="points">The points of one droplet, as for <see cref="Judge"/>.</param>
    /// <param name="policy">The rules to judge by.</param>
    /// <param name="now">The moment that ages are measured at. Cut to whole seconds.</param>
    /// <returns>One verdict for each id that goes, oldest first.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="points"/> or <paramref name="policy"/> is null.</exception>
    public static IReadOnlyList<Verdict> Deletions(IReadOnlyList<RestorePoint> points, RetentionPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(policy);
        return Verdicts(points, policy, now, keptToo: false);
    }

    /// <summary>
    /// Judges as <see cref="Judge"/> does, in memory of the caller's: allocates nothing, unless for a policy of more than 64 rules.
    /// </summary>
    /// <param name="points">The points of one droplet, in any order. Set in order, oldest first, those that count at the front.</param>
    /// <param name="policy">The rules to judge by.</param>
    /// <param name="now">The moment that ages are measured at. Cut to whole seconds.</param>
    /// <param name="rulings">Takes the outcome for each point that counts, in their order; at least as long as the points.</param>
    /// <returns>How many points count: one for each id.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="policy"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="rulings"/> is shorter than the points.</exception>
    public static int Sift(Span<RestorePoint> points, RetentionPolicy policy, DateTimeOffset now, Span<Ruling> rulings)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (rulings.Length < points.Length)
        {
            throw new ArgumentException($"There is room for {rulings.Length} rulings on {points.Length} points.", nameof(rulings));
        }

        int count = OldestFirst(points);
        Rule(points[..count], policy, now, rulings);
        return count;
    }

    private static IReadOnlyList<Verdict> Verdicts(
        IReadOnlyList<RestorePoint> points, RetentionPolicy policy, DateTimeOffset now, bool keptToo)
    {
        RestorePoint[] ordered = ArrayPool<RestorePoint>.Shared.Rent(points.Count);
        Ruling[] rulings = ArrayPool<Ruling>.Shared.Rent(points.Count);
        try
        {
            for (int index = 0; index < points.Count; index++)
            {
                ordered[index] = points[index];
            }

            int count = Sift(ordered.AsSpan(0, points.Count), policy, now, rulings);
            return Verdicts(ordered.AsSpan(0, count), rulings.AsSpan(0, count), policy, keptToo);
        }
        finally
        {
            ArrayPool<RestorePoint>.Shared.Return(ordered);
            ArrayPool<Ruling>.Shared.Return(rulings);
        }
    }

    private static Verdict[] Verdicts(
        ReadOnlySpan<RestorePoint> ordered, ReadOnlySpan<Ruling> rulings, RetentionPolicy policy, bool keptToo)
    {
        int count = ordered.Length;
        if (!keptToo)
        {
            foreach (Ruling ruling in rulings)
            {
                count -= ruling.Keep ? 1 : 0;
            }
        }

        Verdict[] verdicts = count == 0 ? [] : new Verdict[count];
        int next = 0;
        for (int index = 0; index < ordered.Length; index++)
        {
            if (keptToo || !rulings[index].Keep)
            {
                verdicts[next++] = VerdictOn(ordered, index, rulings[index], policy);
            }
        }

        return verdicts;
    }

    private static void Rule(ReadOnlySpan<RestorePoint> ordered, RetentionPolicy policy, DateTimeOffset now, Span<Ruling> rulings)
    {
        DateTimeOffset cutNow = Instant.Cut(now);
        int rules = policy.Rules.Length;
        Span<int> lastKeptByRule = rules <= RulesOnStack ? stackalloc int[rules] : new int[rules];
        lastKeptByRule.Fill(Ruling.None);

        for (int index = 0; index < ordered.Length; index++)
        {
            int rule = policy.IndexOfRuleFor(cutNow - ordered[index].CreatedAt);
            if (rule == rules)
            {
                rulings[index] = new Ruling(Keep: true, rule, Ruling.None);
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
        !rule.KeepsNone && (lastKept == Ruling.None || ordered[index].Slot - ordered[lastKept].Slot >= rule.Interval.Duration);

    /// <summary>Sets points in order and drops repeated ids. The number of those that are left, at the front.</summary>
    private static int OldestFirst(Span<RestorePoint> points)
    {
        SortUnlessInOrder(points, RestorePoint.CompareAge);

        // Ids grow with time where they are DigitalOcean's; then none is repeated.
        if (IdsGrow(points))
        {
            return points.Length;
        }

        points.Sort(RestorePoint.CompareIdThenAge);
        int count = 0;
        foreach (RestorePoint point in points)
        {
            if (count == 0 || points[count - 1].Id != point.Id)
            {
                points[count++] = point;
            }
        }

        points[..count].Sort(RestorePoint.CompareAge);
        return count;
    }

    private static void SortUnlessInOrder(Span<RestorePoint> points, Comparison<RestorePoint> comparison)
    {
        for (int index = 1; index < points.Length; index++)
        {
            if (comparison(points[index - 1], points[index]) > 0)
            {
                points.Sort(comparison);
                return;
            }
        }
    }

    private static bool IdsGrow(ReadOnlySpan<RestorePoint> points)
    {
        for (int index = 1; index < points.Length; index++)
        {
            if (points[index - 1].Id >= points[index].Id)
            {
                return false;
            }
        }

        return true;
    }

    private static Verdict VerdictOn(ReadOnlySpan<RestorePoint> ordered, int index, Ruling ruling, RetentionPolicy policy)
    {
        RestorePoint point = ordered[index];
        Reason reason = ruling switch
        {
            _ when ruling.Rule == policy.Rules.Length => new Reason.NotReached(policy.Rules.IsEmpty ? null : policy.Rules[^1].Age),
            { Keep: true, LastKept: Ruling.None } => new Reason.FirstOfGroup(policy.Rules[ruling.Rule]),
            { Keep: false, LastKept: Ruling.None } => new Reason.IntervalZero(policy.Rules[ruling.Rule]),
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
}
