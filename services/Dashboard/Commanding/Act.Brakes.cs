using DoSnapshot.Dashboard.Showing;
using DoSnapshot.HttpApi.Shapes;

namespace DoSnapshot.Dashboard.Commanding;

/// <content>The release of brakes.</content>
internal sealed partial record Act
{
    private const int MostNamed = 10;

    /// <summary>The releases that can be given: of a plan as a whole with all that is braked in it, or of a single droplet.</summary>
    /// <param name="brakes">The brakes.</param>
    public static IEnumerable<Act> ReleasesOf(BrakesShape brakes)
    {
        foreach (var ofPlan in brakes.On.GroupBy(b => b.Plan, StringComparer.Ordinal))
        {
            var (plan, all) = (ofPlan.Key, ofPlan.ToList());
            if (all.Exists(b => b.DropletId is null))
            {
                // Of a whole plan, that of its droplets which are braked by themselves goes, too.
                yield return Release(plan, plan, $"plan {plan}", all, (reason, heldAtMost) => new { plan, heldAtMost, reason });
                continue;
            }

            if (all.Count > 1)
            {
                yield return Release(plan, $"{plan}/all", $"all {all.Count} droplets of plan {plan}", all, (reason, heldAtMost) => new { plan, allDroplets = true, heldAtMost, reason });
            }

            foreach (var one in all)
            {
                var droplet = Id(one.DropletId!.Value);
                // A name may be several droplets'.
                yield return Release(plan, $"{plan}/{droplet}", one.DropletName is { } name ? $"{name} ({droplet}), plan {plan}" : $"{droplet}, plan {plan}", [one], (reason, heldAtMost) => new { plan, droplet, heldAtMost, reason });
            }
        }
    }

    private static Act Release(string plan, string target, string whose, List<BrakeShape> brakes, Func<string, int, object> body)
    {
        List<HeldShape> held = [.. brakes.SelectMany(b => b.Held).DistinctBy(h => h.SnapshotId).OrderBy(h => h.CreatedAt)];
        var droplets = held.Select(h => h.DropletId).Distinct().Count();
        var goes = held.Count == 0
            ? "Nothing goes by it at this moment."
            : $"At the planner's next decision {Moments.Count(held.Count, "snapshot")} of {Moments.Count(droplets, "droplet")} go, {Moments.Size(held.Sum(h => h.Gigabytes))}; deleted, nothing brings them back.";
        return new Act(
            $"Release the brake of {whose}: {Moments.Count(held.Count, "snapshot")}",
            $"{goes} The release lasts for a day. {string.Join(" ", brakes.Select(b => $"{b.Detail}.").Distinct(StringComparer.Ordinal).Take(3))}",
            held.Count == 0 ? "Release it" : $"Let {held.Count} go",
            "brake-releases",
            // A dialog may stay open for long: where more would go at the moment of the release than it has counted, nothing is released. That others go by then, and no more of
            // them, is not refused; nor is what the released brake would have held later.
            reason => body(reason, held.Count))
        {
            Harm = held.Count == 0 ? Harm.Some : Harm.Last,
            Typed = held.Count == 0 ? null : plan,
            Target = target,
            Plan = plan,
            Names = held.Count == 0
                ? []
                : [new NamedGroup("They go", [.. held.Take(MostNamed).Select(h => h.CreatedAt is { } made ? $"{h.Name}, made {Moments.Utc(made)}" : h.Name)], Math.Max(0, held.Count - MostNamed))],
        };
    }
}
