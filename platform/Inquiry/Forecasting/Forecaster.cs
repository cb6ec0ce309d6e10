using DoSnapshot.Inquiry.WhatIf;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Inquiry.Forecasting;

/// <summary>Runs the planner's own decisions forward in time.</summary>
public static class Forecaster
{
    private const decimal DaysOfMonth = 30;

    /// <summary>Foretells.</summary>
    /// <param name="fleet">What the log knows about each droplet.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="terms">What is wanted.</param>
    public static Forecast Of(IReadOnlyList<DropletLedger> fleet, DateTimeOffset now, ForecastTerms terms)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(terms);
        var (snapshots, gigabytes) = (new DailyLevel(), new DailyLevel());
        var rows = new List<ForecastSnapshot>();
        // A plan of which too much would go at once is braked as a whole; what it holds stays until somebody has looked.
        var (_, found) = Braking.Check(fleet, now);
        var braked = found.Select(b => b.Plan).ToHashSet(StringComparer.Ordinal);
        var brakes = Braking.InForce(fleet, now).Select(b => b.Describe())
            .Concat(found.Select(b => $"nothing of plan '{b.Plan}' will expire: {b.Detail}"))
            .ToList();
        foreach (var ledger in fleet)
        {
            var one = new DropletForecast(ledger, now, terms, braked);
            one.Run();
            brakes.AddRange(one.Brakes);
            foreach (var row in one.Rows())
            {
                var begins = row.IsToCome ? row.CreatedAt : now;
                snapshots.Add(begins, 1);
                gigabytes.Add(begins, row.SizeGigabytes);
                if (row.Goes is { } goes)
                {
                    snapshots.Add(goes.At, -1);
                    gigabytes.Add(goes.At, -row.SizeGigabytes);
                }

                if (!row.IsToCome || row.Goes is not null)
                {
                    rows.Add(row);
                }
            }
        }

        var first = DailyLevel.DayOf(now);
        return new Forecast(
            now,
            terms.Until,
            [.. rows.OrderBy(r => r.DropletName, StringComparer.Ordinal).ThenBy(r => r.DropletId).ThenBy(r => r.CreatedAt).ThenBy(r => r.SnapshotId)],
            [
                .. snapshots.Series(first, terms.Until).Zip(gigabytes.Series(first, terms.Until), (s, g) => new ForecastDay(
                    DateOnly.FromDayNumber(s.Day), (int)s.AtEnd, g.AtEnd, decimal.Round(g.Area * terms.Price / DaysOfMonth, 4))),
            ],
            [.. brakes]);
    }
}
