using System.Collections.Immutable;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Inquiry.Status;

/// <summary>A plan that a droplet is in no more, or that was removed, and whose rules go on for the snapshots that it left there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Paused">Whether the plan is paused, so that its rules let nothing go.</param>
public sealed record LeftPlan(string Name, bool Paused)
{
    /// <summary>Those of a droplet, by name: none where nothing of one is there.</summary>
    /// <param name="ledger">What the log knows about the droplet.</param>
    public static ImmutableArray<LeftPlan> Of(DropletLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.OrphanPlans.IsEmpty
            ? []
            :
            [
                .. ledger.OrphanPlans.Select(p => p.Name)
                    .Where(name => ledger.Snapshots.Any(s => s.Live && string.Equals(s.Plan, name, StringComparison.Ordinal)))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Select(name => new LeftPlan(name, ledger.FactsOf(name) is { Paused: true })),
            ];
    }
}
