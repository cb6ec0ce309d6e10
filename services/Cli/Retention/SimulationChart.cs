using System.Globalization;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Cli.Retention;

/// <summary>
/// Draws in at most 80 columns of plain text, rule by rule, how many snapshots existed over time, and when those were taken that are left.
/// </summary>
internal sealed class SimulationChart
{
    /// <summary>The width of a chart where there is room for it.</summary>
    public const int MostWidth = 80;

    private const int MostColumns = 56;

    // Two days, and two blanks between them; the first alone.
    private const int ColumnsForBothDays = 22;
    private const int LeastColumns = 10;

    // What stands around the columns: " |" before them, and behind them "| 123456".
    private const int Frame = 10;

    private readonly SimulationResult result;
    private readonly string[] labels;
    private readonly int labelWidth;
    private readonly int columns;

    private SimulationChart(SimulationResult result, int width)
    {
        this.result = result;
        labels = [.. result.Groups.Select(group => group.Rule?.ToString() ?? Unreached(result)), "all"];
        labelWidth = labels.Max(label => label.Length);
        columns = (int)Math.Min(result.Runs, Math.Clamp(Math.Min(width, MostWidth) - Frame - labelWidth, LeastColumns, MostColumns));
    }

    /// <summary>Draws a simulation.</summary>
    /// <param name="result">The simulation.</param>
    /// <param name="width">How many columns a line may have. Below 20 and the widest rule it has more.</param>
    /// <param name="output">Takes the chart.</param>
    public static void Write(SimulationResult result, int width, TextWriter output)
    {
        if (result.Runs == 0)
        {
            output.WriteLine("There was no run, so that there is nothing to draw.");
            return;
        }

        new SimulationChart(result, width).Write(output);
    }

    private void Write(TextWriter output)
    {
        var runs = (result.Runs / (double)columns).ToString("0.##", CultureInfo.InvariantCulture);
        output.WriteLine($"Runs in a column: {runs}, one every {result.Terms.Interval}. '.' is none, '#' ten or more.");
        output.WriteLine();
        output.WriteLine("Snapshots over time, by the rule they fell to; behind the bar, at the end:");
        Write(output, [.. result.Groups.Select(OverTime)], row => row[^1]);
        output.WriteLine();
        output.WriteLine("Snapshots left at the end, by when they were taken; behind the bar, their sum:");
        Write(output, LeftByGroup(), row => row.Sum());
    }

    private void Write(TextWriter output, int[][] rows, Func<int[], int> total)
    {
        int[] all = [.. Enumerable.Range(0, columns).Select(column => rows.Sum(row => row[column]))];
        output.WriteLine($"{new string(' ', labelWidth)}  {Axis()}");
        foreach (var (label, row) in labels.Zip([.. rows, all]))
        {
            output.WriteLine($"{label.PadLeft(labelWidth)} |{string.Concat(row.Select(Mark))}| {total(row)}");
        }
    }

    private static string Unreached(SimulationResult result) =>
        result.Groups.Length > 1 ? $"below {result.Groups[1].Rule!.Value.Age}" : "no rule";

    private static char Mark(int count) => count switch
    {
        0 => '.',
        < 10 => (char)('0' + count),
        _ => '#',
    };

    // The last day only where there is room for both.
    private string Axis()
    {
        var first = Stamp.Day(result.Terms.Start);
        return columns < ColumnsForBothDays ? first : first + Stamp.Day(result.LastRun!.Value).PadLeft(columns - first.Length);
    }

    /// <summary>The number after the last run of each column.</summary>
    private int[] OverTime(GroupHistory group)
    {
        var counts = new int[columns];
        for (var column = 0; column < columns; column++)
        {
            var lastRun = (((column + 1) * result.Runs) - 1) / columns;
            counts[column] = group.CountOn(FirstRun + (lastRun * result.Terms.Interval.Duration));
        }

        return counts;
    }

    /// <summary>For each group, how many of those that fall to it at the last run were taken in each column.</summary>
    private int[][] LeftByGroup()
    {
        int[][] counts = [.. result.Groups.Select(_ => new int[columns])];
        foreach (var snapshot in result.Left)
        {
            var run = (snapshot.TakenAt - FirstRun).Ticks / result.Terms.Interval.Duration.Ticks;
            counts[GroupOf(snapshot)][run * columns / result.Runs]++;
        }

        return counts;
    }

    // A run judges what was there before it, not what it takes.
    private int GroupOf(SimulatedSnapshot snapshot) => snapshot.TakenAt == result.LastRun
        ? 0
        : result.Groups.Count(group => group.Rule is { } rule && rule.Age.Duration <= result.LastRun - snapshot.Point.CreatedAt);

    private DateTimeOffset FirstRun => result.LastRun!.Value - ((result.Runs - 1) * result.Terms.Interval.Duration);
}
