using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry;

/// <summary>What holds a snapshot that a rule lets go.</summary>
internal static class Holding
{
    /// <summary>What holds it first, with why in words; null where nothing does. Of a deletion that DigitalOcean refused there is no guard.</summary>
    /// <param name="ledger">What is known about its droplet.</param>
    /// <param name="plan">The plan whose rules let it go.</param>
    /// <param name="s">The snapshot.</param>
    /// <param name="complete">The droplet's complete snapshots of the plan.</param>
    public static (Guard? Guard, string Detail)? Of(DropletLedger ledger, Plan plan, Snapshot s, IReadOnlyCollection<Snapshot> complete)
    {
        if (s.LeftAlone)
        {
            return (s.HeldBy, s.Trouble ?? "its deletion was refused for good");
        }

        if (ledger.Overlaps)
        {
            return (Guard.Overlap, "several plans claim its droplet");
        }

        if (ledger.IsPaused(plan))
        {
            return (Guard.Paused, "the plan or the droplet is paused");
        }

        if (Guards.CheckByRule(s, complete, plan) is { } guard)
        {
            return (guard.Guard, guard.Detail);
        }

        return Braking.Holding(ledger, plan) is { } brake ? (Guard.Brake, $"the brake is on: {brake.Detail}") : null;
    }
}
