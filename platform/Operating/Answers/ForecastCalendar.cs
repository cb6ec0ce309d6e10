using DoSnapshot.Inquiry.Forecasting;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace DoSnapshot.Operating.Answers;

/// <summary>A forecast as a calendar (RFC 5545): an event for each snapshot that goes, the same each time it is asked for as long as it goes at the same moment.</summary>
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
                DtStamp = new CalDateTime(forecast.At.UtcDateTime, "UTC"),
                Start = new CalDateTime(s.Goes!.At.UtcDateTime, "UTC"),
                Summary = $"{s.DropletName}: snapshot '{s.Name}' goes",
                Description = $"{ForecastAnswer.Why(s)}. To keep it: do-snapshot pin {s.SnapshotId} --reason …",
                Transparency = TransparencyType.Transparent,
            });
        }

        output.Write(new CalendarSerializer().SerializeToString(calendar));
    }
}
