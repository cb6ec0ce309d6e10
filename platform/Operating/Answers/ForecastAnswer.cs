using System.Globalization;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Forecasting;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Operating.Answers;

/// <summary>In which form a forecast is given.</summary>
internal enum ForecastForm
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For calendars.</summary>
    Calendar,
}

/// <summary>What is asked of a forecast.</summary>
/// <param name="Subject">A plan, a droplet or a snapshot; null for everything.</param>
/// <param name="Days">For how many days.</param>
/// <param name="Price">Dollars for a gigabyte and month.</param>
internal sealed record ForecastQuestion(string? Subject, int Days, decimal Price)
{
    /// <summary>As many as anybody can mean.</summary>
    public const int MostDays = 3660;

    /// <summary>So many unless it is said.</summary>
    public const int UsualDays = 30;
}

/// <summary>What goes next, when and why, if everything goes on as it is.</summary>
internal static class ForecastAnswer
{
    private const int MostRows = 100;

    /// <summary>Answers.</summary>
    /// <exception cref="SubjectException">The log knows nothing of that name, or several things.</exception>
    public static async Task WriteAsync(IEventLog log, ForecastQuestion question, DateTimeOffset now, ForecastForm form, TextWriter output, CancellationToken ct)
    {
        var (fleet, snapshot) = await FindAsync(log, question.Subject, ct);
        var forecast = Forecaster.Of(fleet, now, new ForecastTerms(now.AddDays(question.Days)) { Price = question.Price });
        if (snapshot is { } id)
        {
            forecast = forecast with { Snapshots = [.. forecast.Snapshots.Where(s => s.SnapshotId == id)] };
        }

        switch (form)
        {
            case ForecastForm.Json:
                ForecastJson.Write(forecast, output);
                break;
            case ForecastForm.Calendar:
                ForecastCalendar.Write(forecast, output);
                break;
            default:
                Tell(forecast, isOne: snapshot is not null, output);
                break;
        }
    }

    /// <summary>Why one goes, in words.</summary>
    internal static string Why(ForecastSnapshot s) => s.Goes is not { } goes
        ? ""
        : goes.Rule is not { } rule
            ? "asked for by hand"
            : goes.InFavourOf is { } other
                ? $"rule {rule} keeps '{other.Name}'{(other.IsToCome ? ", which is yet to come," : "")} {Span(other.Distance)} away, in its place"
                : $"rule {rule}";

    private static async Task<(IReadOnlyList<DropletLedger> Fleet, Guid? Snapshot)> FindAsync(IEventLog log, string? subject, CancellationToken ct)
    {
        if (subject is null)
        {
            return (await log.LoadLedgersAsync(null, ct), null);
        }

        var (plan, droplet, snapshot) = await Subjects.AnyAsync(log, subject, ct);
        if (plan is not null)
        {
            return ([.. (await log.LoadLedgersAsync(null, ct)).Where(l => string.Equals(l.Droplet?.Plan, plan.Name, StringComparison.Ordinal))], null);
        }

        var ledgers = await log.LoadLedgersAsync([droplet?.DropletId ?? snapshot!.DropletId], ct);
        return snapshot is { Live: false }
            ? throw new SubjectException("", subject, SubjectTrouble.Unusable, $": it is {snapshot.Phase.ToString().ToLowerInvariant()} already; 'explain' says why")
            : (ledgers, snapshot?.SnapshotId);
    }

    private static void Tell(Forecast forecast, bool isOne, TextWriter output)
    {
        foreach (var brake in forecast.Brakes)
        {
            output.WriteLine(ShownText.Of($"The brake: {brake}."));
        }

        var going = forecast.Departures.ToList();
        if (going.Count > 0)
        {
            new TextTable<ForecastSnapshot>()
                .Left("GOES", s => Stamp.Of(s.Goes!.At))
                .Left("DROPLET", s => s.DropletName)
                .Left("SNAPSHOT", s => s.IsToCome ? $"{s.Name} *" : s.Name)
                .Left("MADE", s => Stamp.Of(s.CreatedAt))
                .Right("GB", s => Decimal(s.SizeGigabytes))
                .Left("WHY", Why)
                .Write([.. going.Take(MostRows)], output);
            if (going.Count > MostRows)
            {
                output.WriteLine($"... and {going.Count - MostRows} more; --json has them all.");
            }

            if (going.Exists(s => s.IsToCome))
            {
                output.WriteLine("* is yet to come.");
            }
        }
        else
        {
            output.WriteLine($"Nothing goes until {Stamp.Of(forecast.Until)}, if everything goes on as it is.");
        }

        foreach (var held in forecast.Snapshots.Where(s => s is { Goes: null, Held: not null }))
        {
            output.WriteLine(ShownText.Of($"'{held.Name}' of '{held.DropletName}' would go and is held by guard {held.Held!.Guard}: {held.Held.Detail}."));
        }

        if (!isOne && forecast.Days is [var first, ..])
        {
            var last = forecast.Days[^1];
            output.WriteLine();
            output.WriteLine(
                $"{going.Count} go until {Stamp.Of(forecast.Until)}. {first.Day:yyyy-MM-dd}: {first.Snapshots} snapshots, {Decimal(first.Gigabytes)} GB; {last.Day:yyyy-MM-dd}: {last.Snapshots} snapshots, {Decimal(last.Gigabytes)} GB. In all {forecast.Days.Sum(d => d.Cost).ToString("0.00", CultureInfo.InvariantCulture)} $.");
        }
    }

    private static string Span(TimeSpan span) => span.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} d")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h");

    private static string Decimal(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
