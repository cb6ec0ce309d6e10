using System.Globalization;
using System.Text.Json;
using DoSnapshot.Inquiry.Forecasting;

namespace DoSnapshot.Operating.Answers;

/// <summary>A forecast for programs.</summary>
internal static class ForecastJson
{
    /// <summary>Writes it.</summary>
    public static void Write(Forecast forecast, TextWriter output) => JsonOutput.Write(output, json =>
    {
        json.WriteString("at", Stamp.Of(forecast.At));
        json.WriteString("until", Stamp.Of(forecast.Until));
        json.WriteStartArray("brakes");
        foreach (var brake in forecast.Brakes)
        {
            json.WriteStringValue(brake);
        }

        json.WriteEndArray();
        json.WriteObjects("snapshots", forecast.Snapshots, s => Write(s, json));
        json.WriteNumber("leftOut", forecast.LeftOut);
        json.WriteObjects("days", forecast.Days, d =>
        {
            json.WriteString("day", d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteNumber("snapshots", d.Snapshots);
            json.WriteNumber("gigabytes", d.Gigabytes);
            json.WriteNumber("cost", d.Cost);
        });
    });

    private static void Write(ForecastSnapshot s, Utf8JsonWriter json)
    {
        json.WriteString("snapshotId", s.SnapshotId);
        json.WriteString("name", s.Name);
        json.WriteNumber("dropletId", s.DropletId);
        json.WriteString("dropletName", s.DropletName);
        json.WriteString("plan", s.Plan);
        json.WriteString("createdAt", Stamp.Of(s.CreatedAt));
        json.WriteNumber("sizeGigabytes", s.SizeGigabytes);
        json.WriteBoolean("toCome", s.IsToCome);
        if (s.Goes is { } goes)
        {
            json.WriteStartObject("goes");
            json.WriteString("at", Stamp.Of(goes.At));
            json.WriteString("rule", goes.Rule);
            json.WriteNumberOrNull("planVersion", goes.PlanVersion);
            if (goes.InFavourOf is { } other)
            {
                json.WriteStartObject("inFavourOf");
                json.WriteString("snapshotId", other.SnapshotId);
                json.WriteString("name", other.Name);
                json.WriteString("createdAt", Stamp.Of(other.CreatedAt));
                json.WriteBoolean("toCome", other.IsToCome);
                json.WriteNumber("distanceSeconds", (long)other.Distance.TotalSeconds);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("inFavourOf");
            }

            json.WriteString("why", ForecastAnswer.Why(s));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("goes");
        }

        if (s.Held is { } held)
        {
            json.WriteStartObject("held");
            json.WriteString("since", Stamp.Of(held.Since));
            json.WriteString("guard", held.Guard is { } guard ? SnapshotJson.Name(guard) : null);
            json.WriteString("detail", held.Detail);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("held");
        }
    }
}
