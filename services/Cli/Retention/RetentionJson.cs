using System.Text.Json;
using DoSnapshot.Retention;

namespace DoSnapshot.Cli.Retention;

/// <summary>A forecast for programs.</summary>
internal static class RetentionJson
{
    /// <summary>Writes every verdict with its reason as data and as a sentence, and the sum.</summary>
    public static void Write(RetentionForecast forecast, IReadOnlyList<DropletForecast> droplets, RetentionSum sum, TextWriter output) =>
        JsonOutput.Write(output, json =>
        {
            json.WriteString("policy", forecast.Policy.ToString());
            json.WriteString("timing", forecast.Every is null ? "elapsed" : "anchored");
            json.WriteString("at", Stamp.Of(forecast.Now));
            var verdicts = droplets.SelectMany(droplet => droplet.Verdicts.Select(verdict => (droplet.Droplet, verdict)));
            json.WriteObjects("verdicts", verdicts, one => WriteVerdict(json, forecast, one.Droplet, one.verdict));
            json.WriteStartObject("summary");
            json.WriteNumber("snapshots", sum.Snapshots);
            json.WriteNumber("kept", sum.Kept);
            json.WriteNumber("held", sum.Held);
            json.WriteNumber("deleted", sum.Deleted);
            json.WriteNumber("freedGigabytes", sum.FreedGigabytes);
            json.WriteNumber("sizesUnknown", sum.SizesUnknown);
            json.WriteNumber("pricePerGigabyteMonth", sum.Price);
            json.WriteNumber("freedPerMonth", sum.FreedPerMonth);
            json.WriteEndObject();
        });

    private static void WriteVerdict(Utf8JsonWriter json, RetentionForecast forecast, string? droplet, ForecastVerdict one)
    {
        json.WriteNumber("id", one.Snapshot.Id);
        if (one.Snapshot.Name is { } name)
        {
            json.WriteString("name", name);
        }

        if (droplet is not null)
        {
            json.WriteString("droplet", droplet);
        }

        json.WriteString("createdAt", Stamp.Of(one.Verdict.Point.CreatedAt));
        if (forecast.Every is not null)
        {
            json.WriteString("slot", Stamp.Of(one.Verdict.Point.Slot));
        }

        if (one.Snapshot.SizeGigabytes is { } size)
        {
            json.WriteNumber("sizeGigabytes", size);
        }

        json.WriteBoolean("keep", one.Verdict.Keep);
        json.WriteString("reason", one.Verdict.Reason.Describe());
        WriteReason(json, one.Verdict.Reason);
        if (one.Verdict.NextChange is { } change)
        {
            json.WriteString("nextChange", Stamp.Of(change));
        }

        if (one.HeldBy is { } guard)
        {
            json.WriteString("heldBy", guard.ToString());
        }
    }

    private static void WriteReason(Utf8JsonWriter json, Reason reason)
    {
        var (kind, rule, neighbour) = reason switch
        {
            Reason.NotReached => ("notReached", (KeepRule?)null, ((RestorePoint Point, TimeSpan Distance)?)null),
            Reason.FirstOfGroup first => ("firstOfGroup", first.Rule, null),
            Reason.FarEnough far => ("farEnough", far.Rule, (far.LastKept, far.Distance)),
            Reason.IntervalZero zero => ("intervalZero", zero.Rule, null),
            Reason.TooClose close => ("tooClose", close.Rule, (close.KeptInstead, close.Distance)),
            _ => throw new InvalidOperationException($"A reason that has no form in JSON: {reason}"),
        };
        json.WriteString("kind", kind);
        if (rule is { } group)
        {
            json.WriteString("rule", group.ToString());
        }

        if (neighbour is { } kept)
        {
            json.WriteStartObject("neighbour");
            json.WriteNumber("id", kept.Point.Id);
            json.WriteNumber("distanceSeconds", (long)kept.Distance.TotalSeconds);
            json.WriteEndObject();
        }
    }
}
