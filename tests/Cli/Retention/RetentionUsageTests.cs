using DoSnapshot.Cli.Retention;

namespace DoSnapshot.Cli.Tests.Retention;

/// <summary>What <c>retention</c> refuses, and how it says where the fault is.</summary>
public sealed class RetentionUsageTests
{
    private static readonly RetentionOptions FromInput = new() { Snapshots = "-", Keep = ["3d:1d"] };

    private static readonly Dictionary<string, (string Input, string Beginning)> BadLists = new(StringComparer.Ordinal)
    {
        ["empty"] = ("", "line 1, byte 1: this is not JSON"),
        ["no JSON"] = ("[\n  {\"id\": 1,}\n]", "line 2, byte 12: this is not JSON"),
        ["cut off"] = ("[{\"id\": 1", "line 1, byte 10: this is not JSON"),
        ["two values"] = ("[] []", "line 1, byte 4: this is not JSON"),
        ["a number"] = ("17", "a JSON array of snapshots is wanted"),
        ["an object without a list"] = ("{\"snapshots\": {}}", "a JSON array of snapshots is wanted"),
        ["a list of numbers"] = ("[17]", "entry 1: an object with id and created_at is wanted, not 17"),
        ["no id"] = ("[{\"created_at\": \"2026-06-30T11:00:00Z\"}]", "entry 1: id is missing"),
        ["id null"] = ("[{\"id\": null, \"created_at\": \"2026-06-30T11:00:00Z\"}]", "entry 1: id is missing"),
        ["id with a fraction"] = ("[{\"id\": 1.5, \"created_at\": \"2026-06-30T11:00:00Z\"}]", "entry 1: id 1.5 is no whole number"),
        ["id in words"] = ("[{\"id\": \"one\", \"created_at\": \"2026-06-30T11:00:00Z\"}]", "entry 1: id \"one\" is no whole number"),
        ["no date"] = ("[{\"id\": 1, \"created_at\": \"2026-06-30T11:00:00Z\"}, {\"id\": 2}]", "entry 2: created_at is missing"),
        ["month 13"] = ("[{\"id\": 1, \"created_at\": \"2026-13-30T11:00:00Z\"}]", "entry 1: created_at \"2026-13-30T11:00:00Z\" is no time"),
        ["date as a number"] = ("[{\"id\": 1, \"created_at\": 1782817200}]", "entry 1: created_at 1782817200 is no time"),
        ["name as a number"] = ("[{\"id\": 1, \"created_at\": \"2026-06-30\", \"name\": 5}]", "entry 1: name 5 is no text"),
        ["size in words"] = ("[{\"id\": 1, \"created_at\": \"2026-06-30\", \"size_gigabytes\": \"2\"}]", "entry 1: size_gigabytes \"2\" is no size"),
        ["negative size"] = ("[{\"id\": 1, \"created_at\": \"2026-06-30\", \"size_gigabytes\": -1}]", "entry 1: size_gigabytes -1 is no size"),
        ["size without bounds"] = ("[{\"id\": 1, \"created_at\": \"2026-06-30\", \"size_gigabytes\": 1e300}]", "entry 1: size_gigabytes 1e300 is no size"),
        ["droplet as a list"] = ("[{\"id\": 1, \"created_at\": \"2026-06-30\", \"resource_id\": []}]", "entry 1: resource_id [] is no id"),
        ["half a character in a name"] = ("[{\"id\": 1, \"created_at\": \"2026-06-30\", \"name\": \"\\ud800\"}]", "entry 1: a text in it is not Unicode"),
        ["half a character in a date"] = ("[{\"id\": 1, \"created_at\": \"\\udc00\"}]", "entry 1: a text in it is not Unicode"),
        ["half a character in a member"] = ("[{\"\\ud800\": 1}]", "entry 1: a text in it is not Unicode"),
        ["half a character around the list"] = ("{\"\\ud800snapshots\": []}", "a text in it is not Unicode"),
        ["what commands a terminal"] = ("[\"\u009b2J\u202e\"]", "entry 1: an object with id and created_at is wanted, not \"?2J?\""),
        ["not a number"] = ("[{\"id\": NaN}]", "line 1, byte 9: this is not JSON"),
        ["deeper than deep"] = (new string('[', 100), "line 1, byte 65: this is not JSON"),
        ["id beyond all numbers"] = ("[{\"id\": 9223372036854775808}]", "entry 1: id 9223372036854775808 is no whole number"),
        ["date before the calendar"] = (
            "[{\"id\": 1, \"created_at\": \"0001-01-01T00:00:00+05:00\"}]", "entry 1: created_at \"0001-01-01T00:00:00+05:00\" is no time"),
        ["a long value is cut"] = ($"[\"{new string('x', 500)}\"]", $"entry 1: an object with id and created_at is wanted, not \"{new string('x', 59)}..."),
    };

    private static readonly Dictionary<string, (RetentionOptions Options, string Beginning)> BadOptions = new(StringComparer.Ordinal)
    {
        ["bad rule"] = (FromInput with { Keep = ["3d"] }, "-k/--keep '3d': INTERVAL:AGE is wanted"),
        ["bad moment"] = (FromInput with { At = "noon" }, "--at 'noon': a time such as 2018-10-09T01:47:36Z is wanted"),
        ["bad timing"] = (FromInput with { Timing = "Anchored" }, "--timing 'Anchored': elapsed or anchored is wanted"),
        ["anchored without -s"] = (FromInput with { Timing = "anchored" }, "-s/--snapshot: --timing anchored needs the time between snapshots"),
        ["anchored with bad -s"] = (FromInput with { Timing = "anchored", Every = "1x" }, "-s/--snapshot '1x': a number followed by"),
        ["anchored with -s zero"] = (FromInput with { Timing = "anchored", Every = "0h" }, "-s/--snapshot '0h': it must be more than zero"),
        ["bad -s that is not needed"] = (FromInput with { Every = "daily" }, "-s/--snapshot 'daily': a number followed by"),
        ["negative -s"] = (FromInput with { Every = "-1d" }, "-s/--snapshot '-1d': a number followed by"),
        ["bad time of day"] = (
            FromInput with { Timing = "anchored", Every = "1d", AtTimeOfDay = "3am" }, "--at-time-of-day '3am': a time of day such as 03:00 is wanted"),
        ["time of day by elapsed time"] = (FromInput with { AtTimeOfDay = "03:00" }, "--at-time-of-day '03:00': it needs --timing anchored"),
        ["negative price"] = (FromInput with { Price = "-1" }, "--price '-1': a number of dollars such as 0.06 is wanted"),
        ["no price"] = (FromInput with { Price = "cheap" }, "--price 'cheap': a number of dollars such as 0.06 is wanted"),
        ["no file given"] = (FromInput with { Snapshots = null }, "--snapshots: a JSON file with a list of snapshots is wanted"),
        ["no such file"] = (FromInput with { Snapshots = "no/such.json" }, "--snapshots 'no/such.json': there is no such file"),
        ["a folder"] = (FromInput with { Snapshots = "/" }, "--snapshots '/': it cannot be read: "),
    };

    public static TheoryData<string> ListNames => new(BadLists.Keys);

    public static TheoryData<string> OptionNames => new(BadOptions.Keys);

    [Theory]
    [MemberData(nameof(ListNames))]
    public void Refuses_a_bad_list_and_names_the_place(string name) =>
        Ran.Retention(FromInput, BadLists[name].Input).IsRefused($"--snapshots '-': {BadLists[name].Beginning}");

    [Theory]
    [MemberData(nameof(OptionNames))]
    public void Refuses_wrong_usage_and_names_the_option(string name) =>
        Ran.Retention(BadOptions[name].Options, "[]").IsRefused(BadOptions[name].Beginning);

    [Fact]
    public void Refuses_bytes_that_are_no_text()
    {
        byte[] bytes = [.. "[{\"id\": 1, \"created_at\": \"2026-06-30\", \"name\": \""u8, 0xff, 0xfe, .. "\"}]"u8];
        using var input = new MemoryStream(bytes);

        Ran.Retention(FromInput, input).IsRefused("--snapshots '-': entry 1: a text in it is not Unicode");
    }

    [Fact]
    public void Refuses_an_input_without_an_end_or_one_that_breaks_off()
    {
        using var endless = new OddInput(read => read.Length);
        using var broken = new OddInput(_ => throw new IOException("no more of it"));

        Ran.Retention(FromInput, endless).IsRefused("--snapshots '-': it is larger than 128 MB");
        Ran.Retention(FromInput, broken).IsRefused("--snapshots '-': it cannot be read: no more of it");
    }

    [Fact]
    public void Reads_a_file_and_names_it_when_it_is_bad()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        try
        {
            File.WriteAllText(path, "[{\"id\": 1}]");
            Ran.Retention(FromInput with { Snapshots = path }).IsRefused($"--snapshots '{path}': entry 1: created_at is missing");

            // With a byte order mark, as some editors write it.
            File.WriteAllText(path, "[{\"id\": 1, \"created_at\": \"2026-06-30\"}]", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            Assert.Equal(0, Ran.Retention(FromInput with { Snapshots = path }).Code);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
