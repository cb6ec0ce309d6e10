namespace DoSnapshot.Retention.Tests;

/// <summary>
/// The rules once more, as plainly as they can be said: whole seconds as numbers, every question asked of the whole list again.
/// Shares no code with the sieve.
/// </summary>
internal static class NaiveModel
{
    public static IReadOnlyList<ModelVerdict> Judge(
        IReadOnlyList<ModelPoint> given, IReadOnlyList<ModelRule> rulesGiven, DateTimeOffset now)
    {
        List<ModelRule> rules = [.. rulesGiven.OrderBy(rule => -rule.Age)];
        List<Cut> points = [.. given.Select(point => new Cut(point.Id, Second(point.CreatedAt), Second(point.Slot)))];
        List<Cut> once = [.. points.GroupBy(point => point.Id).Select(same => InOrder(same).First())];
        long second = Second(now);

        return [.. InOrder(once).Select(point => One(point, once, rules, second))];
    }

    private static ModelVerdict One(Cut point, List<Cut> all, List<ModelRule> rules, long now)
    {
        ModelRule? rule = RuleOf(point, rules, now);
        if (rule is null)
        {
            return new(point.Id, true, Why.NotReached, rules.LastOrDefault()?.Text.Split(':')[1], null, null, ChangeOf(point, rules, now));
        }

        Cut? last = null;
        foreach (Cut member in InOrder(all.Where(other => RuleOf(other, rules, now) == rule)))
        {
            bool keep = rule.Interval != 0 && (last is null || member.Slot - last.Slot >= rule.Interval);
            if (member.Id == point.Id)
            {
                Why why = rule.Interval == 0 ? Why.IntervalZero : last is null ? Why.First : keep ? Why.FarEnough : Why.TooClose;
                return new(point.Id, keep, why, rule.Text, last?.Id, member.Slot - last?.Slot, keep ? ChangeOf(point, rules, now) : null);
            }

            last = keep ? member : last;
        }

        throw new InvalidOperationException("A point is a member of its own rule's group.");
    }

    private static ModelRule? RuleOf(Cut point, List<ModelRule> rules, long now) =>
        rules.FirstOrDefault(rule => rule.Age <= now - point.CreatedAt);

    // The youngest of the ages that the point has not reached.
    private static long? ChangeOf(Cut point, List<ModelRule> rules, long now)
    {
        long[] ahead = [.. rules.Select(rule => rule.Age).Where(age => age > now - point.CreatedAt)];
        return ahead.Length == 0 ? null : point.CreatedAt + ahead.Min();
    }

    private static IEnumerable<Cut> InOrder(IEnumerable<Cut> points) =>
        points.OrderBy(point => point.Slot).ThenBy(point => point.CreatedAt).ThenBy(point => point.Id);

    private static long Second(DateTimeOffset time) => time.ToUnixTimeSeconds();

    private sealed record Cut(long Id, long CreatedAt, long Slot);
}

/// <summary>A point as it is given, before anything is cut.</summary>
internal sealed record ModelPoint(long Id, DateTimeOffset CreatedAt, DateTimeOffset Slot)
{
    public RestorePoint Point => new(Id, CreatedAt, Slot);
}

/// <summary>A rule in seconds, with the text it was written as. The place tells rules apart that are written alike.</summary>
internal sealed record ModelRule(long Interval, long Age, string Text, int Place);

/// <summary>The reasons as the model names them.</summary>
internal enum Why
{
    NotReached,
    First,
    FarEnough,
    IntervalZero,
    TooClose,
}

/// <summary>What the model says; Rule is the rule's text or, where no rule reaches, the youngest age. Times in seconds.</summary>
internal sealed record ModelVerdict(long Id, bool Keep, Why Why, string? Rule, long? Neighbour, long? Distance, long? NextChange)
{
    /// <summary>A verdict of the sieve in the model's words.</summary>
    public static ModelVerdict Of(Verdict verdict) => verdict.Reason switch
    {
        Reason.NotReached none => Of(verdict, Why.NotReached, none.YoungestAge?.ToString(), null, null),
        Reason.FirstOfGroup first => Of(verdict, Why.First, first.Rule.ToString(), null, null),
        Reason.FarEnough far => Of(verdict, Why.FarEnough, far.Rule.ToString(), far.LastKept.Id, far.Distance),
        Reason.IntervalZero zero => Of(verdict, Why.IntervalZero, zero.Rule.ToString(), null, null),
        Reason.TooClose close => Of(verdict, Why.TooClose, close.Rule.ToString(), close.KeptInstead.Id, close.Distance),
        _ => throw new InvalidOperationException($"A reason the model does not know: {verdict.Reason}"),
    };

    private static ModelVerdict Of(Verdict verdict, Why why, string? rule, long? neighbour, TimeSpan? distance) =>
        new(verdict.Point.Id, verdict.Keep, why, rule, neighbour, (long?)distance?.TotalSeconds, verdict.NextChange?.ToUnixTimeSeconds());
}
