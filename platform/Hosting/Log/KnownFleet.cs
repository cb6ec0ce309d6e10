using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Snapshots;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace DoSnapshot.Hosting.Log;

/// <summary>
/// The whole fleet as it was read last, for a process that is asked about it again and again: only what somebody has written since is read anew.
/// </summary>
public sealed class KnownFleet
{
    private const string Droplets = $"select {KnownDocuments.Stamp} from {LogStore.Schema}.mt_doc_droplet d";

    /// <summary>
    /// Those that belong into a ledger as <c>Ledgers.Belongs</c> has it, and the last scheduled one of each droplet: one look into an index for each,
    /// however many it has had.
    /// </summary>
    private const string Snapshots =
        $"""
        with belonging as (
            select d.droplet_id, {KnownDocuments.Stamp} from {LogStore.Schema}.mt_doc_snapshot d
            where d.live or d.data ->> 'phase' = 'Lost' or d.changed_at > $1)
        select id, mt_version, xmin, mt_last_modified from belonging
        union all
        select last.* from (select unnest($2::bigint[]) as droplet_id union select droplet_id from belonging) as asked
        cross join lateral (
            select {KnownDocuments.Stamp} from {LogStore.Schema}.mt_doc_snapshot d
            where d.droplet_id = asked.droplet_id and d.scheduled
            order by d.requested_at desc limit 1) last
        """;

    private readonly KnownDocuments<DropletFacts> droplets = new(d => d.Id);
    private readonly KnownDocuments<Snapshot> snapshots = new(s => s.Id);

    /// <summary>How many snapshots the last reading had to fetch.</summary>
    public int FetchedSnapshots => snapshots.Fetched;

    /// <summary>How many droplets the last reading had to fetch.</summary>
    public int FetchedDroplets => droplets.Fetched;

    /// <summary>Every droplet, and of each the snapshots that its ledger needs.</summary>
    /// <param name="session">Reads.</param>
    /// <param name="recent">What changed later than this belongs, too.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<(IReadOnlyCollection<DropletFacts> Droplets, IReadOnlyCollection<Snapshot> Snapshots)> ReadAsync(
        IQuerySession session, DateTimeOffset recent, CancellationToken ct)
    {
        using var ofDroplets = new NpgsqlCommand(Droplets);
        var facts = await droplets.ReadAsync(session, ofDroplets, ct);
        using var ofSnapshots = new NpgsqlCommand(Snapshots)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = recent.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new NpgsqlParameter { Value = facts.Select(d => d.DropletId).ToArray(), NpgsqlDbType = NpgsqlDbType.Bigint | NpgsqlDbType.Array },
            },
        };
        return (facts, await snapshots.ReadAsync(session, ofSnapshots, ct));
    }
}
