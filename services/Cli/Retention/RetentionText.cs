using System.Globalization;

namespace DoSnapshot.Cli.Retention;

/// <summary>A forecast for people: one line a snapshot, then the sum.</summary>
internal static class RetentionText
{
    /// <summary>Writes a table for each droplet, and the sum.</summary>
    public static void Write(RetentionForecast forecast, IReadOnlyList<DropletForecast> droplets, RetentionSum sum, TextWriter output)
    {
        foreach (var droplet in droplets)
        {
            if (droplet.Droplet is { } name)
            {
                output.WriteLine($"Droplet {ShownText.Of(name)}");
            }

            WriteTable(droplet, output);
            output.WriteLine();
        }

        output.WriteLine(Sentence(forecast, sum));
    }

    private static void WriteTable(DropletForecast droplet, TextWriter output)
    {
        var table = new TextTable<ForecastVerdict>()
            .Left("Created", one => Stamp.Of(one.Verdict.Point.CreatedAt))
            .Right("Id", one => one.Snapshot.Id.ToString(CultureInfo.InvariantCulture))
            .Right("GB", one => Number(one.Snapshot.SizeGigabytes));
        if (droplet.Verdicts.Any(one => one.Snapshot.Name is not null))
        {
            table.Left("Name", one => one.Snapshot.Name ?? "");
        }

        table.Left("Verdict", one => one.HeldBy is { } guard ? $"{one.Verdict.Reason}; held by {guard}" : one.Verdict.Reason.Describe());
        table.Write(droplet.Verdicts, output);
    }

    private static string Sentence(RetentionForecast forecast, RetentionSum sum)
    {
        var policy = forecast.Policy.Rules.IsEmpty ? "Without a rule" : $"By {forecast.Policy}";
        var held = sum.Held == 0 ? "" : $", {sum.Held} held by a guard";
        var unknown = sum.SizesUnknown == 0 ? "" : $" and {sum.SizesUnknown} of unknown size";
        var money = sum.FreedPerMonth.ToString("0.00", CultureInfo.InvariantCulture);
        return $"{policy}, at {Stamp.Of(forecast.Now)}: {sum.Snapshots} {(sum.Snapshots == 1 ? "snapshot" : "snapshots")}, {sum.Kept} kept{held}, {sum.Deleted} to delete. "
            + $"That frees {Number(sum.FreedGigabytes)} GB{unknown}: ${money} a month at ${Number(sum.Price)} a GB.";
    }

    private static string Number(decimal? number) => number?.ToString("0.####", CultureInfo.InvariantCulture) ?? "?";
}
