using System.Globalization;
using DoSnapshot.Inquiry.WhatIf;

namespace DoSnapshot.Operating.Answers;

/// <summary>Tells what another policy would have made of the history: a table of what differs, the sums, and a chart.</summary>
internal static class WhatIfText
{
    private const int MostRows = 50;
    private const int MostColumns = 60;

    // A block of eighths for each level of a column.
    private const string Levels = " ▁▂▃▄▅▆▇█";

    /// <summary>Writes it.</summary>
    public static void Write(WhatIfResult result, bool chart, TextWriter output)
    {
        if (result.IsSame)
        {
            output.WriteLine("Nothing would be different, nor would it have been at any time.");
        }

        Write("Kept, and would be gone or never made", [.. result.OnlyInTruth], s => Fate(s.Other), output);
        Write("Gone or never made, and would exist", [.. result.OnlyUnderOther], s => Fate(s.Truth), output);
        var earlier = result.Past.Length + result.PastCut;
        if (earlier > 0)
        {
            output.WriteLine($"{Number(earlier)} more exist in neither case, and would have ended otherwise or at another time.");
            output.WriteLine();
        }

        new TextTable<(string What, WhatIfTotal Total)>()
            .Left("", t => t.What)
            .Right("SNAPSHOTS", t => Number(t.Total.Snapshots))
            .Right("GB", t => Decimal(t.Total.Gigabytes))
            .Right("$ A MONTH", t => Money(t.Total.CostPerMonth))
            .Right("$ SO FAR", t => Money(t.Total.CostSoFar))
            .Write([("as it is", result.Truth), ("as it would be", result.Other)], output);
        if (result.Invented > 0)
        {
            output.WriteLine();
            output.WriteLine($"{Number(result.Invented)} snapshots are invented (marked with *): there never were such, as the plans asked for fewer. Each is given the size of the one before it.");
        }

        if (chart && result.Days.Length > 0)
        {
            output.WriteLine();
            WriteChart(result, output);
        }
    }

    private static void Write(string title, IReadOnlyList<WhatIfSnapshot> rows, Func<WhatIfSnapshot, string> fate, TextWriter output)
    {
        if (rows.Count == 0)
        {
            return;
        }

        output.WriteLine($"{title}: {Number(rows.Count)}");
        new TextTable<WhatIfSnapshot>()
            .Left("DROPLET", s => s.DropletName)
            .Left("SNAPSHOT", s => s.Invented ? $"{s.Name} *" : s.Name)
            .Left("MADE", s => Stamp.Of(s.CreatedAt))
            .Right("GB", s => Decimal(s.SizeGigabytes))
            .Left("INSTEAD", fate)
            .Write([.. rows.Take(MostRows)], output);
        if (rows.Count > MostRows)
        {
            output.WriteLine($"... and {Number(rows.Count - MostRows)} more; --json has them all.");
        }

        output.WriteLine();
    }

    private static void WriteChart(WhatIfResult result, TextWriter output)
    {
        var most = result.Days.Max(d => Math.Max(d.TruthGigabytes, d.OtherGigabytes));
        var columns = Math.Min(MostColumns, result.Days.Length);
        WhatIfDay[] shown = [.. Enumerable.Range(0, columns).Select(i => result.Days[(int)(((i + 1L) * result.Days.Length / columns) - 1)])];
        output.WriteLine($"GB stored, {Day(result.Days[0])} to {Day(result.Days[^1])}; a full block is {Decimal(most)} GB:");
        output.WriteLine($"{"as it is",14} |{string.Concat(shown.Select(d => Level(d.TruthGigabytes, most)))}| {Decimal(result.Truth.Gigabytes)}");
        output.WriteLine($"{"as it would be",14} |{string.Concat(shown.Select(d => Level(d.OtherGigabytes, most)))}| {Decimal(result.Other.Gigabytes)}");
    }

    private static char Level(decimal value, decimal most) => Levels[most <= 0 ? 0 : (int)Math.Ceiling(Math.Clamp(value / most, 0, 1) * (Levels.Length - 1))];

    private static string Fate(Fate fate) => fate.Kind switch
    {
        FateKind.Exists => "exists",
        FateKind.Deleted => $"deleted by {fate.Rule} at {(fate.At is { } at ? Stamp.Of(at) : "?")}",
        FateKind.Removed => $"removed by hand at {(fate.At is { } at ? Stamp.Of(at) : "?")}",
        FateKind.Lost => "deleted by somebody else",
        _ => "never made",
    };

    private static string Day(WhatIfDay day) => day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Decimal(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Money(decimal value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
