using DoSnapshot.Cli.Retention;

namespace DoSnapshot.Cli.Tests.Retention;

public sealed class SimulateCommandTests
{
    /// <summary>What the original prints for its README's example.</summary>
    internal const string Table = """
        Time                    Name
        ----------------------- --------------------------------------------------
        2018-10-09T01:47:36Z    simulated-autosnapshot-20181009T014736Z
        2018-10-23T01:47:36Z    simulated-autosnapshot-20181023T014736Z
        2018-11-06T01:47:36Z    simulated-autosnapshot-20181106T014736Z
        2018-11-20T01:47:36Z    simulated-autosnapshot-20181120T014736Z
        2018-12-04T01:47:36Z    simulated-autosnapshot-20181204T014736Z
        2018-12-18T01:47:36Z    simulated-autosnapshot-20181218T014736Z
        2018-12-31T01:47:36Z    simulated-autosnapshot-20181231T014736Z
        2019-01-01T01:47:36Z    simulated-autosnapshot-20190101T014736Z
        2019-01-02T01:47:36Z    simulated-autosnapshot-20190102T014736Z
        2019-01-03T01:47:36Z    simulated-autosnapshot-20190103T014736Z
        2019-01-04T01:47:36Z    simulated-autosnapshot-20190104T014736Z
        2019-01-05T01:47:36Z    simulated-autosnapshot-20190105T014736Z
        2019-01-06T01:47:36Z    simulated-autosnapshot-20190106T014736Z

        """;

    private static readonly SimulateOptions Readme = new()
    {
        Every = "1d",
        Keep = ["2w:1w", "1w:1m"],
        Simulate = "4h:3m",
        From = "2018-10-09T01:47:36Z",
    };

    private static readonly SimulateOptions Daily = new() { Every = "1d", Simulate = "2h:60d", Lag = "5s" };

    private static readonly Dictionary<string, (SimulateOptions Options, string Beginning)> Bad = new(StringComparer.Ordinal)
    {
        ["interval zero"] = (Daily with { Simulate = "0h:3m" }, "--simulate '0h:3m': the interval between runs must be more than zero"),
        ["no duration"] = (Daily with { Simulate = "4h" }, "--simulate '4h': INTERVAL:DURATION is wanted"),
        ["three parts"] = (Daily with { Simulate = "4h:3m:1d" }, "--simulate '4h:3m:1d': INTERVAL:DURATION is wanted"),
        ["bad interval"] = (Daily with { Simulate = "4x:3m" }, "--simulate '4x:3m': a number followed by h, d, w or m is wanted"),
        ["bad duration"] = (Daily with { Simulate = "4h:3y" }, "--simulate '4h:3y': a number followed by h, d, w or m is wanted"),
        ["too long"] = (Daily with { Simulate = "4h:36501d" }, "--simulate '4h:36501d': a number followed by h, d, w or m is wanted"),
        ["not given"] = (Daily with { Simulate = null }, "--simulate: INTERVAL:DURATION is wanted"),
        ["bad -s"] = (Daily with { Every = "daily" }, "-s/--snapshot 'daily': a number followed by h, d, w or m is wanted"),
        ["no -s"] = (Daily with { Every = null }, "-s/--snapshot: a number followed by h, d, w or m is wanted"),
        ["-s zero, anchored"] = (Daily with { Every = "0d", Timing = "anchored" }, "-s/--snapshot '0d': it must be more than zero"),
        ["bad -k"] = (Daily with { Keep = ["3d:1d", "3d"] }, "-k/--keep '3d': INTERVAL:AGE is wanted"),
        ["empty prefix"] = (Daily with { Prefix = "" }, "-p/--prefix '': an empty prefix would claim every snapshot"),
        ["blank prefix"] = (Daily with { Prefix = "  " }, "-p/--prefix '  ': an empty prefix would claim every snapshot"),
        ["bad timing"] = (Daily with { Timing = "lunar" }, "--timing 'lunar': elapsed or anchored is wanted"),
        ["bad time of day"] = (Daily with { Timing = "anchored", At = "25:00" }, "--at '25:00': a time of day such as 03:00 is wanted"),
        ["time of day by elapsed time"] = (Daily with { At = "03:00" }, "--at '03:00': it needs --timing anchored"),
        ["bad start"] = (Daily with { From = "2018-13-01" }, "--from '2018-13-01': a time such as 2018-10-09T01:47:36Z is wanted"),
        ["past the calendar"] = (
            Daily with { From = "9999-12-01T00:00:00Z" }, "--from '9999-12-01T00:00:00Z': the simulation would run past the year 9999"),
        ["past the calendar, as it was written"] = (
            Daily with { From = " 9999-12-01" }, "--from ' 9999-12-01': the simulation would run past the year 9999"),
        ["wide digits"] = (Daily with { Simulate = "\uff11h:3m" }, "--simulate '\uff11h:3m': a number followed by h, d, w or m is wanted"),
        ["negative interval"] = (Daily with { Simulate = "-1h:3m" }, "--simulate '-1h:3m': a number followed by h, d, w or m is wanted"),
        ["not a number"] = (Daily with { Simulate = "NaN:3m" }, "--simulate 'NaN:3m': a number followed by h, d, w or m is wanted"),
        ["bad lag"] = (Daily with { Lag = "soon" }, "--lag 'soon': seconds such as 5s are wanted"),
        ["negative lag"] = (Daily with { Lag = "-5s" }, "--lag '-5s': seconds such as 5s are wanted"),
        ["chart and json"] = (Daily with { Chart = true, Json = true }, "--chart: it cannot be drawn in --json"),
    };

    public static TheoryData<string> BadNames => new(Bad.Keys);

    [Fact]
    public void Writes_the_table_of_the_readme_to_the_letter()
    {
        var ran = Ran.Simulate(Readme);

        Assert.Equal(0, ran.Code);
        Assert.Equal(Table, ran.Output, ignoreLineEndingDifferences: true);
        Assert.Equal(
            "simulated 540 runs every 4h from 2018-10-09T01:47:36Z to 2019-01-06T21:47:36Z: 90 taken, 77 deleted, 13 left",
            ran.Errors.TrimEnd());
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void Refuses_wrong_usage_and_names_the_option(string name) => Ran.Simulate(Bad[name].Options).IsRefused(Bad[name].Beginning);

    [Theory]
    [InlineData("anchored", "2h:60d", 60)]
    [InlineData("anchored", "4h:60d", 60)]
    [InlineData("elapsed", "2h:60d", 56)]
    [InlineData("elapsed", "4h:60d", 52)]
    [InlineData(null, "4h:60d", 52)]
    public void A_daily_plan_drifts_by_elapsed_time_and_not_when_anchored(string? timing, string simulate, int taken) =>
        Assert.Equal(taken + 2, Ran.Simulate(Daily with { Timing = timing, Simulate = simulate }).Lines.Length - 1);

    [Fact]
    public void Starts_now_and_shows_a_snapshot_by_its_creation_and_names_it_by_its_run() =>
        Assert.Equal("2026-07-01T12:00:05Z    simulated-autosnapshot-20260701T120000Z", Ran.Simulate(Daily).Lines[2]);

    [Fact]
    public void Anchored_at_a_time_of_day_the_first_run_answers_the_occurrence_before_it() => Assert.Equal(
        ["2026-07-01T12:00:05Z", "2026-07-02T04:00:05Z", "2026-07-03T04:00:05Z"],
        Ran.Simulate(Daily with { Timing = "anchored", At = "03:00", Simulate = "2h:2d" }).Lines[2..^1].Select(line => line[..20]));

    [Theory]
    [InlineData("$droplet-autosnapshot-", "simulated-autosnapshot-")]
    [InlineData("$droplet-$tag-", "simulated-prod-")]
    [InlineData(" backup. ", "backup.")]
    public void Makes_names_of_the_prefix(string prefix, string start) =>
        Assert.EndsWith($" {start}20260701T120000Z", Ran.Simulate(Daily with { Prefix = prefix, Tag = "prod" }).Lines[2], StringComparison.Ordinal);

    [Fact]
    public void Without_a_run_there_is_an_empty_table()
    {
        var ran = Ran.Simulate(Daily with { Simulate = "2h:0h", Chart = true });

        Assert.Equal(0, ran.Code);
        Assert.Equal([.. Table.ReplaceLineEndings("\n").Split('\n')[..2], "", "There was no run, so that there is nothing to draw.", ""], ran.Lines);
        Assert.Equal("simulated 0 runs from 2026-07-01T12:00:00Z: 0 taken, 0 deleted, 0 left", ran.Errors.TrimEnd());
    }

    [Fact]
    public void Logs_what_each_run_did_when_asked_for()
    {
        var ran = Ran.Simulate(new SimulateOptions { Every = "1d", Keep = ["3d:1d"], Simulate = "1d:4d", Verbose = true });

        Assert.Equal(
            """
            2026-07-01T12:00:00Z simulated-autosnapshot-20260701T120000Z taken
            2026-07-02T12:00:00Z simulated-autosnapshot-20260702T120000Z taken
            2026-07-03T12:00:00Z simulated-autosnapshot-20260702T120000Z deleted: only 1 d 0 h after 2026-07-01T12:00:00Z (id 1), which is kept, and 3d:1d keeps one every 3d
            2026-07-03T12:00:00Z simulated-autosnapshot-20260703T120000Z taken
            2026-07-04T12:00:00Z simulated-autosnapshot-20260703T120000Z deleted: only 2 d 0 h after 2026-07-01T12:00:00Z (id 1), which is kept, and 3d:1d keeps one every 3d
            2026-07-04T12:00:00Z simulated-autosnapshot-20260704T120000Z taken
            simulated 4 runs every 1d from 2026-07-01T12:00:00Z to 2026-07-04T12:00:00Z: 4 taken, 2 deleted, 2 left

            """,
            ran.Errors,
            ignoreLineEndingDifferences: true);
        Assert.Equal(5, ran.Lines.Length);
    }

    [Fact]
    public void Writes_json_for_programs()
    {
        var json = Ran.Simulate(Readme with { Json = true }).Json;

        Assert.Equal("elapsed", json.GetProperty("timing").GetString());
        Assert.StartsWith("A snapshot is taken every day and kept until it is 1 week old;", json.GetProperty("policy").GetString(), StringComparison.Ordinal);
        Assert.Equal((540, 90, 77), (Number("runs"), Number("taken"), Number("deleted")));
        Assert.Equal(("2018-10-09T01:47:36Z", "2019-01-06T21:47:36Z"), (json.GetProperty("firstRun").GetString(), json.GetProperty("lastRun").GetString()));
        Assert.Equal(
            Table.ReplaceLineEndings("\n").Split('\n')[2..^1],
            json.GetProperty("left").EnumerateArray().Select(one => $"{one.GetProperty("createdAt").GetString(),-23} {one.GetProperty("name").GetString()}"));
        Assert.Equal([null, "2w:1w", "1w:1m"], json.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("rule").GetString()));
        Assert.Equal([7, 1, 5], json.GetProperty("groups").EnumerateArray().Select(group =>
            group.GetProperty("counts").EnumerateArray().Last().GetProperty("count").GetInt32()));

        int Number(string name) => json.GetProperty(name).GetInt32();
    }

    [Fact]
    public void Json_of_no_run_has_no_last_one() =>
        Assert.Equal(System.Text.Json.JsonValueKind.Null, Ran.Simulate(Daily with { Simulate = "2h:0h", Json = true }).Json.GetProperty("lastRun").ValueKind);
}
