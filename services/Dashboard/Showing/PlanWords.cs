using DoSnapshot.HttpApi.Shapes;
using DoSnapshot.Retention;

namespace DoSnapshot.Dashboard.Showing;

/// <summary>What a plan does, in a sentence.</summary>
internal static class PlanWords
{
    /// <summary>The sentence; the plan's own words where they are of a kind that is not known here.</summary>
    public static string Sentence(PlanShape plan)
    {
        var rules = new List<KeepRule>();
        foreach (var text in plan.Keep)
        {
            if (!KeepRule.TryParse(text, out var rule))
            {
                return InItsWords(plan);
            }

            rules.Add(rule);
        }

        return Period.TryParse(plan.Every, out var every) ? new RetentionPolicy(rules).Describe(every) : InItsWords(plan);
    }

    private static string InItsWords(PlanShape plan) => $"Every {plan.Every}, kept by {string.Join(' ', plan.Keep)}.";
}
