namespace DoSnapshot.Retention.Tests;

public sealed class PeriodTests
{
    private static readonly Dictionary<string, (string? Text, int Hours, string Written)> Good = new(StringComparer.Ordinal)
    {
        ["hours"] = ("4h", 4, "4h"),
        ["days"] = ("3d", 72, "3d"),
        ["weeks of 7 days"] = ("2w", 336, "2w"),
        ["months of 30 days"] = ("6m", 4320, "6m"),
        ["zero hours"] = ("0h", 0, "0h"),
        ["zero days stay days"] = ("0d", 0, "0d"),
        ["several digits"] = ("1234h", 1234, "1234h"),
        ["leading zeros"] = ("007d", 168, "7d"),
        ["more zeros than a number has digits"] = ("00000000000000000000000000000001d", 24, "1d"),
        ["only zeros"] = ("000w", 0, "0w"),
        ["blanks around"] = ("  3d ", 72, "3d"),
        ["tab and line end around"] = ("\t3d\r\n", 72, "3d"),
        ["no-break space around"] = ("\u00a03d\u00a0", 72, "3d"),
        ["most hours"] = ("876000h", 876_000, "876000h"),
        ["most days"] = ("36500d", 876_000, "36500d"),
        ["most weeks"] = ("5214w", 875_952, "5214w"),
        ["most months"] = ("1216m", 875_520, "1216m"),
    };

    private static readonly Dictionary<string, string> Bad = new(StringComparer.Ordinal)
    {
        ["empty"] = "",
        ["blank"] = "   ",
        ["unit alone"] = "d",
        ["number alone"] = "3",
        ["unknown unit"] = "3y",
        ["seconds"] = "3s",
        ["capital unit"] = "3D",
        ["unit first"] = "d3",
        ["two units"] = "3dd",
        ["two periods"] = "1d2h",
        ["two periods apart"] = "1d 2h",
        ["blank inside"] = "3 d",
        ["blank between digits"] = "1 3d",
        ["negative"] = "-3d",
        ["signed"] = "+3d",
        ["fraction"] = "1.5d",
        ["thousands separator"] = "1,000h",
        ["exponent"] = "1e3h",
        ["hexadecimal"] = "0x3d",
        ["digits that are not ASCII"] = "\u0663d",
        ["full-width digits"] = "\uff13d",
        ["full-width unit"] = "3\uff44",
        ["zero byte at the end"] = "3d\0",
        ["zero-width space around"] = "\u200b3d",
        ["a rule"] = "3d:1d",
        ["one hour too many"] = "876001h",
        ["one day too many"] = "36501d",
        ["one week too many"] = "5215w",
        ["one month too many"] = "1217m",
        ["wraps round 32 bits"] = "4294967297h",
        ["wraps round 64 bits"] = "18446744073709551617h",
        ["more digits than any number"] = new string('9', 10_000) + "m",
    };

    public static TheoryData<string> GoodNames => new(Good.Keys);

    public static TheoryData<string> BadNames => new(Bad.Keys);

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void Reads_a_period(string name)
    {
        (string? text, int hours, string written) = Good[name];

        Assert.True(Period.TryParse(text, out Period period));
        Assert.Equal(TimeSpan.FromHours(hours), period.Duration);
        Assert.Equal(written, period.ToString());
        Assert.Equal(period, Period.Parse(text!));
        Assert.Equal(period, Period.Parse(written));
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void Refuses_what_is_no_period_and_quotes_it(string name)
    {
        string text = Bad[name];

        Assert.False(Period.TryParse(text, out Period period));
        Assert.Equal(default, period);
        FormatException error = Assert.Throws<FormatException>(() => Period.Parse(text));
        Assert.StartsWith($"\"{text}\" is not a period", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_null()
    {
        Assert.False(Period.TryParse(null, out _));
        Assert.Throws<ArgumentNullException>("text", () => Period.Parse(null!));
    }

    [Fact]
    public void The_default_is_zero_hours()
    {
        Assert.Equal(Period.Parse("0h"), default);
        Assert.Equal("0h", default(Period).ToString());
    }

    [Fact]
    public void Is_equal_when_written_alike_not_when_as_long()
    {
        Assert.Equal(Period.Parse("07d"), Period.Parse(" 7d"));
        Assert.NotEqual(Period.Parse("7d"), Period.Parse("1w"));
        Assert.NotEqual(Period.Parse("7d"), Period.Parse("8d"));
    }
}
