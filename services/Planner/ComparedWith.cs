using DoSnapshot.Lifecycle;
using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Planner;

/// <summary>What a comparison of log and account went by.</summary>
/// <param name="Roster">The plans.</param>
/// <param name="Claims">The droplets that they claim.</param>
/// <param name="Ledgers">What the log knew before.</param>
internal sealed record ComparedWith(Roster Roster, IReadOnlyList<Claim> Claims, IReadOnlyList<DropletLedger> Ledgers);
