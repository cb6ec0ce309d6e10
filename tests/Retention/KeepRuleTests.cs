namespace DoSnapshot.Retention.Tests;

public sealed class KeepRuleTests
{
    private static readonly Dictionary<string, (string Text, string Interval, string Age)> Good = new(StringComparer.Ordinal)
    {
        ["plain"] = ("3d:1d", "3d", "1d"),
        ["interval first, age second"] = ("2w:6m", "2w", "6m"),
        ["zero interval"] = ("0d:6m", "0d", "6m"),
        ["zero age"] = ("4h:0h", "4h", "0h"),
        ["blanks around the whole"] = ("  3d:1d\n", "3d", "1d"),
        ["blanks around the colon"] = ("3d : 1d", "3d", "1d"),
        ["leading zeros"] = ("03d:01d", "3d", "1d"),
        ["longest of both"] = ("36500d:36500d", "36500d", "36500d"),
    };

    private static readonly Dictionary<string, string> Bad = new(StringComparer.Ordinal)
    {
        ["empty"] = "",
        ["colon alone"] = ":",
        ["interval alone"] = "3d",
        ["age missing"] = "3d:",
        ["interval missing"] = ":1d",
        ["three parts"] = "3d:1d:2d",
        ["a colon too many"] = "3d::1d",
        ["colon at the end"] = "3d:1d:",
        ["two rules"] = "3d:1d 1w:1w",
        ["bad interval"] = "3x:1d",
        ["bad age"] = "3d:1x",
        ["another separator"] = "3d-1d",
        ["full-width colon"] = "3d\uff1a1d",
        ["interval too long"] = "36501d:1d",
        ["age too long"] = "1d:36501d",
        ["negative age"] = "1d:-1d",
    };

    public static TheoryData<string> GoodNames => new(Good.Keys);

    public static TheoryData<string> BadNames => new(Bad.Keys);

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void Reads_a_rule(string name)
    {
        (string text, string interval, string age) = Good[name];

        Assert.True(KeepRule.TryParse(text, out KeepRule rule));
        Assert.Equal(new KeepRule(Period.Parse(interval), Period.Parse(age)), rule);
        Assert.Equal(rule, KeepRule.Parse(text));
        Assert.Equal($"{interval}:{age}", rule.ToString());
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void Refuses_what_is_no_rule_and_quotes_it(string name)
    {
        string text = Bad[name];

        Assert.False(KeepRule.TryParse(text, out KeepRule rule));
        Assert.Equal(default, rule);
        FormatException error = Assert.Throws<FormatException>(() => KeepRule.Parse(text));
        Assert.StartsWith($"\"{text}\" is not a retention rule", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_null()
    {
        Assert.False(KeepRule.TryParse(null, out _));
        Assert.Throws<ArgumentNullException>("text", () => KeepRule.Parse(null!));
    }

    [Theory]
    [InlineData("0h:1d", true)]
    [InlineData("0m:0m", true)]
    [InlineData("1h:0h", false)]
    public void Keeps_none_when_its_interval_is_zero(string text, bool keepsNone) =>
        Assert.Equal(keepsNone, KeepRule.Parse(text).KeepsNone);
}
