namespace DoSnapshot.Retention.Tests;

public sealed class RetentionPolicyTests
{
    [Fact]
    public void Orders_rules_by_age_oldest_first() =>
        Assert.Equal("0d:6m, 1m:2m, 1w:1w, 3d:1d", Rules("1w:1w", "0d:6m", "3d:1d", "1m:2m"));

    [Fact]
    public void Leaves_equal_ages_in_the_order_given() =>
        Assert.Equal("1w:30d, 4d:7d, 2d:1w, 3d:7d, 1d:1d", Rules("4d:7d", "1d:1d", "2d:1w", "1w:30d", "3d:7d"));

    [Fact]
    public void Prints_youngest_first() => Assert.Equal("3d:1d 1w:1w", Policy("1w:1w", "3d:1d").ToString());

    [Fact]
    public void Prints_text_that_reads_as_the_same_policy()
    {
        RetentionPolicy policy = Policy("4d:7d", "1d:1d", "2d:1w", "1w:30d", "3d:7d");

        Assert.Equal("1d:1d 4d:7d 2d:1w 3d:7d 1w:30d", policy.ToString());
        Assert.Equal(policy, Policy(policy.ToString().Split(' ')));
    }

    [Fact]
    public void Without_rules_it_is_the_empty_one()
    {
        Assert.Equal(RetentionPolicy.Empty, Policy());
        Assert.Equal("", RetentionPolicy.Empty.ToString());
        Assert.Empty(RetentionPolicy.Empty.Rules);
    }

    [Fact]
    public void Is_equal_by_its_ordered_rules()
    {
        RetentionPolicy policy = Policy("3d:1d", "1w:1w");

        Assert.Equal(policy, Policy("1w:1w", " 3d : 1d "));
        Assert.Equal(policy.GetHashCode(), Policy("1w:1w", "3d:1d").GetHashCode());
        Assert.True(policy == Policy("1w:1w", "3d:1d"));
    }

    [Fact]
    public void Differs_by_any_rule()
    {
        RetentionPolicy policy = Policy("3d:1d", "1w:1w");

        Assert.NotEqual(policy, Policy("3d:1d"));
        Assert.NotEqual(policy, Policy("3d:1d", "1w:1w", "1w:1w"));
        Assert.NotEqual(policy, Policy("3d:1d", "7d:1w"));
        Assert.NotEqual(policy, RetentionPolicy.Empty);
        Assert.False(policy.Equals(null));
        Assert.NotEqual(Policy("1d:1d", "2d:1d"), Policy("2d:1d", "1d:1d"));
    }

    [Fact]
    public void Does_not_follow_later_changes_of_what_it_was_made_from()
    {
        List<KeepRule> rules = [KeepRule.Parse("3d:1d")];
        RetentionPolicy policy = new(rules);
        rules.Add(KeepRule.Parse("0d:0d"));

        Assert.Equal(Policy("3d:1d"), policy);
    }

    [Fact]
    public void Refuses_a_bad_rule_and_quotes_it()
    {
        FormatException error = Assert.Throws<FormatException>(() => Policy("3d:1d", "weekly"));

        Assert.Contains("\"weekly\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_null()
    {
        Assert.Throws<ArgumentNullException>("rules", () => RetentionPolicy.Parse(null!));
        Assert.Throws<ArgumentNullException>("rules", () => new RetentionPolicy(null!));
        Assert.Throws<ArgumentNullException>("text", () => Policy(null!, "3d:1d"));
    }

    private static RetentionPolicy Policy(params string[] rules) => RetentionPolicy.Parse(rules);

    private static string Rules(params string[] rules) => string.Join(", ", Policy(rules).Rules);
}
