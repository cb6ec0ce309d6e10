using System.Text.Json;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Operating.Answers;

/// <summary>What the plans in force say.</summary>
internal static class PlansAnswer
{
    /// <summary>Answers.</summary>
    /// <param name="log">The log.</param>
    /// <param name="json">Whether for programs.</param>
    /// <param name="output">Takes the answer.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task WriteAsync(IEventLog log, bool json, TextWriter output, CancellationToken ct)
    {
        List<PlanFacts> plans = [.. (await log.LoadFleetFactsAsync(ct)).InForce];
        if (json)
        {
            JsonOutput.Write(output, writer => writer.WriteObjects("plans", plans, p => Write(writer, p)));
        }
        else if (plans.Count == 0)
        {
            await output.WriteLineAsync("There is no plan.");
        }
        else
        {
            new TextTable<PlanFacts>()
                .Left("PLAN", p => p.Name)
                .Right("VERSION", p => $"{p.PlanVersion}")
                .Left("TAG", p => p.Terms!.Tag)
                .Left("EVERY", p => p.Terms!.Every)
                .Left("KEEP", p => string.Join(' ', p.Terms!.Keep))
                .Left("REGIONS", p => string.Join(' ', p.Terms!.Regions))
                .Left("PAUSED", p => p.Paused ? "yes" : "no")
                .Write(plans, output);
        }
    }

    /// <summary>Writes the members of a plan.</summary>
    public static void Write(Utf8JsonWriter json, PlanFacts facts)
    {
        var terms = facts.Terms!;
        json.WriteString("name", facts.Name);
        json.WriteNumber("version", facts.PlanVersion);
        json.WriteString("tag", terms.Tag);
        json.WriteString("every", terms.Every);
        json.WriteString("at", terms.At);
        json.WriteString("timing", SnapshotJson.Name(terms.Timing));
        WriteTexts(json, "keep", terms.Keep);
        WriteTexts(json, "regions", terms.Regions);
        json.WriteNumber("keepAtLeast", terms.KeepAtLeast);
        json.WriteBoolean("paused", facts.Paused);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
