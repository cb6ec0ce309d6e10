using System.Globalization;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using JasperFx.Events;
using Marten;
using Marten.Events;
using Npgsql;

namespace DoSnapshot.Benchmarks;

/// <summary>Writes generated events into a log, with the documents that stand beside it.</summary>
internal static class LogImport
{
    private const int Batch = 2_000;

    /// <summary>What Marten calls it where there are no several.</summary>
    private const string OneTenant = "*DEFAULT*";

    /// <summary>How many events a log has.</summary>
    public static async Task<long> CountAsync(string store)
    {
        using var open = Open(store);
        await LogSchema.ApplyAsync(open, store, CancellationToken.None);
        return Convert.ToInt64(await AskAsync(store, $"select count(*) from {LogStore.Schema}.mt_events"), CultureInfo.InvariantCulture);
    }

    public static async Task WriteAsync(string store, IReadOnlyList<GeneratedEvent> events)
    {
        using var open = Open(store);
        var headers = events.GroupBy(e => e.Stream, StringComparer.Ordinal).Select(s => new BulkEventStreamHeader { Key = s.Key, Version = s.Max(e => e.Version) }).ToList();
        await open.BulkInsertEventStreamAsync(OneTenant, headers, Stored(events), Batch, CancellationToken.None);
        await WriteDocumentsAsync(open, events);
        await AskAsync(store, $"update {LogStore.Schema}.mt_doc_snapshot set mt_version = (data ->> 'version')::bigint");
        await AskAsync(store, $"insert into {LogStore.Schema}.mt_event_progression (name, last_seq_id) select 'relay:All', max(seq_id) from {LogStore.Schema}.mt_events");
        await AskAsync(store, "vacuum analyze");
    }

    public static async Task<object?> AskAsync(string store, string sql)
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Made of constants.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private static DocumentStore Open(string store) => DocumentStore.For(options => LogStore.Configure(options, store, TimeProvider.System));

#pragma warning disable CS1998 // It is made in memory; the store reads it as it would read a file.
    private static async IAsyncEnumerable<IEvent> Stored(IReadOnlyList<GeneratedEvent> events)
#pragma warning restore CS1998
    {
        foreach (var e in events)
        {
            var type = e.Data.GetType();
            var stored = (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(type), e.Data)!;
            (stored.Id, stored.StreamKey, stored.Version, stored.Timestamp) = (e.Id, e.Stream, e.Version, e.At);
            (stored.EventTypeName, stored.DotNetTypeName) = (EventTypes.Aliases[type], $"{type.FullName}, {type.Assembly.GetName().Name}");
            yield return stored;
        }
    }

    private static async Task WriteDocumentsAsync(DocumentStore store, IReadOnlyList<GeneratedEvent> events)
    {
        var snapshots = new Dictionary<string, Snapshot>(StringComparer.Ordinal);
        var droplets = new Dictionary<string, DropletFacts>(StringComparer.Ordinal);
        var plans = new Dictionary<string, PlanFacts>(StringComparer.Ordinal);
        AccountFacts? account = null;
        foreach (var e in events)
        {
            switch (e.Stream.Split('/')[0])
            {
                case "snapshot":
                    snapshots[e.Stream] = SnapshotEvolution.Evolve(snapshots.GetValueOrDefault(e.Stream), e.Stream, e.Data);
                    break;
                case "droplet":
                    droplets[e.Stream] = DropletFacts.Evolve(droplets.GetValueOrDefault(e.Stream), e.Stream, e.Data)!;
                    break;
                case "plan":
                    plans[e.Stream] = PlanFacts.Evolve(plans.GetValueOrDefault(e.Stream), e.Stream, e.Data)!;
                    break;
                case Streams.Account:
                    account = AccountFacts.Evolve(account, e.Stream, e.Data);
                    break;
                default:
                    break;
            }
        }

        await store.BulkInsertDocumentsAsync([.. snapshots.Values, .. droplets.Values, .. plans.Values, .. account is null ? (object[])[] : [account]], batchSize: Batch);
    }
}
