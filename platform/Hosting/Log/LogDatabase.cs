using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Budget;
using DoSnapshot.Hosting.Notices;
using Npgsql;

namespace DoSnapshot.Hosting.Log;

/// <summary>How far a log has come.</summary>
/// <param name="Head">The highest sequence that is visible; 0 for an empty log.</param>
/// <param name="IsSettled">
/// Whether no transaction that writes was underway anywhere at the server: then nothing that is appended later has a lower sequence, and what is read from now on holds
/// as long as the head stays.
/// </param>
public sealed record LogStand(long Head, bool IsSettled);

/// <summary>What the log's database tells beside the log.</summary>
public sealed class LogDatabase
{
    private const string LeadersName = "do-snapshot-lead:";

    private readonly string connectionString;
    private readonly TimeProvider? clock;

    /// <summary>The database of a log.</summary>
    /// <param name="connectionString">How it is connected to. Whoever gives the same shares its sessions.</param>
    /// <param name="clock">Says the moment in the database's place, where the log's time is not the world's; null for the database's.</param>
    public LogDatabase(string connectionString, TimeProvider? clock = null)
    {
        this.connectionString = connectionString;
        this.clock = clock;
    }

    /// <summary>The moment by the database's clock, UTC: the same for every machine, whatever its own says.</summary>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<DateTimeOffset> NowAsync(CancellationToken ct)
    {
        if (clock is not null)
        {
            return clock.GetUtcNow();
        }

        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("select now()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!);
    }

    /// <summary>How far the log has come, and whether that is all of it that is underway.</summary>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<LogStand> StandAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            // Whoever writes holds the lock of its own transaction's number, whichever role it has and whoever asks.
            $"select coalesce(max(seq_id), 0), not exists (select from pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted) from {LogStore.Schema}.mt_events",
            connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new LogStand(row.GetInt64(0), row.GetBoolean(1));
    }

    /// <summary>Reads what runs on the log, and takes no lock.</summary>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task<RunningState> RunningAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        var leads = await ListAsync(
            connection,
            """
            select distinct on (a.application_name) a.application_name, coalesce(host(a.client_addr), ''), a.backend_start
            from pg_locks l join pg_stat_activity a using (pid)
            where l.locktype = 'advisory' and l.granted and a.datname = current_database() and starts_with(a.application_name, $1)
            order by a.application_name, a.backend_start
            """,
            row => new Lead(row.GetString(0)[LeadersName.Length..], row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)),
            ct,
            LeadersName);
        var behind = await ListAsync(
            connection,
            $"""
            with relayed as (select max(last_seq_id) as last from {LogStore.Schema}.mt_event_progression where starts_with(name, 'relay:'))
            select r.last is not null, count(e.seq_id), min(e.timestamp)
            from relayed r left join {LogStore.Schema}.mt_events e on e.seq_id > r.last and e.stream_id <> $1
            group by r.last
            """,
            row => (Ran: row.GetBoolean(0), Count: row.GetInt64(1), Since: row.IsDBNull(2) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(2)),
            ct,
            LogStore.FillerStream);
        var relay = behind is [{ Ran: true } one] ? one : default;
        var troubles = await ListAsync(
            connection,
            $"select text, since from {LogStore.Schema}.told_notice where channel = $1 and key = $2",
            row => new NotCompared(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)),
            ct,
            PlannerNotice.Channel,
            PlannerNotice.NotCompared);
        return new RunningState(leads, relay.Ran ? relay.Count : null, relay.Ran ? relay.Since : null, await RequestsAsync(connection, ct), troubles.Count == 0 ? null : troubles[0]);
    }

    private static Task<IReadOnlyList<RequestsLeft>> RequestsAsync(NpgsqlConnection connection, CancellationToken ct) => ListAsync(
        connection,
        $"""
        select coalesce(t.hour_limit, $1),
            coalesce(sum(b.requests), 0)::int + coalesce(t.foreign_use, 0),
            coalesce(sum(b.requests) filter (where b.taken_at > now() - interval '1 minute'), 0)::int,
            nullif(greatest(t.held_until, now()), now())
        from {LogStore.Schema}.request_block b left join {LogStore.Schema}.request_token t using (token)
        where b.taken_at > now() - interval '1 hour'
        group by b.token, t.hour_limit, t.foreign_use, t.held_until
        order by 2 desc
        """,
        row =>
        {
            var (hour, minute) = (row.GetInt32(0), BudgetRules.MinuteLimit(row.GetInt32(0)));
            return new RequestsLeft(
                hour,
                Math.Max(0, hour - row.GetInt32(1)),
                minute,
                Math.Max(0, minute - row.GetInt32(2)),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3));
        },
        ct,
        BudgetRules.DocumentedHour);

    private static async Task<IReadOnlyList<T>> ListAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        try
        {
            await using var rows = await command.ExecuteReaderAsync(ct);
            var all = new List<T>();
            while (await rows.ReadAsync(ct))
            {
                all.Add(read(rows));
            }

            return all;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            // A log that no service has used yet need not have it.
            return [];
        }
    }
}
