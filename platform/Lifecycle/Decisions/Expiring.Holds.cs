using System.Collections.Immutable;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using DoSnapshot.Retention;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>What holds, at a moment, a snapshot that the rules let go.</summary>
/// <param name="Guard">The guard; null where DigitalOcean refused its deletion for good.</param>
/// <param name="Detail">In words.</param>
/// <param name="Verdict">Which rule lets it go, and why.</param>
public sealed record StandingHold(Guard? Guard, string Detail, Verdict Verdict);

/// <content>What the decision leaves where it is, although the rules let it go.</content>
public static partial class Expiring
{
    private static readonly ImmutableDictionary<Guid, StandingHold> NoHolds = ImmutableDictionary<Guid, StandingHold>.Empty;

    /// <summary>
    /// What holds, by our id, each complete snapshot that the rules let go at this moment: as the decision would find it, whatever was told of it before. One that is
    /// not among them is kept by the rules, has none that apply, or goes at the next decision.
    /// </summary>
    /// <param name="ledger">What is known about the droplet.</param>
    /// <param name="now">The moment, UTC.</param>
    public static IReadOnlyDictionary<Guid, StandingHold> Holds(DropletLedger ledger, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        Plan[] plans = [.. ledger.Plan is { } own ? [own] : Array.Empty<Plan>(), .. ledger.OrphanPlans];
        var judged = plans.Select(plan => Judged.Of(ledger, plan, now)).ToList();
        if (judged.TrueForAll(j => j.Leaving.Count + j.Held.Count + j.Resting.Count == 0))
        {
            return NoHolds;
        }

        var coming = ComingBrakes(ledger, judged, now);
        var holds = new Dictionary<Guid, StandingHold>();
        foreach (var one in judged)
        {
            // An image is judged once, however many streams claim it.
            var byImage = Holds(ledger, one, coming.GetValueOrDefault(one.Plan.Name)).ToDictionary(h => h.Snapshot.ImageId!.Value, h => h.Hold);
            foreach (var s in Planning.Members(ledger, one.Plan).Where(s => s.IsComplete))
            {
                if (s.ImageId is { } image && byImage.TryGetValue(image, out var hold))
                {
                    holds[s.SnapshotId] = hold;
                }
            }
        }

        return holds;
    }

    private static IEnumerable<(Snapshot Snapshot, StandingHold Hold)> Holds(DropletLedger ledger, Judged judged, string? coming)
    {
        var plan = judged.Plan;
        foreach (var (s, verdict) in judged.Resting)
        {
            yield return (s, s.LeftAlone
                ? new StandingHold(s.HeldBy, s.Trouble ?? "its deletion was refused for good", verdict)
                : new StandingHold(s.HeldBy, "its removal was taken back a moment ago, and is not decided on again for some minutes", verdict));
        }

        if (Whole(ledger, plan) is { } whole)
        {
            foreach (var (s, verdict) in judged.Leaving.Concat(judged.Held))
            {
                yield return (s, new StandingHold(whole.Guard, whole.Detail, verdict));
            }

            yield break;
        }

        var brake = Braking.Holding(ledger, plan) is { } on ? $"the brake is on: {on.Detail}" : coming;
        var going = brake is null ? judged.Ids.ToHashSet() : [];
        var remaining = judged.Held.Count == 0 ? [] : judged.Complete.Where(s => !going.Contains(s.SnapshotId)).ToList();
        foreach (var (s, verdict) in judged.Held)
        {
            // Where nothing goes, more remain than the guard would have them.
            var guard = Guards.CheckByRule(s, remaining, plan) ?? new GuardHolds(Guard.Brake, brake!);
            yield return (s, new StandingHold(guard.Guard, guard.Detail, verdict));
        }

        if (brake is not null)
        {
            foreach (var (s, verdict) in judged.Leaving)
            {
                yield return (s, new StandingHold(Guard.Brake, brake, verdict));
            }
        }
    }

    /// <summary>What keeps everything of a plan from expiring.</summary>
    private static GuardHolds? Whole(DropletLedger ledger, Plan plan) => ledger.Overlaps
        ? new GuardHolds(Guard.Overlap, "several plans claim its droplet")
        : ledger.IsPaused(plan) ? new GuardHolds(Guard.Paused, "the plan or the droplet is paused") : null;

    /// <summary>The brakes on this droplet that the next decision applies, in words, by plan.</summary>
    private static Dictionary<string, string> ComingBrakes(DropletLedger ledger, List<Judged> judged, DateTimeOffset now)
    {
        var free = judged.Where(j => Whole(ledger, j.Plan) is null && Braking.Holding(ledger, j.Plan) is null).Select(j => (j.Plan, j.Ids)).ToList();
        return free.TrueForAll(j => j.Ids.Count == 0)
            ? []
            : Braking.CheckDroplet(ledger, free, now).ToDictionary(b => b.Plan, b => $"the brake comes on with the next decision: {b.Detail}", StringComparer.Ordinal);
    }
}
