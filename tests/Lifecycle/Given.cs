using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>States and ledgers made of events, folded as in production, without a log.</summary>
internal static class Given
{
    public static Snapshot Snapshot(Guid id, params IEnumerable<object> events) =>
        events.Aggregate((Snapshot?)null, (state, e) => SnapshotEvolution.Evolve(state, Streams.OfSnapshot(id), e))!;

    public static PlanFacts Plan(PlanTerms terms, string name = "p") =>
        PlanFacts.Evolve(null, Streams.OfPlan(name), new PlanChanged(name, 1, terms, World.Start))!;

    public static DropletFacts Droplet(params IEnumerable<object> more) => more
        .Prepend(new DropletEnrolled(World.Droplet, "web-1", "p", World.Start.AddYears(-1)))
        .Aggregate((DropletFacts?)null, (state, e) => DropletFacts.Evolve(state, Streams.OfDroplet(World.Droplet), e))!;

    public static DropletLedger Ledger(PlanTerms terms, params IEnumerable<Snapshot> snapshots) =>
        Ledgers.Build(World.Droplet, Droplet(), Plan(terms), snapshots);

    /// <summary>The ledger after these events of snapshots and of the droplet.</summary>
    public static DropletLedger After(this DropletLedger ledger, IEnumerable<NewEvent> events)
    {
        var states = ledger.Snapshots.ToDictionary(s => s.Id);
        var droplet = ledger.Droplet;
        foreach (var e in events)
        {
            if (string.Equals(e.Stream, Streams.OfDroplet(ledger.DropletId), StringComparison.Ordinal))
            {
                droplet = DropletFacts.Evolve(droplet, e.Stream, e.Data);
                continue;
            }

            states[e.Stream] = SnapshotEvolution.Evolve(states.GetValueOrDefault(e.Stream), e.Stream, e.Data);
        }

        return Ledgers.Build(ledger.DropletId, droplet, ledger.PlanFacts, states.Values);
    }
}
