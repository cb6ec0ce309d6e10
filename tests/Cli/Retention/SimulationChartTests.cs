using DoSnapshot.Cli.Retention;

namespace DoSnapshot.Cli.Tests.Retention;

public sealed class SimulationChartTests
{
    [Fact]
    public void Draws_the_readmes_broken_policy_so_that_the_fault_is_seen() => Assert.Equal(
        """
        Runs in a column: 9.64, one every 4h. '.' is none, '#' ten or more.

        Snapshots over time, by the rule they fell to; behind the bar, at the end:
                  2018-10-09                                    2019-01-06
        below 1w |24577777777777777777777777777777777777777777777777777777| 7
           2w:1w |....1111111112222211122222211122222211122222111222222111| 1
           1w:1m |..................11111111122222222233333333444444444555| 5
             all |245788888888899999999###################################| 13

        Snapshots left at the end, by when they were taken; behind the bar, their sum:
                  2018-10-09                                    2019-01-06
        below 1w |...................................................12121| 7
           2w:1w |...........................................1............| 1
           1w:1m |1.......1........1........1.......1.....................| 5
             all |1.......1........1........1.......1........1.......12121| 13

        """,
        Chart("1d", "4h:3m", "2018-10-09T01:47:36Z", "2w:1w", "1w:1m"),
        ignoreLineEndingDifferences: true);

    // Every hour, each an hour later in the third group, which has none: it deletes at once.
    [Fact]
    public void Draws_one_column_for_each_run_where_there_are_few() => Assert.Equal(
        """
        Runs in a column: 1, one every 1h. '.' is none, '#' ten or more.

        Snapshots over time, by the rule they fell to; behind the bar, at the end:
                  2026-07-01
        below 2h |122222| 2
           2h:2h |..1111| 1
           0h:4h |......| 0
             all |123333| 3

        Snapshots left at the end, by when they were taken; behind the bar, their sum:
                  2026-07-01
        below 2h |....11| 2
           2h:2h |..1...| 1
           0h:4h |......| 0
             all |..1.11| 3

        """,
        Chart("1h", "1h:6h", "2026-07-01T12:00:00Z", "2h:2h", "0h:4h"),
        ignoreLineEndingDifferences: true);

    [Fact]
    public void Without_a_rule_there_is_one_group() =>
        Assert.Contains("no rule |12| 2", Chart("1h", "1h:2h", "2026-07-01T12:00:00Z"), StringComparison.Ordinal);

    [Theory]
    [InlineData("1h:120m")]
    [InlineData("1h:80h")]
    [InlineData("1h:56h")]
    [InlineData("1d:36500d")]
    public void Fits_80_columns(string simulate)
    {
        var lines = Chart("1h", simulate, "2026-07-01T12:00:00Z", "36500d:36499d", "1d:36498d", "3d:1h").Split('\n');

        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Theory]
    [InlineData(200, 56, true)]
    [InlineData(80, 56, true)]
    [InlineData(50, 32, true)]
    [InlineData(40, 22, true)]
    [InlineData(39, 21, false)]
    [InlineData(28, 10, false)]
    [InlineData(1, 10, false)]
    [InlineData(0, 10, false)]
    public void Takes_no_more_columns_than_a_narrow_terminal_has(int width, int columns, bool bothDays)
    {
        var ran = Ran.Simulate(new SimulateOptions { Every = "1d", Keep = ["2d:1d"], Simulate = "4h:3m", Chart = true, ChartWidth = () => width });

        var bars = ran.Lines.Where(line => line.Contains('|', StringComparison.Ordinal)).ToList();
        Assert.Equal(6, bars.Count);
        Assert.All(bars, bar => Assert.Equal(columns, bar.Split('|')[1].Length));
        Assert.All(bars, bar => Assert.InRange(bar.Length, 0, Math.Max(width, 28)));
        Assert.Equal(bothDays ? 2 : 0, ran.Lines.Count(line => line.TrimEnd().EndsWith("2026-09-29", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_width_is_asked_for_a_chart_alone() => Assert.Equal(
        0, Ran.Simulate(new SimulateOptions { Every = "1d", Simulate = "4h:1d", ChartWidth = () => throw new InvalidOperationException() }).Code);

    private static string Chart(string every, string simulate, string from, params string[] keep)
    {
        var ran = Ran.Simulate(new SimulateOptions { Every = every, Keep = keep, Simulate = simulate, From = from, Chart = true });
        Assert.Equal(0, ran.Code);
        return string.Join('\n', ran.Lines.SkipWhile(line => line.Length > 0).Skip(1));
    }
}
