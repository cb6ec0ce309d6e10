using CsCheck;

namespace DoSnapshot.Retention.Tests;

/// <summary>Points, rules and a moment, as the sieve and the model are both given them.</summary>
internal sealed record Scenario(ModelPoint[] Points, ModelRule[] Rules, DateTimeOffset Now)
{
    private static readonly (char Letter, int Hours)[] Units = [('h', 1), ('d', 24), ('w', 168), ('m', 720)];

    // Whole hours with now and then a second or a fraction off them: most distances then fall on a boundary or just beside it.
    private static readonly Gen<TimeSpan> Wobble = Gen.Frequency(
        (4, Gen.Const(TimeSpan.Zero)),
        (2, Gen.Int[-2, 2].Select(seconds => TimeSpan.FromSeconds(seconds))),
        (1, Gen.Int[-1999, 1999].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))));

    private static readonly Gen<TimeSpan> Offset = Gen.Frequency(
        (3, Gen.Const(TimeSpan.Zero)),
        (1, Gen.Int[-28, 28].Select(halfHours => TimeSpan.FromMinutes(30 * halfHours))));

    private static readonly Gen<DateTimeOffset> Time = Gen.Select(
        Gen.Frequency((3, Gen.Int[-12, 240]), (1, Gen.Int[-48, 2400])),
        Wobble,
        Offset,
        (hours, wobble, offset) => (SieveCase.Noon - TimeSpan.FromHours(hours) + wobble).ToOffset(offset));

    private static readonly Gen<ModelRule> Rule = Gen.Select(
        Gen.Int[0, 3],
        Gen.Frequency((1, Gen.Const(0)), (4, Gen.Int[1, 6])),
        Gen.Int[0, 2],
        Gen.Int[0, 8],
        (intervalUnit, interval, ageUnit, age) => new ModelRule(
            3600L * interval * Units[intervalUnit].Hours,
            3600L * age * Units[ageUnit].Hours,
            $"{interval}{Units[intervalUnit].Letter}:{age}{Units[ageUnit].Letter}",
            0));

    private static readonly Gen<ModelRule[]> SomeRules =
        Rule.Array[0, 5].Select(rules => rules.Select((rule, place) => rule with { Place = place }).ToArray());

    private static readonly Gen<ModelPoint> ElapsedPoint = Gen.Select(Gen.Long[1, 30], Time, (id, time) => new ModelPoint(id, time, time));

    private static readonly Gen<ModelPoint> AnchoredPoint =
        Gen.Select(Gen.Long[1, 30], Time, Time, (id, created, slot) => new ModelPoint(id, created, slot));

    private static readonly Gen<DateTimeOffset> Present =
        Gen.Select(Wobble, Offset, (wobble, offset) => (SieveCase.Noon + wobble).ToOffset(offset));

    /// <summary>Spacing by elapsed time; ids repeat now and then.</summary>
    public static Gen<Scenario> Elapsed { get; } =
        Gen.Select(ElapsedPoint.Array[0, 25], SomeRules, Present, (points, rules, now) => new Scenario(points, rules, now));

    /// <summary>Spacing by slots that need not follow creation; ids repeat now and then.</summary>
    public static Gen<Scenario> Anchored { get; } =
        Gen.Select(AnchoredPoint.Array[0, 25], SomeRules, Present, (points, rules, now) => new Scenario(points, rules, now));

    /// <summary>Both kinds.</summary>
    public static Gen<Scenario> Any { get; } = Gen.OneOf<Scenario>(Elapsed, Anchored);

    public RetentionPolicy Policy => RetentionPolicy.Parse(Rules.Select(rule => rule.Text));

    public RestorePoint[] Input => [.. Points.Select(point => point.Point)];

    public IReadOnlyList<Verdict> Judge() => Sieve.Judge(Input, Policy, Now);

    /// <summary>What a failure is reported as.</summary>
    public override string ToString() =>
        $"""
        now {Now:o}, rules {string.Join(' ', Rules.Select(rule => rule.Text))}
        {string.Join('\n', Points.Select(point => $"{point.Id} created {point.CreatedAt:o} slot {point.Slot:o}"))}
        """;
}
