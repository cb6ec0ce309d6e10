using DoSnapshot.Inquiry.Forecasting;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace DoSnapshot.Operating.Answers;

/// <summary>
/// A forecast as a calendar (RFC 5545): an event for each snapshot that goes. It has the same identity whenever it is asked for, so that a program that follows
/// the calendar moves it where it goes at another time by now.
/// </summary>
internal static class ForecastCalendar
{
    /// <summary>Writes it.</summary>
    public static void Write(Forecast forecast, TextWriter output)
    {
        var calendar = new Calendar { ProductId = "-//do-snapshot//forecast//EN" };
        calendar.AddProperty("X-WR-CALNAME", "do-snapshot");
        foreach (var s in forecast.Departures)
        {
            calendar.Events.Add(new CalendarEvent
            {
                Uid = $"{s.SnapshotId}@do-snapshot",
                DtStamp = Moment(forecast.At),
                Start = Moment(s.Goes!.At),
                Summary = ShownText.Of($"{s.DropletName}: snapshot '{s.Name}' goes"),
                Description = ShownText.Of($"{ForecastAnswer.Why(s)}.{(s.IsToCome ? "" : $" To keep it: do-snapshot pin {s.SnapshotId} --reason TEXT")}"),
                // Nobody is busy with it.
                Transparency = TransparencyType.Transparent,
            });
        }

        output.Write(new CalendarSerializer().SerializeToString(calendar));
    }

    private static CalDateTime Moment(DateTimeOffset moment) => new(moment.UtcDateTime, CalDateTime.UtcTzId);
}
