using System.Globalization;
using DoSnapshot.EventLog;
using DoSnapshot.Inquiry.Forecasting;

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
/// <param name="Staying">Whether snapshots are told of that stay, and that nothing has to hold: of a large fleet they are nearly all.</param>
internal sealed record ForecastQuestion(string? Subject, int Days, decimal Price, bool Staying = true)
{
    /// <summary>A year: of a large fleet each day is tens of thousands of decisions.</summary>
    public const int MostDays = 366;

    /// <summary>So many unless it is said.</summary>
    public const int UsualDays = 30;
}

/// <summary>What goes next, when and why, if everything goes on as it is.</summary>
internal static class ForecastAnswer
{
    private const int MostRows = 100;

    /// <summary>Over more days than these, months are told as well.</summary>
    private const int ManyDays = 45;

    /// <summary>Answers.</summary>
    /// <exception cref="SubjectException">The log knows nothing of that name, or several things, or the snapshot is not there.</exception>
    public static async Task WriteAsync(IEventLog log, ForecastQuestion question, DateTimeOffset now, ForecastForm form, TextWriter output, CancellationToken ct)
    {
        var (terms, snapshot) = await TermsAsync(log, question, now, ct);
        var forecast = Forecaster.Of(await log.LoadLedgersAsync(null, ct), now, terms, ct);
        if (snapshot is { } id)
        {
            // What is stored and what it costs is the droplet's, and was not asked.
            forecast = forecast with { Snapshots = [.. forecast.Snapshots.Where(s => s.SnapshotId == id)], Days = [], LeftOut = 0 };
        }
        else if (!question.Staying)
        {
            forecast = forecast with { Snapshots = [.. forecast.Snapshots.Where(s => s.Goes is not null || s.Held is not null)] };
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
                Tell(forecast, output);
                break;
        }
    }

    /// <summary>Why one goes, in words.</summary>
    internal static string Why(ForecastSnapshot s) => s.Goes switch
    {
        null => "",
        { Rule: null } => "asked for by hand",
        { Rule: var rule, InFavourOf: { } other } => $"rule {rule} keeps '{other.Name}'{(other.IsToCome ? ", which is yet to come," : "")} {Span(other.Distance)} away, in its place",
        { Rule: var rule } => $"rule {rule}",
    };

    private static async Task<(ForecastTerms Terms, Guid? Snapshot)> TermsAsync(IEventLog log, ForecastQuestion question, DateTimeOffset now, CancellationToken ct)
    {
        var terms = new ForecastTerms(now.AddDays(question.Days)) { Price = question.Price };
        if (question.Subject is not { } subject)
        {
            return (terms, null);
        }

        var (plan, droplet, snapshot) = await Subjects.AnyAsync(log, subject, ct);
        if (plan is not null)
        {
            return (terms with { Plan = plan.Name }, null);
        }

        return snapshot is { Live: false }
            ? throw new SubjectException("", subject, SubjectTrouble.Unusable, $": it is {SnapshotJson.Name(snapshot.Phase)}, and not there to go; 'explain' says why")
            : (terms with { Droplets = new HashSet<long> { droplet?.DropletId ?? snapshot!.DropletId } }, snapshot?.SnapshotId);
    }

    private static void Tell(Forecast forecast, TextWriter output)
    {
        foreach (var brake in forecast.Brakes)
        {
            output.WriteLine(ShownText.Of($"The brake: {brake}."));
        }

        var going = forecast.Departures.ToList();
        if (going.Count > 0)
        {
            TellWhatGoes(going, forecast.LeftOut, output);
        }
        else
        {
            output.WriteLine(ShownText.Of(forecast.Days.IsEmpty && forecast.Snapshots is [{ Held: null } one]
                ? $"'{one.Name}' of '{one.DropletName}' stays until {Stamp.Of(forecast.Until)}{(one.Plan is null ? " and on: it is in no plan" : "")}, if everything goes on as it is."
                : $"Nothing goes until {Stamp.Of(forecast.Until)}, if everything goes on as it is."));
        }

        var held = forecast.Snapshots.Where(s => s is { Goes: null, Held: not null }).ToList();
        foreach (var s in held.Take(MostRows))
        {
            output.WriteLine(ShownText.Of(
                $"'{s.Name}' of '{s.DropletName}' would go and stays{(s.Held!.Guard is { } guard ? $", held by guard {guard}" : "")}: {s.Held.Detail}."));
        }

        if (held.Count > MostRows)
        {
            output.WriteLine($"... and {Number(held.Count - MostRows)} more that stay; --json has them all.");
        }

        if (forecast.Days is [var first, .., var last])
        {
            output.WriteLine();
            output.WriteLine($"{Number(going.Count + forecast.LeftOut)} go until {Stamp.Of(forecast.Until)}.");
            output.WriteLine($"At the end of {Day(first.Day)}: {Stored(first)}; of {Day(last.Day)}: {Stored(last)}. In all {Money(forecast.Days.Sum(d => d.Cost))} $.");
            if (forecast.Days.Length > ManyDays)
            {
                TellMonths(forecast, output);
            }
        }
    }

    private static void TellWhatGoes(List<ForecastSnapshot> going, int leftOut, TextWriter output)
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
            output.WriteLine($"... and {Number(going.Count - MostRows + leftOut)} more; --json has {(leftOut > 0 ? "more of them" : "them all")}.");
        }

        if (going.Take(MostRows).Any(s => s.IsToCome))
        {
            output.WriteLine("* is yet to come.");
        }
    }

    private static void TellMonths(Forecast forecast, TextWriter output)
    {
        output.WriteLine();
        new TextTable<(string Month, ForecastDay Last, decimal Cost)>()
            .Left("MONTH", m => m.Month)
            .Right("SNAPSHOTS", m => Number(m.Last.Snapshots))
            .Right("GB", m => Decimal(m.Last.Gigabytes))
            .Right("$", m => Money(m.Cost))
            .Write(
                [
                    .. forecast.Days.GroupBy(d => (d.Day.Year, d.Day.Month))
                        .Select(of => (of.First().Day.ToString("yyyy-MM", CultureInfo.InvariantCulture), of.Last(), of.Sum(d => d.Cost))),
                ],
                output);
    }

    private static string Stored(ForecastDay day) => $"{Number(day.Snapshots)} snapshots, {Decimal(day.Gigabytes)} GB";

    private static string Span(TimeSpan span) => span.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} d")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h");

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Decimal(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Money(decimal value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
