using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using JasperFx.Events;
using Marten.Events.Aggregation;

namespace DoSnapshot.Hosting.Log;

/// <summary>
/// Keeps one document for each snapshot's stream, in the transaction that appends. Other streams pass through without a document of this kind.
/// </summary>
public sealed partial class SnapshotProjection : SingleStreamProjection<Snapshot, string>
{
    /// <inheritdoc />
    public override Snapshot? Evolve(Snapshot? snapshot, string id, IEvent e) =>
        StreamsOf.Snapshot(id) ? SnapshotEvolution.Evolve(snapshot, id, e.Data) : snapshot;
}

/// <summary>Keeps one document for each droplet's stream.</summary>
public sealed partial class DropletProjection : SingleStreamProjection<DropletFacts, string>
{
    /// <inheritdoc />
    public override DropletFacts? Evolve(DropletFacts? snapshot, string id, IEvent e) =>
        StreamsOf.Droplet(id) ? DropletFacts.Evolve(snapshot, id, e.Data) : snapshot;
}

/// <summary>Keeps one document for each plan's stream.</summary>
public sealed partial class PlanProjection : SingleStreamProjection<PlanFacts, string>
{
    /// <inheritdoc />
    public override PlanFacts? Evolve(PlanFacts? snapshot, string id, IEvent e) =>
        StreamsOf.Plan(id) ? PlanFacts.Evolve(snapshot, id, e.Data) : snapshot;
}

/// <summary>Keeps the document of the account's stream.</summary>
public sealed partial class AccountProjection : SingleStreamProjection<AccountFacts, string>
{
    /// <inheritdoc />
    public override AccountFacts? Evolve(AccountFacts? snapshot, string id, IEvent e) =>
        string.Equals(id, Streams.Account, StringComparison.Ordinal) ? AccountFacts.Evolve(snapshot, id, e.Data) : snapshot;
}

/// <summary>What kind of stream a key belongs to.</summary>
internal static class StreamsOf
{
    public static bool Snapshot(string key) => key.StartsWith("snapshot/", StringComparison.Ordinal);

    public static bool Droplet(string key) => key.StartsWith("droplet/", StringComparison.Ordinal);

    public static bool Plan(string key) => key.StartsWith("plan/", StringComparison.Ordinal);
}
