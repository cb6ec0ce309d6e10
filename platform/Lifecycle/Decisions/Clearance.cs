using System.Collections.Frozen;
using DoSnapshot.Lifecycle.Plans;

namespace DoSnapshot.Lifecycle.Decisions;

/// <summary>
/// What may expire at a decision: the snapshots that were counted when their plan was checked as a whole, as long as nothing has happened to the plan since.
/// What has become due meanwhile waits for the next check.
/// </summary>
public sealed class Clearance
{
    private readonly FrozenDictionary<(string Plan, long Version), FrozenSet<Guid>>? cleared;

    private Clearance(FrozenDictionary<(string Plan, long Version), FrozenSet<Guid>>? cleared)
    {
        this.cleared = cleared;
    }

    /// <summary>Nothing expires: for a decision about one droplet between two checks.</summary>
    public static Clearance None { get; } = new(FrozenDictionary<(string Plan, long Version), FrozenSet<Guid>>.Empty);

    /// <summary>Nothing expires, of whatever plan: enough is on its way out already.</summary>
    public static Clearance Closed { get; } = new(null) { IsClosed = true };

    /// <summary>Whatever the rules let go, as far as one droplet by itself may lose it.</summary>
    public static Clearance All { get; } = new(null);

    /// <summary>Whether nothing at all may expire.</summary>
    internal bool IsClosed { get; private init; }

    internal static Clearance For(IEnumerable<(PlanFacts Plan, IReadOnlyCollection<Guid> Ids)> counted) => new(counted
        .GroupBy(c => (c.Plan.Name, c.Plan.Version), c => c.Ids)
        .ToFrozenDictionary(of => of.Key, of => of.SelectMany(ids => ids).ToFrozenSet()));

    /// <summary>Whether a snapshot was counted. A plan without a brake needs no counting.</summary>
    internal bool Covers(DropletLedger ledger, Plan plan, Guid snapshotId) => !IsClosed && (cleared is null
        || !plan.Brakes
        || (ledger.FactsOf(plan.Name) is { } facts && cleared.TryGetValue((facts.Name, facts.Version), out var ids) && ids.Contains(snapshotId)));
}
