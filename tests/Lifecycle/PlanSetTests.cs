using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Several plans together: what they say, and whether they get into each other's way.</summary>
public sealed class PlanSetTests
{
    public static TheoryData<string, string, string, string, string, string?> Pairs => new()
    {
        { "tags and names of their own", "web", "$droplet-web-", "db", "$droplet-db-", null },
        { "the tag tells the names apart", "web", "$droplet-$tag-", "db", "$droplet-$tag-", null },
        { "the same tag", "web", "$droplet-a-", "web", "$droplet-b-", "tag" },
        { "the same tag to DigitalOcean", "web", "$droplet-a-", " WEB ", "$droplet-b-", "tag" },
        { "the same prefix", "web", "$droplet-auto-", "db", "$droplet-auto-", "prefix" },
        { "the same prefix once the tag is in it", "web", "$droplet-$tag-", "db", "$droplet-web-", "prefix" },
        { "a prefix that begins like the other", "web", "$droplet-", "db", "$droplet-db-", "prefix" },
        { "and the other way round", "web", "$droplet-web-eu-", "db", "$droplet-web-", "prefix" },
        { "the tag makes it begin like the other", "web", "$droplet-$tag-", "db", "$droplet-web-$tag-", "prefix" },
        { "letters are told apart by their case", "web", "$droplet-A-", "db", "$droplet-a-", null },
        { "the name of the droplet may be any and is the same in both", "web", "$droplet-", "db", "db-$droplet-", null },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Two_plans_that_would_claim_the_same_are_an_error_of_the_later(
        string name, string tag, string prefix, string otherTag, string otherPrefix, string? term)
    {
        var found = PlanSet.Problems([Stated("one", tag, prefix), Stated("two", otherTag, otherPrefix)]);
        var reversed = PlanSet.Problems([Stated("two", otherTag, otherPrefix), Stated("one", tag, prefix)]);

        Assert.Equal(term is null ? [] : [term], found.Select(p => p.Problem.Term));
        Assert.Equal(term is null ? [] : [term], reversed.Select(p => p.Problem.Term));
        Assert.All(found, p => Assert.True(p is { Plan: 1, Other: 0 } && p.Problem.Wanted.Contains("plan 'one'", StringComparison.Ordinal), name));
        Assert.All(found, p => Assert.Equal(term == "tag" ? otherTag : otherPrefix, p.Problem.Value));
    }

    [Fact]
    public void A_name_is_one_plans_and_what_else_two_of_the_same_name_share_is_not_told_besides()
    {
        var problem = Assert.Single(PlanSet.Problems([Stated("one", "web", "$droplet-"), Stated("one", "web", "$droplet-")]));
        Assert.Equal(("name", "one", 1, 0), (problem.Problem.Term, problem.Problem.Value, problem.Plan, problem.Other));
    }

    [Fact]
    public void Each_plan_is_checked_by_itself_too_and_what_is_missing_collides_with_nothing()
    {
        var problems = PlanSet.Problems(
        [
            Stated("one", "", ""), Stated("two", "", ""), Stated("three", "three", "$droplet-3-", every: "0h", PlanTiming.Elapsed),
            Stated("four", "four", "$droplet-4-", every: "0h"),
        ]);
        Assert.Equal(
            [(0, "prefix"), (0, "tag"), (1, "prefix"), (1, "tag"), (2, "every"), (3, "every")],
            problems.Select(p => (p.Plan, p.Problem.Term)).Order());
        Assert.All(problems, p => Assert.Null(p.Other));
    }

    [Fact]
    public void The_hash_is_of_what_is_said_whatever_the_order()
    {
        var (one, two) = (Stated("one", "web", "$droplet-web-"), Stated("two", "db", "$droplet-db-"));
        var hash = new PlanSet([one, two]).Hash;

        Assert.Matches("^[0-9a-f]{64}$", hash);
        Assert.Equal(hash, new PlanSet([two, one]).Hash);
        Assert.Equal(["one", "two"], new PlanSet([two, one]).Plans.Select(p => p.Name));
        Assert.NotEqual(hash, new PlanSet([one]).Hash);
        Assert.NotEqual(hash, new PlanSet([one, two with { Name = "three" }]).Hash);
        Assert.NotEqual(hash, new PlanSet([one, two with { Terms = two.Terms with { Orphans = OrphanHandling.Apply } }]).Hash);
        Assert.NotEqual(hash, new PlanSet([one, two with { Terms = two.Terms with { Brake = BrakeSetting.Off } }]).Hash);
        // A text that is stored in logs: another would have every plan stated anew.
        Assert.Equal("c4172491a6bdcc803676fed19a8b70a98d327b75d58ccd41977d8844aad26a1a", new PlanSet([Stated("p", "autosnapshot", "$droplet-autosnapshot-")]).Hash);
    }

    private static StatedPlan Stated(string name, string tag, string prefix, string every = "1d", PlanTiming timing = PlanTiming.Anchored) =>
        new(name, World.Terms(every, ["1w:1m"], ["lon1"], timing: timing, brake: BrakeSetting.On) with { Tag = tag, Prefix = prefix });
}
