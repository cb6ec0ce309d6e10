using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Droplets;
using DoSnapshot.Lifecycle.Plans;
using DoSnapshot.Lifecycle.Snapshots;
using Npgsql;
using NpgsqlTypes;

namespace DoSnapshot.Hosting.Log;

/// <summary>
/// The log in PostgreSQL as one question reads it: in plain SQL. Making a store takes longer than most answers, and a command that asks one thing ends
/// then; what writes has its store made when it comes to that. Where an event cannot be read, an <see cref="InvalidDataException"/> says which.
/// </summary>
public sealed class SqlEventLog : IEventLog
{
    private const string Events = $"select e.id, e.seq_id, e.stream_id, e.version, e.type, e.data from {LogStore.Schema}.mt_events e";
    private const string Snapshots = $"select d.data from {LogStore.Schema}.mt_doc_snapshot d";
    private const string Droplets = $"select d.data from {LogStore.Schema}.mt_doc_droplet d";
    private const string Plans = $"select d.data from {LogStore.Schema}.mt_doc_plan d";

    /// <summary>As <c>Ledgers.Belongs</c> has it.</summary>
    private const string Belongs = "(d.live or d.data ->> 'phase' = 'Lost' or d.changed_at > $1)";

    /// <summary>Those asked for.</summary>
    private const string Asked = "select unnest($2) as droplet_id";

    /// <summary>Those that are known, and those that have anything.</summary>
    private const string All =
        $"""
        select (d.data ->> 'dropletId')::bigint as droplet_id from {LogStore.Schema}.mt_doc_droplet d
        union select d.droplet_id from {LogStore.Schema}.mt_doc_snapshot d where {Belongs}
        """;

    private static readonly FrozenDictionary<string, Type> TypeOf = EventTypes.Aliases.ToFrozenDictionary(a => a.Value, a => a.Key, StringComparer.Ordinal);

    private readonly string connectionString;
    private readonly TimeProvider clock;
    private readonly Func<IEventLog> writing;

    /// <summary>The log in this database.</summary>
    /// <param name="connectionString">How it is connected to. Whoever gives the same shares its sessions.</param>
    /// <param name="clock">Says what ended lately.</param>
    /// <param name="writing">The same log for what decides.</param>
    public SqlEventLog(string connectionString, TimeProvider clock, Func<IEventLog> writing)
    {
        (this.connectionString, this.clock, this.writing) = (connectionString, clock, writing);
    }

    /// <summary>Makes ready, beside what else has to be done first, what the documents are read with: for a single question that takes as long as connecting does.</summary>
    public static void GetReady() => _ = Task.Run(() =>
    {
        foreach (var type in (Type[])[typeof(DropletFacts), typeof(PlanFacts)])
        {
            using var nothing = new MemoryStream("null"u8.ToArray());
            _ = LogStore.Json.FromJson(type, nothing);
        }
    });

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> DecideAsync(long dropletId, Func<DropletLedger, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        writing().DecideAsync(dropletId, decide, ct);

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> DecideFleetAsync(Func<FleetFacts, IReadOnlyList<NewEvent>> decide, CancellationToken ct) =>
        writing().DecideFleetAsync(decide, ct);

    /// <inheritdoc />
    public async Task<FleetFacts> LoadFleetFactsAsync(CancellationToken ct)
    {
        var account = await DocumentsAsync<AccountFacts>($"select d.data from {LogStore.Schema}.mt_doc_account d where d.id = $1", ct, Streams.Account);
        var plans = await DocumentsAsync<PlanFacts>(Plans, ct);
        var applied = (await ReadStreamAsync(Streams.Plans, ct)).Aggregate((AppliedPlans?)null, (state, e) => AppliedPlans.Evolve(state, Streams.Plans, e.Data));
        return new FleetFacts(account.Count == 0 ? null : account[0], [.. plans.OrderBy(p => p.Name, StringComparer.Ordinal)], applied);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<DropletLedger>> LoadLedgersAsync(IReadOnlyCollection<long>? dropletIds, CancellationToken ct)
    {
        var recent = clock.GetUtcNow() - Ledgers.RecentlyEnded;
        var asked = dropletIds?.Distinct().ToArray();
        var (plans, droplets, snapshots) = (Reader<PlanFacts>(ct), Reader<DropletFacts>(ct), Reader<Snapshot>(ct));
        Action<byte[]>[] readers = [plans.Add, droplets.Add, snapshots.Add];
        var rows = asked is null
            ? EachAsync(LedgersOf(All, "", ""), Row, ct, recent)
            : EachAsync(LedgersOf(Asked, "where d.id = any($3)", "and d.droplet_id = any($2)"), Row, ct, recent, asked, asked.Select(Streams.OfDroplet).ToArray());
        await foreach (var (kind, text) in rows)
        {
            readers[kind](text);
        }

        return Ledgers.BuildAll(asked, await droplets.AllAsync(), await plans.AllAsync(), await snapshots.AllAsync(), recent);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Snapshot>> FindWorkingAsync(CancellationToken ct) => await DocumentsAsync<Snapshot>($"{Snapshots} where d.working order by d.id", ct);

    /// <inheritdoc />
    public async Task<IReadOnlyList<long>> FindOwedPowerAsync(CancellationToken ct) =>
        [.. (await DocumentsAsync<DropletFacts>($"{Droplets} where (d.data ->> 'owesPower')::boolean", ct)).Select(d => d.DropletId).Order()];

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadStreamAsync(string stream, CancellationToken ct) => EventsAsync($"{Events} where e.stream_id = $1 order by e.version", ct, stream);

    /// <inheritdoc />
    public async Task<IReadOnlyList<LoggedEvent>> ReadDropletAsync(long dropletId, int last, CancellationToken ct)
    {
        // The streams are found first: an index leads to each one's events, however long the log is.
        var events = await EventsAsync(
            $"""
            {Events} where e.stream_id = any(array(select s.id from {LogStore.Schema}.mt_doc_snapshot s where s.droplet_id = $1 union all select $2))
            order by e.seq_id desc limit $3
            """,
            ct,
            dropletId,
            Streams.OfDroplet(dropletId),
            last);
        return [.. events.Reverse()];
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadStreamsAsync(IReadOnlyCollection<string> streams, CancellationToken ct) =>
        EventsAsync($"{Events} where e.stream_id = any($1) order by e.seq_id", ct, (object)streams.Distinct(StringComparer.Ordinal).ToArray());

    /// <inheritdoc />
    public async Task<IReadOnlyList<Snapshot>> FindRequestedAsync(IReadOnlyDictionary<long, DateTimeOffset> since, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(since);
        long[] ids = [.. since.Keys];
        return await DocumentsAsync<Snapshot>(
            $"""
            select d.data from unnest($1, $2) as asked(droplet_id, since)
            join {LogStore.Schema}.mt_doc_snapshot d on d.droplet_id = asked.droplet_id and d.requested_at >= asked.since
            """,
            ct,
            ids,
            ids.Select(id => since[id].ToUniversalTime()).ToArray());
    }

    /// <inheritdoc />
    public async Task<LogNames> FindNamesAsync(IReadOnlyCollection<Guid> snapshots, IReadOnlyCollection<long> droplets, CancellationToken ct) => LogNames.Of(
        await DocumentsAsync<Snapshot>($"{Snapshots} where d.id = any($1)", ct, (object)snapshots.Select(Streams.OfSnapshot).ToArray()),
        await DocumentsAsync<DropletFacts>($"{Droplets} where d.id = any($1)", ct, (object)droplets.Select(Streams.OfDroplet).ToArray()));

    /// <inheritdoc />
    public async Task<FoundSubjects> FindAsync(string text, CancellationToken ct)
    {
        var most = $"limit {FoundSubjects.Most}";
        var droplets = (await DocumentsAsync<DropletFacts>($"{Droplets} where d.data ->> 'name' = $1 {most}", ct, text)).Select(d => new FoundDroplet(d.DropletId, d.Name)).ToList();
        // One question each: an index answers it.
        var snapshots = (await DocumentsAsync<Snapshot>($"{Snapshots} where d.data ->> 'name' = $1 {most}", ct, text)).ToList();
        if (FoundSubjects.Number(text) is { } id)
        {
            snapshots.AddRange(await DocumentsAsync<Snapshot>($"{Snapshots} where (d.data ->> 'imageId')::bigint = $1 {most}", ct, id));
            var its = await DocumentsAsync<DropletFacts>($"{Droplets} where d.id = $1", ct, Streams.OfDroplet(id));
            if (its.Count > 0)
            {
                droplets.Add(new FoundDroplet(id, its[0].Name));
            }
            else if ((await DocumentsAsync<Snapshot>($"{Snapshots} where d.droplet_id = $1 limit 1", ct, id)).Count > 0)
            {
                droplets.Add(new FoundDroplet(id, null));
            }
        }

        if (FoundSubjects.IdsFrom(text) is var (first, end))
        {
            snapshots.AddRange(await DocumentsAsync<Snapshot>($"{Snapshots} where {LogStore.SnapshotIdOfDocument} between $1 and $2 {most}", ct, first, end));
        }

        return FoundSubjects.Of(droplets, snapshots);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<LoggedEvent>> ReadAsync(long afterSequence, int limit, CancellationToken ct) =>
        EventsAsync($"{Events} where e.seq_id > $1 and e.stream_id <> $2 order by e.seq_id limit $3", ct, afterSequence, LogStore.FillerStream, limit);

    /// <inheritdoc />
    public async Task<long> HeadAsync(CancellationToken ct) =>
        (await RowsAsync($"select coalesce(max(seq_id), 0) from {LogStore.Schema}.mt_events", row => row.GetInt64(0), ct))[0];

    private Task<IReadOnlyList<LoggedEvent>> EventsAsync(string sql, CancellationToken ct, params object[] values) => RowsAsync(sql, Event, ct, values);

    private static DocumentReader<T> Reader<T>(CancellationToken ct) => new(typeof(T) == typeof(Snapshot) ? text => (T)(object)SnapshotDocument.Read(text) : null, ct);

    private async Task<IReadOnlyList<T>> DocumentsAsync<T>(string sql, CancellationToken ct, params object[] values)
    {
        var documents = Reader<T>(ct);
        await foreach (var text in EachAsync(sql, row => row.GetFieldValue<byte[]>(0), ct, values))
        {
            documents.Add(text);
        }

        return await documents.AllAsync();
    }

    /// <summary>
    /// What the ledgers of some droplets are built of, each with its place among the readers: in one statement, so of one moment. Of the last scheduled
    /// snapshot of each, which one look into an index finds however many it has had, those that do not come anyway.
    /// </summary>
    private static string LedgersOf(string asked, string droplets, string snapshots) =>
        $"""
        select 0, d.data from {LogStore.Schema}.mt_doc_plan d
        union all select 1, d.data from {LogStore.Schema}.mt_doc_droplet d {droplets}
        union all select 2, d.data from {LogStore.Schema}.mt_doc_snapshot d where {Belongs} {snapshots}
        union all select 2, d.data from ({asked}) asked
        cross join lateral (
            select d.data, d.live, d.changed_at from {LogStore.Schema}.mt_doc_snapshot d
            where d.droplet_id = asked.droplet_id and d.scheduled
            order by d.requested_at desc limit 1) d
        where {Belongs} is not true
        """;

    private static (int Kind, byte[] Text) Row(NpgsqlDataReader row) => (row.GetInt32(0), row.GetFieldValue<byte[]>(1));

    private static LoggedEvent Event(NpgsqlDataReader row)
    {
        var (place, name) = (row.GetInt64(1), row.GetString(4));
        if (!TypeOf.TryGetValue(name, out var type))
        {
            throw new InvalidDataException($"event {place} of the log is of a kind that this release does not know: '{name}'");
        }

        try
        {
            return new LoggedEvent(row.GetGuid(0), place, row.GetString(2), row.GetInt64(3), LogStore.Json.FromJson(type, row, 5));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"event {place} of the log, '{name}', cannot be read: {e.Message}", e);
        }
    }

    private async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object[] values)
    {
        var all = new List<T>();
        await foreach (var row in EachAsync(sql, read, ct, values))
        {
            all.Add(row);
        }

        return all;
    }

    private async IAsyncEnumerable<T> EachAsync<T>(string sql, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken ct, params object[] values)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
#pragma warning disable CA2100 // What is asked is written above; what comes from outside is a parameter.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var value in values)
        {
            // A moment that is not UTC is refused otherwise.
            command.Parameters.Add(value is DateTimeOffset moment
                ? new NpgsqlParameter { Value = moment.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz }
                : new NpgsqlParameter { Value = value });
        }

        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            yield return read(rows);
        }
    }
}
