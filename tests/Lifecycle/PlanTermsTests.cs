using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>Reading what a plan says, and whose a name is.</summary>
public sealed class PlanTermsTests
{
    public static TheoryData<string, string?> Bad => new()
    {
        { "name", "" },
        { "name", "a plan" },
        { "name", "p\n" },
        { "name", new string('a', 65) },
        { "tag", null },
        { "tag", "" },
        { "tag", "two words" },
        { "tag", "naïve" },
        { "tag", new string('a', 256) },
        { "opt out tag", "" },
        { "opt out tag", "two words" },
        { "opt out tag", "AutoSnapshot" },
        { "prefix", null },
        { "prefix", "" },
        { "prefix", " \t" },
        { "every", null },
        { "every", "0h" },
        { "every", "d" },
        { "every", "1.5d" },
        { "every", "-1d" },
        { "every", "1 year" },
        { "at", null },
        { "at", "3:00" },
        { "at", "24:00" },
        { "at", "03:00:00" },
        { "at", "noon" },
        { "spread", "" },
        { "spread", "2" },
        { "spread", "24h" },
        { "spread", "1w" },
        { "keep", "1d" },
        { "keep", "1d:" },
        { "keep", "1d:1w:1m" },
        { "keep", "often:1w" },
        { "regions", "" },
        { "regions", "London" },
        { "regions", "nyc" },
        { "regions", "nyc3,lon1" },
        { "keep at least", "-1" },
        { "timing", "7" },
        { "orphans", "7" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_term_is_named_and_its_value_quoted(string term, string? value)
    {
        var terms = World.Terms();
        terms = term switch
        {
            "tag" => terms with { Tag = value! },
            "opt out tag" => terms with { OptOutTag = value },
            "prefix" => terms with { Prefix = value! },
            "every" => terms with { Every = value! },
            "at" => terms with { At = value! },
            "spread" => terms with { Spread = value! },
            "keep" => terms with { Keep = ["1d:1w", value!] },
            "regions" => terms with { Regions = ["lon1", value!] },
            "keep at least" => terms with { KeepAtLeast = int.Parse(value!) },
            "timing" => terms with { Timing = (PlanTiming)int.Parse(value!) },
            "orphans" => terms with { Orphans = (OrphanHandling)int.Parse(value!) },
            _ => terms,
        };

        var error = Assert.Throws<PlanException>(() => Plan.From(term == "name" ? value! : "p", 1, terms));

        Assert.Equal(term, error.Term);
        Assert.Contains($"{term} '{value}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_found_at_once_and_of_a_list_which_entry()
    {
        var terms = World.Terms() with { Tag = "two words", Every = "1x", At = "noon", Keep = ["1d:1w", "3d", "x:1d"], Regions = ["lon1", "London"], KeepAtLeast = -1 };

        var problems = Plan.Problems("a plan", terms);

        Assert.Equal(
            [
                ("at", "noon", null), ("every", "1x", null), ("keep", "3d", 1), ("keep", "x:1d", 2), ("keep at least", "-1", null), ("name", "a plan", null),
                ("regions", "London", 1), ("tag", "two words", null),
            ],
            problems.Select(p => (p.Term, p.Value, p.Entry)).Order());
        Assert.Empty(Plan.Problems("p", World.Terms()));
    }

    [Theory]
    [InlineData(true, "autosnapshot")]
    [InlineData(true, "web", "AutoSnapshot")]
    [InlineData(false, "web")]
    [InlineData(false)]
    [InlineData(false, "autosnapshot", "no-autosnapshot")]
    [InlineData(false, "autosnapshot", "No-Autosnapshot")]
    public void A_droplet_belongs_to_a_plan_by_its_tag_unless_another_keeps_it_out(bool belongs, params string[] tags)
    {
        var plan = Plan.From("p", 1, World.Terms() with { OptOutTag = " no-autosnapshot " });
        Assert.Equal(belongs, plan.Claims(tags));
        Assert.Equal(plan.Claims(tags) || plan.OptsOut(tags), Plan.From("p", 1, World.Terms()).Claims(tags));
    }

    [Fact]
    public void Good_terms_are_read_without_their_white_space()
    {
        var plan = Plan.From("nightly_2", 7, new PlanTerms(
            " auto:snap ", " $droplet-x- ", " 12h ", " 23:59 ", "2h", ["1w:1m", "1d:7d"], [" lon1 ", "sfo3", "lon1"], 0, PlanTiming.Elapsed));

        Assert.Equal(("nightly_2", 7, "auto:snap", "$droplet-x-", 0), (plan.Name, plan.Version, plan.Tag, plan.Prefix, plan.KeepAtLeast));
        Assert.Equal((TimeSpan.FromHours(12), new TimeOnly(23, 59), TimeSpan.FromHours(2)), (plan.Every.Duration, plan.At, plan.Spread));
        Assert.Equal("1d:7d 1w:1m", plan.Keep.ToString());
        Assert.Equal(["lon1", "sfo3"], plan.Regions);
        Assert.Equal(PlanTiming.Elapsed, plan.Timing);
    }

    [Fact]
    public void By_elapsed_time_zero_says_always_and_moments_of_the_calendar_cannot_be_no_time_apart()
    {
        var always = World.Terms() with { Every = "0h", Timing = PlanTiming.Elapsed };

        Assert.Equal(TimeSpan.Zero, Plan.From("p", 1, always).Every.Duration);
        Assert.Equal("every", Assert.Throws<PlanException>(() => Plan.From("p", 1, always with { Timing = PlanTiming.Anchored })).Term);
    }

    [Fact]
    public void Terms_without_lists_keep_everything_and_want_no_region()
    {
        var plan = Plan.From("p", 1, World.Terms() with { Keep = null!, Regions = null! });
        Assert.Equal("", plan.Keep.ToString());
        Assert.Empty(plan.Regions);
    }

    [Fact]
    public void A_plan_is_what_its_facts_say_and_none_before_anything_was_said()
    {
        var facts = Given.Plan(World.Terms(every: "12h"));
        Assert.Equal(("p", 1, TimeSpan.FromHours(12)), (facts.ToPlan()!.Name, facts.ToPlan()!.Version, facts.ToPlan()!.Every.Duration));
        Assert.Null((facts with { Terms = null }).ToPlan());
    }

    [Theory]
    [InlineData("web-1-autosnapshot-20260101T000000Z", true)]
    [InlineData("front-1-autosnapshot-20260101T000000Z", true)]
    // Another droplet's, whose name begins or ends like ours.
    [InlineData("web-10-autosnapshot-20260101T000000Z", false)]
    [InlineData("web-autosnapshot-20260101T000000Z", false)]
    [InlineData("my-web-1-autosnapshot-20260101T000000Z", false)]
    [InlineData("back-1-autosnapshot-20260101T000000Z", false)]
    // What a person made of one of ours.
    [InlineData("web-1-autosnapshot-20260101T000000Z-copy", false)]
    [InlineData("web-1-autosnapshot-20260101T000000Z ", false)]
    [InlineData("web-1-autosnapshot-20260101T000000Z\n", false)]
    [InlineData("copy of web-1-autosnapshot-20260101T000000Z", false)]
    [InlineData("web-1-autosnapshot-web-1-autosnapshot-20260101T000000Z", false)]
    // Not the time as it is written.
    [InlineData("web-1-autosnapshot-20260101T000000", false)]
    [InlineData("web-1-autosnapshot-20260101t000000z", false)]
    [InlineData("web-1-autosnapshot-2026-01-01T00:00:00Z", false)]
    [InlineData("web-1-autosnapshot-٢٠٢٦٠١٠١T٠٠٠٠٠٠Z", false)]
    [InlineData("web-1-autosnapshot-golden", false)]
    [InlineData("web-1-autosnapshot-", false)]
    [InlineData("20260101T000000Z", false)]
    [InlineData("web-1-autosnapshot-20261399T999999Z", false)]
    [InlineData("web-1-autosnapshot-20260230T000000Z", false)]
    [InlineData("web-1-autosnapshot-20260101T240000Z", false)]
    [InlineData("web-1-autosnapshot-00000000T000000Z", false)]
    [InlineData("web-1-autosnapshot-20240229T235959Z", true)]
    [InlineData("", false)]
    public void A_name_is_the_plans_only_when_it_is_exactly_one_that_the_plan_gives(string name, bool owned) =>
        Assert.Equal(owned, Plan.From("p", 1, World.Terms()).Names(name, ["web-1", "front-1"]));

    [Theory]
    [InlineData("$tag-$droplet-", "auto-web.1-20260101T120000Z")]
    [InlineData("auto-", "auto-20260101T120000Z")]
    [InlineData("$droplet$droplet-", "web.1web.1-20260101T120000Z")]
    public void Tag_and_droplet_stand_in_the_prefix(string prefix, string expected)
    {
        var plan = Plan.From("p", 1, World.Terms() with { Tag = "auto", Prefix = prefix });
        Assert.Equal(expected, plan.SnapshotName("web.1", World.Start));
        Assert.True(plan.Names(expected, ["web.1"]));
        // A dot is a dot and no pattern.
        Assert.Equal(prefix == "auto-", plan.Names(expected, ["webx1"]));
        Assert.False(plan.Names(expected, []));
    }

    [Fact]
    public void A_name_tells_the_moment_in_utc() =>
        Assert.Equal("web-1-autosnapshot-20260101T120000Z", Plan.From("p", 1, World.Terms()).SnapshotName("web-1", World.At("2026-01-01T14:00:00+02:00")));
}
