using static DoSnapshot.Retention.Tests.SieveCase;

namespace DoSnapshot.Retention.Tests;

public sealed class ReasonTests
{
    private static readonly KeepRule Rule = KeepRule.Parse("3d:1d");
    private static readonly RestorePoint Neighbour = new(17, At("2025-12-31T23:00:00Z"), At("2026-01-01T01:00:00+01:00"));

    private static readonly Dictionary<string, (Reason Reason, bool Keeps, string Text)> Texts = new(StringComparer.Ordinal)
    {
        ["not reached"] = (new Reason.NotReached(Period.Parse("2w")), true, "kept: not yet 2w old, and no rule reaches anything younger"),
        ["no rule"] = (new Reason.NotReached(null), true, "kept: the policy has no rule"),
        ["first of its group"] = (new Reason.FirstOfGroup(Rule), true, "kept: the oldest of those that fall to 3d:1d"),
        ["far enough"] = (
            new Reason.FarEnough(Rule, Neighbour, Days(3)), true, "kept: 3 d 0 h after 2026-01-01T00:00:00Z, and 3d:1d keeps one every 3d"),
        ["far enough with minutes and seconds"] = (
            new Reason.FarEnough(Rule, Neighbour, new TimeSpan(400, 5, 0, 7)),
            true,
            "kept: 400 d 5 h 0 min 7 s after 2026-01-01T00:00:00Z, and 3d:1d keeps one every 3d"),
        ["interval zero"] = (new Reason.IntervalZero(KeepRule.Parse("0d:6m")), false, "deleted: 0d:6m keeps none that falls to it"),
        ["too close"] = (
            new Reason.TooClose(Rule, Neighbour, Days(3) - Seconds(1)),
            false,
            "deleted: only 2 d 23 h 59 min 59 s after 2026-01-01T00:00:00Z (id 17), which is kept, and 3d:1d keeps one every 3d"),
        ["too close by minutes"] = (
            new Reason.TooClose(Rule, Neighbour, new TimeSpan(0, 30, 0)),
            false,
            "deleted: only 0 d 0 h 30 min 0 s after 2026-01-01T00:00:00Z (id 17), which is kept, and 3d:1d keeps one every 3d"),
    };

    public static TheoryData<string> Names => new(Texts.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Says_what_it_is_in_one_sentence(string name)
    {
        (Reason reason, bool keeps, string text) = Texts[name];

        Assert.Equal(keeps, reason.Keeps);
        Assert.Equal(text, reason.Describe());
        Assert.Equal(text, reason.ToString());
    }

    [Fact]
    public void Has_these_five_cases_and_no_others()
    {
        Type[] cases = [.. typeof(Reason).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Reason)))];

        Assert.Equal(
            ["FarEnough", "FirstOfGroup", "IntervalZero", "NotReached", "TooClose"],
            cases.Select(type => type.Name).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.All(cases, type => Assert.True(type.IsSealed && type.DeclaringType == typeof(Reason)));
    }
}
