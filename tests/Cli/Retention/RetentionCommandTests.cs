using System.Text.Json;
using CsCheck;
using DoSnapshot.Cli.Retention;

namespace DoSnapshot.Cli.Tests.Retention;

public sealed class RetentionCommandTests
{
    private const string Four = """
        [
          {"id": 4, "created_at": "2026-07-01T11:00:00Z", "name": "web-4", "size_gigabytes": 2.5, "regions": ["nyc3"]},
          {"id": "3", "created_at": "2026-06-30T11:00:00Z", "name": "web-3", "size_gigabytes": 2.25},
          {"id": 2, "created_at": "2026-06-29T13:00:00+02:00", "name": "web-2", "size_gigabytes": 25},
          {"id": 1, "created_at": "2026-06-28T11:00:00.9Z", "name": "web-1"}
        ]
        """;

    private static readonly RetentionOptions FromInput = new() { Snapshots = "-", Keep = ["3d:1d"], At = "2026-07-01T12:00:00Z" };

    [Fact]
    public void Says_what_would_happen_to_each_snapshot_and_what_that_frees()
    {
        var ran = Ran.Retention(FromInput, Four);

        Assert.Equal((0, ""), (ran.Code, ran.Errors));
        Assert.Equal(
            """
            Created               Id    GB  Name   Verdict
            --------------------  --  ----  -----  -------
            2026-06-28T11:00:00Z   1     ?  web-1  kept: the oldest of those that fall to 3d:1d
            2026-06-29T11:00:00Z   2    25  web-2  deleted: only 1 d 0 h after 2026-06-28T11:00:00Z (id 1), which is kept, and 3d:1d keeps one every 3d
            2026-06-30T11:00:00Z   3  2.25  web-3  deleted: only 2 d 0 h after 2026-06-28T11:00:00Z (id 1), which is kept, and 3d:1d keeps one every 3d
            2026-07-01T11:00:00Z   4   2.5  web-4  kept: not yet 1d old, and no rule reaches anything younger

            By 3d:1d, at 2026-07-01T12:00:00Z: 4 snapshots, 2 kept, 2 to delete. That frees 27.25 GB: $1.64 a month at $0.06 a GB.

            """,
            ran.Output,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Writes_json_for_programs()
    {
        var json = Ran.Retention(FromInput with { Json = true, Price = "0.05" }, Four).Json;

        Assert.Equal(
            [
                """{"id":1,"name":"web-1","createdAt":"2026-06-28T11:00:00Z","keep":true,"reason":"kept: the oldest of those that fall to 3d:1d","kind":"firstOfGroup","rule":"3d:1d"}""",
                """{"id":2,"name":"web-2","createdAt":"2026-06-29T11:00:00Z","sizeGigabytes":25,"keep":false,"reason":"deleted: only 1 d 0 h after 2026-06-28T11:00:00Z (id 1), which is kept, and 3d:1d keeps one every 3d","kind":"tooClose","rule":"3d:1d","neighbour":{"id":1,"distanceSeconds":86400}}""",
                """{"id":3,"name":"web-3","createdAt":"2026-06-30T11:00:00Z","sizeGigabytes":2.25,"keep":false,"reason":"deleted: only 2 d 0 h after 2026-06-28T11:00:00Z (id 1), which is kept, and 3d:1d keeps one every 3d","kind":"tooClose","rule":"3d:1d","neighbour":{"id":1,"distanceSeconds":172800}}""",
                """{"id":4,"name":"web-4","createdAt":"2026-07-01T11:00:00Z","sizeGigabytes":2.5,"keep":true,"reason":"kept: not yet 1d old, and no rule reaches anything younger","kind":"notReached","nextChange":"2026-07-02T11:00:00Z"}""",
            ],
            json.GetProperty("verdicts").EnumerateArray().Select(Compact));
        Assert.Equal(
            """{"snapshots":4,"kept":2,"held":0,"deleted":2,"freedGigabytes":27.25,"sizesUnknown":0,"pricePerGigabyteMonth":0.05,"freedPerMonth":1.36}""",
            Compact(json.GetProperty("summary")));
        Assert.Equal(("3d:1d", "elapsed", "2026-07-01T12:00:00Z"), (Text(json, "policy"), Text(json, "timing"), Text(json, "at")));
    }

    [Fact]
    public void Gives_each_kind_of_reason_as_data()
    {
        var verdicts = Ran.Retention(FromInput with { Json = true, Keep = ["1d:1d", "0d:3d"] }, Four).Json.GetProperty("verdicts").EnumerateArray();

        Assert.Equal(["intervalZero", "firstOfGroup", "farEnough", "notReached"], verdicts.Select(one => Text(one, "kind")));
        Assert.Equal(["0d:3d", "1d:1d", "1d:1d"], verdicts.Take(3).Select(one => Text(one, "rule")));
        Assert.Equal(2, verdicts.ElementAt(2).GetProperty("neighbour").GetProperty("id").GetInt32());
    }

    [Fact]
    public void The_newest_is_held_by_a_guard_and_frees_nothing()
    {
        var options = FromInput with { Keep = ["0d:0h"] };
        var verdicts = Ran.Retention(options with { Json = true }, Four).Json.GetProperty("verdicts").EnumerateArray().ToList();

        Assert.All(verdicts, one => Assert.False(one.GetProperty("keep").GetBoolean()));
        Assert.Equal([null, null, null, "NewestComplete"], verdicts.Select(one => one.TryGetProperty("heldBy", out var guard) ? guard.GetString() : null));
        var lines = Ran.Retention(options, Four).Lines;
        Assert.EndsWith("deleted: 0d:0h keeps none that falls to it; held by NewestComplete", lines[5], StringComparison.Ordinal);
        Assert.Equal(
            "By 0d:0h, at 2026-07-01T12:00:00Z: 4 snapshots, 0 kept, 1 held by a guard, 3 to delete. That frees 27.25 GB and 1 of unknown size: "
            + "$1.64 a month at $0.06 a GB.",
            lines[7]);
    }

    [Fact]
    public void More_are_held_when_more_shall_remain()
    {
        var verdicts = Ran.Retention(FromInput with { Keep = ["0d:0h"], KeepAtLeast = 3, Json = true }, Four).Json.GetProperty("verdicts");

        Assert.Equal(
            [null, "KeepAtLeast", "KeepAtLeast", "NewestComplete"],
            verdicts.EnumerateArray().Select(one => one.TryGetProperty("heldBy", out var guard) ? guard.GetString() : null));
    }

    [Fact]
    public void A_daily_snapshot_half_a_minute_off_loses_its_place_by_elapsed_time_only() => Gen.Int[-30, 30].Array[30]
        .Select(Gen.Int[0, 86_399]).Sample(
            (wobbles, second) =>
            {
                var newest = Ran.Now - TimeSpan.FromSeconds(100 + second % 80_000);
                var snapshots = wobbles.Select((wobble, day) =>
                    new ListedSnapshot(day, newest - TimeSpan.FromDays(day) + TimeSpan.FromSeconds(wobble)));
                DropletSnapshots[] droplets = [new(null, [.. snapshots])];
                var options = new RetentionOptions { Keep = ["1d:7d", "0d:30d"], Every = "1d", Json = true };

                var anchored = Ran.Retention(options with { Timing = "anchored" }, droplets).Json.GetProperty("summary");
                var elapsed = Ran.Retention(options, droplets).Json.GetProperty("summary");

                Assert.Equal(30, anchored.GetProperty("kept").GetInt32());
                Assert.InRange(elapsed.GetProperty("kept").GetInt32(), 18, 30);
            },
            iter: 200);

    [Theory]
    [InlineData(null, "2026-06-29T11:00:00Z")]
    [InlineData("11:00", "2026-06-29T11:00:00Z")]
    [InlineData("22:00", "2026-06-29T22:00:00Z")]
    [InlineData("23:30", "2026-06-28T23:30:00Z")]
    public void Anchored_spacing_is_that_of_the_nearest_occurrences(string? timeOfDay, string slot)
    {
        var json = Ran.Retention(FromInput with { Timing = "anchored", Every = "1d", AtTimeOfDay = timeOfDay, Json = true }, Four).Json;

        Assert.Equal("anchored", Text(json, "timing"));
        Assert.Equal(slot, Text(json.GetProperty("verdicts")[1], "slot"));
    }

    [Fact]
    public void Judges_each_droplet_for_itself()
    {
        const string two = """
            {"snapshots": [
              {"id": 1, "created_at": "2026-06-28T11:00:00Z", "resource_id": "12"}, {"id": 2, "created_at": "2026-06-28T12:00:00Z", "resource_id": 34},
              {"id": 3, "created_at": "2026-06-28T13:00:00Z", "resource_id": "12"}], "links": {}}
            """;

        Assert.Equal(
            """
            Droplet 12
            Created               Id  GB  Verdict
            --------------------  --  --  -------
            2026-06-28T11:00:00Z   1   ?  kept: the oldest of those that fall to 3d:1d
            2026-06-28T13:00:00Z   3   ?  deleted: only 0 d 2 h after 2026-06-28T11:00:00Z (id 1), which is kept, and 3d:1d keeps one every 3d; held by NewestComplete

            Droplet 34
            Created               Id  GB  Verdict
            --------------------  --  --  -------
            2026-06-28T12:00:00Z   2   ?  kept: the oldest of those that fall to 3d:1d

            By 3d:1d, at 2026-07-01T12:00:00Z: 3 snapshots, 2 kept, 1 held by a guard, 0 to delete. That frees 0 GB: $0.00 a month at $0.06 a GB.

            """,
            Ran.Retention(FromInput, two).Output,
            ignoreLineEndingDifferences: true);
        Assert.Equal(["12", "12", "34"], Ran.Retention(FromInput with { Json = true }, two).Json.GetProperty("verdicts").EnumerateArray().Select(one => Text(one, "droplet")));
    }

    [Fact]
    public void Judges_now_where_no_moment_is_given_and_an_empty_list_too()
    {
        Assert.Equal(
            "Without a rule, at 2026-07-01T12:00:00Z: 0 snapshots, 0 kept, 0 to delete. That frees 0 GB: $0.00 a month at $0.06 a GB.",
            Ran.Retention(new RetentionOptions { Snapshots = "-" }, "[]").Output.Trim());
        Assert.Equal(0, Ran.Retention(FromInput with { Timing = "anchored", Every = "1d" }, new DropletSnapshots("web", [])).Code);
    }

    [Fact]
    public void An_id_that_occurs_twice_counts_once_as_the_older()
    {
        const string twice = """
            [{"id": 1, "created_at": "2026-06-30T11:00:00Z", "name": "b"}, {"id": 1, "created_at": "2026-06-29T11:00:00Z", "name": "a"}]
            """;

        Assert.Equal("a", Text(Assert.Single(Ran.Retention(FromInput with { Json = true }, twice).Json.GetProperty("verdicts").EnumerateArray()), "name"));
    }

    [Fact]
    public void A_name_with_line_ends_stays_on_its_line() => Assert.Equal(
        6, Ran.Retention(FromInput, """[{"id": 1, "created_at": "2026-06-30T11:00:00Z", "name": "a\r\nb\u2028c"}]""").Lines.Length);

    [Fact]
    public void What_commands_a_terminal_is_not_shown_to_it()
    {
        const string odd = """
            [{"id": 1, "created_at": "2026-06-30T11:00:00Z", "name": "a\u001b[31m\u0007\u009b2J\u202ez 日本", "resource_id": "\u001b]0;x"}]
            """;

        var ran = Ran.Retention(FromInput, odd);

        Assert.Equal("Droplet ?]0;x", ran.Lines[0]);
        Assert.Contains("  a?[31m??2J?z 日本  kept", ran.Lines[3], StringComparison.Ordinal);
        // A program is given what there was.
        Assert.Equal("a\u001b[31m\u0007\u009b2J\u202ez 日本", Text(Ran.Retention(FromInput with { Json = true }, odd).Json.GetProperty("verdicts")[0], "name"));
    }

    [Fact]
    public void An_id_may_be_any_whole_number_as_a_number_or_as_text()
    {
        const string ids = """
            [{"id": "-1", "created_at": "2026-06-01"}, {"id": -9223372036854775808, "created_at": "2026-06-01"}, {"id": "9223372036854775807", "created_at": "2026-06-01"}]
            """;

        Assert.Equal(
            [long.MinValue, -1, long.MaxValue],
            Ran.Retention(FromInput with { Json = true }, ids).Json.GetProperty("verdicts").EnumerateArray().Select(one => one.GetProperty("id").GetInt64()));
    }

    [Fact]
    public void One_snapshot_is_one() => Assert.Contains(
        ": 1 snapshot, 1 kept, 0 to delete.", Ran.Retention(FromInput, """[{"id": 1, "created_at": "2026-06-30T11:00:00Z"}]""").Output, StringComparison.Ordinal);

    [Fact]
    public void Judges_100_000_snapshots()
    {
        var many = Enumerable.Range(0, 100_000).Select(n => new ListedSnapshot(n, Ran.Now - TimeSpan.FromHours(n), $"web-{n}", 1)).ToList();
        var summary = Ran.Retention(new RetentionOptions { Keep = ["1d:1d", "1w:1w"], Json = true }, new DropletSnapshots("web", many))
            .Json.GetProperty("summary");

        // Those of 0 to 23 h, one a day of 1 to 6 d (24 to 167 h), one a week of 168 to 99,999 h.
        Assert.Equal(24 + 6 + (((99_999 - 168) / 168) + 1), summary.GetProperty("kept").GetInt32());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element, JsonSerializerOptions.Web);
}
