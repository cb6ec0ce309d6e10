using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Planner.Plans;

/// <summary>Says at start what each plan will do, and what of it cannot be done as its words say.</summary>
public static class PlanLint
{
    /// <summary>Writes a line for each plan, and a warning for each finding that is not as it should be.</summary>
    public static void Say(ConfiguredPlans configured, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(configured);
        foreach (var stated in configured.Plans.Plans)
        {
            var plan = Plan.From(stated.Name, 0, stated.Terms);
            logger.PlanSays(plan.Name, plan.Tag, plan.Keep.Describe(plan.Every));
            foreach (var (term, sentence) in PlanWarnings.Of(plan))
            {
                logger.PlanWarning(configured.PlaceOf(plan.Name, term), sentence);
            }
        }
    }
}
