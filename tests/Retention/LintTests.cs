using DoSnapshot.Retention.Linting;

namespace DoSnapshot.Retention.Tests;

public sealed class LintTests
{
    public static TheoryData<string> Names => new(LintCases.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Finds_what_was_worked_out_by_hand(string name)
    {
        LintCase one = LintCases.All[name];

        Assert.Equal(one.Expected.Select(expected => expected.Finding), Examine(one));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Says_each_finding_in_one_sentence(string name)
    {
        LintCase one = LintCases.All[name];

        Assert.Equal(
            one.Expected.Select(expected => (expected.Severity, expected.Text)),
            Examine(one).Select(found => (found.Severity, found.Describe())));
        Assert.All(Examine(one), found => Assert.Equal(found.Describe(), found.ToString()));
    }

    [Fact]
    public void Names_the_rules_that_a_finding_is_about()
    {
        Assert.Equal(["1w:1w"], Rules("1d", "1w:1w", "0d:6m"));
        Assert.Equal(["2d:1w 1w:7d"], Rules("1d", "1w:7d", "2d:1w", "0d:6m").Skip(1));
        Assert.Equal(["1w:2w 0d:6d"], Rules("1d", "0d:6d", "1w:2w"));
        Assert.Equal(["1d:0h", "1d:0h", ""], Rules("1d", "1d:0h"));
        Assert.Equal(["0d:1h"], Rules("1d", "0d:1h"));
        Assert.Equal([""], Rules("0d", "0d:1h"));
    }

    [Fact]
    public void Refuses_null() => Assert.Throws<ArgumentNullException>("policy", () => PolicyLint.Examine(Period.Parse("1d"), null!));

    [Fact]
    public void Has_these_seven_cases_and_no_others()
    {
        Type[] cases = [.. typeof(Finding).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Finding)))];

        Assert.Equal(
            ["AgeBelowEvery", "EqualAge", "EveryRun", "KeepsNothing", "NeverReached", "NoEnd", "Spacing"],
            cases.Select(type => type.Name).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.All(cases, type => Assert.True(type.IsSealed && type.DeclaringType == typeof(Finding)));
    }

    private static IReadOnlyList<Finding> Examine(LintCase one) => PolicyLint.Examine(Period.Parse(one.Every), one.Policy);

    private static IEnumerable<string> Rules(string every, params string[] rules) =>
        PolicyLint.Examine(Period.Parse(every), RetentionPolicy.Parse(rules)).Select(found => string.Join(' ', found.Rules));
}
