using System.Collections.Immutable;
using System.Text.Json;
using DoSnapshot.Inquiry.Status;

namespace DoSnapshot.Operating.Answers;

/// <summary>The plans that a droplet left and whose rules go on for its snapshots, for programs.</summary>
internal static class LeftPlansJson
{
    /// <summary>Writes them.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableArray<LeftPlan> left) => json.WriteObjects("leftPlans", left, p =>
    {
        json.WriteString("name", p.Name);
        json.WriteBoolean("paused", p.Paused);
    });
}
