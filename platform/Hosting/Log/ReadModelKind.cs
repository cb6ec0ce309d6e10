using System.Text.Json.Nodes;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using Marten;

namespace DoSnapshot.Hosting.Log;

/// <summary>One kind of document that is kept beside the log: which streams have one, and how it comes of their events.</summary>
internal abstract class ReadModelKind
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReadModelKind> All { get; } =
    [
        new ReadModelKind<Snapshot>("snapshot", StreamsOf.Snapshot, SnapshotEvolution.Evolve, s => s.Id, s => Streams.OfDroplet(s.DropletId)),
        new ReadModelKind<DropletFacts>("droplet", StreamsOf.Droplet, DropletFacts.Evolve, d => d.Id, d => d.Id),
        new ReadModelKind<PlanFacts>("plan", StreamsOf.Plan, PlanFacts.Evolve, p => p.Id, _ => LogLock.Fleet),
        new ReadModelKind<AccountFacts>(
            "account", key => string.Equals(key, Streams.Account, StringComparison.Ordinal), AccountFacts.Evolve, a => a.Id, _ => LogLock.Fleet),
    ];

    /// <summary>The documents' alias.</summary>
    public abstract string Name { get; }

    /// <summary>Its table.</summary>
    public string Table => $"{LogStore.Schema}.mt_doc_{Name}";

    /// <summary>Whether a stream has such a document.</summary>
    public abstract bool Has(string stream);

    /// <summary>What an event makes of a document.</summary>
    public abstract object? Evolve(object? state, string stream, object data);

    /// <summary>The lock under which a document is written.</summary>
    public abstract string LockOf(object document);

    /// <summary>The documents that are there for these streams.</summary>
    public abstract Task<IReadOnlyDictionary<string, object>> LoadAsync(IQuerySession session, IReadOnlyList<string> streams, CancellationToken ct);

    /// <summary>Puts a document in the place of the one that is there, or takes that away; committed with the session.</summary>
    public abstract void Replace(IDocumentSession session, string stream, object? document, long version);

    /// <summary>In what two documents differ: the names of members, or that one is missing. Empty where they say the same.</summary>
    public abstract IReadOnlyList<string> Differences(ISerializer serializer, object? there, object? folded);
}

/// <inheritdoc />
internal sealed class ReadModelKind<T> : ReadModelKind
    where T : class
{
    private readonly Func<string, bool> has;
    private readonly Func<T?, string, object, T?> evolve;
    private readonly Func<T, string> idOf;
    private readonly Func<T, string> lockOf;

    public ReadModelKind(string name, Func<string, bool> has, Func<T?, string, object, T?> evolve, Func<T, string> idOf, Func<T, string> lockOf)
    {
        Name = name;
        this.has = has;
        this.evolve = evolve;
        this.idOf = idOf;
        this.lockOf = lockOf;
    }

    public override string Name { get; }

    public override bool Has(string stream) => has(stream);

    public override object? Evolve(object? state, string stream, object data) => evolve((T?)state, stream, data);

    public override string LockOf(object document) => lockOf((T)document);

    public override async Task<IReadOnlyDictionary<string, object>> LoadAsync(IQuerySession session, IReadOnlyList<string> streams, CancellationToken ct) =>
        (await session.LoadManyAsync<T>(ct, streams)).ToDictionary(idOf, d => (object)d, StringComparer.Ordinal);

    public override void Replace(IDocumentSession session, string stream, object? document, long version)
    {
        // The revision of a document is its stream's version. It can only grow: what is there goes first.
        session.QueueSqlCommand($"delete from {Table} where id = ?", stream);
        if (document is not null)
        {
            session.UpdateRevision((T)document, version);
        }
    }

    public override IReadOnlyList<string> Differences(ISerializer serializer, object? there, object? folded)
    {
        if (there is null || folded is null)
        {
            return (there, folded) switch
            {
                (null, null) => [],
                (null, _) => ["missing"],
                _ => ["of no stream"],
            };
        }

        // As it would be read back: what is not written down is no difference.
        var (before, after) = (Written(serializer, there), Written(serializer, folded));
        return [.. before.Select(m => m.Key).Union(after.Select(m => m.Key), StringComparer.Ordinal).Where(m => !JsonNode.DeepEquals(before[m], after[m]))];
    }

    private static JsonObject Written(ISerializer serializer, object document)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(serializer.ToJson(document)));
        return JsonNode.Parse(serializer.ToJson(serializer.FromJson<T>(stream)))!.AsObject();
    }
}
