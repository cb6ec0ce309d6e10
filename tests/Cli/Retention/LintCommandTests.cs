using DoSnapshot.Cli.Retention;

namespace DoSnapshot.Cli.Tests.Retention;

public sealed class LintCommandTests
{
    [Fact]
    public void Says_what_the_readmes_first_example_really_gives()
    {
        var ran = Ran.Lint(new LintOptions { Every = "1d", Keep = ["3d:1d", "1w:1w", "1m:2m", "0d:6m"] });

        Assert.Equal((0, ""), (ran.Code, ran.Errors));
        Assert.Equal(
            """
            A snapshot is taken every day and kept until it is 1 day old; then one every 3 days stays until 1 week, one every week until 2 months, one every month until 6 months, and none after that.
            ok       3d:1d gives one every 3 days, as it asks
            warning  1w:1w gives one every 9 days, not one every week: one every 3 days comes to it
            warning  1m:2m gives one every 36 days, not one every month: one every 9 days comes to it

            """,
            ran.Output,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Ends_with_1_when_a_rule_cannot_be_met()
    {
        var ran = Ran.Lint(new LintOptions { Every = "1d", Keep = ["2w:1w", "1w:1m"] });

        Assert.Equal(1, ran.Code);
        Assert.Contains("error    1w:1m cannot be met", ran.Output, StringComparison.Ordinal);
        Assert.Empty(ran.Errors);
    }

    [Fact]
    public void Writes_json_for_programs()
    {
        var ran = Ran.Lint(new LintOptions { Every = "2d", Keep = ["3d:1d", "2w:1w", "1w:1w"], Json = true });

        Assert.Equal(1, ran.Code);
        Assert.Equal(
            [
                """{"severity":"warning","kind":"spacing","rules":["3d:1d"],"askedHours":72,"reachingHours":48,"givenHours":96}""",
                """{"severity":"warning","kind":"ageBelowEvery","rules":["3d:1d"]}""",
                """{"severity":"warning","kind":"spacing","rules":["2w:1w"],"askedHours":336,"reachingHours":96,"givenHours":384}""",
                """{"severity":"error","kind":"equalAge","rules":["1w:1w","2w:1w"]}""",
                """{"severity":"warning","kind":"noEnd","rules":[],"afterOneYear":25,"oneMoreEveryHours":384}""",
            ],
            ran.Json.GetProperty("findings").EnumerateArray().Select(found => Compact(found.GetRawText())));
        Assert.StartsWith("A snapshot is taken every 2 days", ran.Json.GetProperty("policy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_how_long_there_is_none_as_json()
    {
        var found = Ran.Lint(new LintOptions { Every = "1d", Keep = ["0d:20h"], Json = true }).Json.GetProperty("findings")[0];

        Assert.Equal(("keepsNothing", 4, 24), (found.GetProperty("kind").GetString(), found.GetProperty("gapHours").GetInt32(), found.GetProperty("cycleHours").GetInt32()));
        Assert.StartsWith("0d:20h deletes the last snapshot before the next is taken", found.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_at_every_run_has_no_numbers() => Assert.Equal(0, Ran.Lint(new LintOptions { Every = "0h", Json = true }).Code);

    [Fact]
    public void Refuses_wrong_usage_and_names_the_option()
    {
        Ran.Lint(new LintOptions { Every = "1x" }).IsRefused("-s/--snapshot '1x': a number followed by h, d, w or m is wanted");
        Ran.Lint(new LintOptions { Every = null }).IsRefused("-s/--snapshot: a number followed by h, d, w or m is wanted");
        Ran.Lint(new LintOptions { Every = "1d", Keep = ["1d"] }).IsRefused("-k/--keep '1d': INTERVAL:AGE is wanted");
    }

    // Without the sentence, which is tested with the findings themselves.
    private static string Compact(string json)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        node.Remove("sentence");
        return node.ToJsonString(System.Text.Json.JsonSerializerOptions.Web);
    }
}
