using System.Globalization;
using System.Text.Json;
using DoSnapshot.Inquiry.WhatIf;

namespace DoSnapshot.Operating.Answers;

/// <summary>The answer of <c>what-if</c> for programs.</summary>
internal static class WhatIfJson
{
    /// <summary>Writes it.</summary>
    public static void Write(WhatIfResult result, TextWriter output) => JsonOutput.Write(output, json =>
    {
        json.WriteString("asOf", Stamp.Of(result.AsOf));
        json.WriteBoolean("same", result.IsSame);
        Write(json, "truth", result.Truth);
        Write(json, "other", result.Other);
        json.WriteNumber("invented", result.Invented);
        json.WriteNumber("neverMade", result.NeverMade);
        json.WriteNumber("pastSame", result.PastSame);
        json.WriteNumber("pastCut", result.PastCut);
        json.WriteObjects("today", result.Today, s => Write(json, s));
        json.WriteObjects("past", result.Past, s => Write(json, s));
        json.WriteObjects("days", result.Days, d =>
        {
            json.WriteString("day", d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteNumber("truthSnapshots", d.TruthSnapshots);
            json.WriteNumber("otherSnapshots", d.OtherSnapshots);
            json.WriteNumber("truthGigabytes", d.TruthGigabytes);
            json.WriteNumber("otherGigabytes", d.OtherGigabytes);
            json.WriteNumber("truthCost", Math.Round(d.TruthCost, 6));
            json.WriteNumber("otherCost", Math.Round(d.OtherCost, 6));
        });
    });

    private static void Write(Utf8JsonWriter json, string name, WhatIfTotal total)
    {
        json.WriteStartObject(name);
        json.WriteNumber("snapshots", total.Snapshots);
        json.WriteNumber("gigabytes", total.Gigabytes);
        json.WriteNumber("costPerMonth", Math.Round(total.CostPerMonth, 6));
        json.WriteNumber("costSoFar", Math.Round(total.CostSoFar, 6));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, WhatIfSnapshot s)
    {
        json.WriteString("snapshotId", s.SnapshotId);
        if (s.ImageId is { } image)
        {
            json.WriteNumber("imageId", image);
        }
        else
        {
            json.WriteNull("imageId");
        }

        json.WriteString("name", s.Name);
        json.WriteNumber("dropletId", s.DropletId);
        json.WriteString("dropletName", s.DropletName);
        json.WriteString("plan", s.Plan);
        json.WriteString("createdAt", Stamp.Of(s.CreatedAt));
        json.WriteNumber("gigabytes", s.SizeGigabytes);
        json.WriteBoolean("invented", s.Invented);
        json.WriteBoolean("differs", s.Differs);
        Write(json, "truth", s.Truth);
        Write(json, "other", s.Other);
    }

    private static void Write(Utf8JsonWriter json, string name, Fate fate)
    {
        json.WriteStartObject(name);
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(fate.Kind.ToString()));
        json.WriteString("at", fate.At is { } at ? Stamp.Of(at) : null);
        json.WriteString("rule", fate.Rule);
        json.WriteEndObject();
    }
}
