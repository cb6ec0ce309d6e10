using System.Text.Json;
using DoSnapshot.Retention.Simulating;

namespace DoSnapshot.Cli.Retention;

/// <summary>A simulation for programs.</summary>
internal static class SimulationJson
{
    /// <summary>Writes the terms, what is left, and how many snapshots each rule had over time.</summary>
    public static void Write(SimulationResult result, Func<SimulatedSnapshot, string> name, TextWriter output) =>
        JsonOutput.Write(output, json => Write(result, name, json));

    private static void Write(SimulationResult result, Func<SimulatedSnapshot, string> name, Utf8JsonWriter json)
    {
        var left = result.Left.ToList();
        json.WriteString("policy", result.Terms.Policy.Describe(result.Terms.Every));
        json.WriteString("timing", result.Terms.Timing is SimulationTiming.Anchored ? "anchored" : "elapsed");
        json.WriteString("firstRun", Stamp.Of(result.Terms.Start));
        WriteTime(json, "lastRun", result.LastRun);
        json.WriteNumber("runs", result.Runs);
        json.WriteNumber("taken", result.Snapshots.Length);
        json.WriteNumber("deleted", result.Snapshots.Length - left.Count);
        json.WriteObjects("left", left, snapshot =>
        {
            json.WriteString("name", name(snapshot));
            json.WriteString("createdAt", Stamp.Of(snapshot.Point.CreatedAt));
            json.WriteString("slot", Stamp.Of(snapshot.Point.Slot));
        });
        json.WriteObjects("groups", result.Groups, group =>
        {
            json.WriteString("rule", group.Rule?.ToString());
            json.WriteObjects("counts", group.Counts, count =>
            {
                json.WriteString("at", Stamp.Of(count.At));
                json.WriteNumber("count", count.Count);
            });
        });
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } moment)
        {
            json.WriteString(name, Stamp.Of(moment));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
