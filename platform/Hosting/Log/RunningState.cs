using DoSnapshot.Hosting.Budget;
using Npgsql;

namespace DoSnapshot.Hosting.Log;

/// <summary>Who leads a role.</summary>
/// <param name="Role">The role: <c>planner</c>, or the follower of a worker.</param>
/// <param name="Address">From where, as PostgreSQL sees it; empty for its own machine's socket.</param>
/// <param name="Since">Since when its session is there, UTC.</param>
public sealed record Lead(string Role, string Address, DateTimeOffset Since);

/// <summary>What is left of a token's requests.</summary>
/// <param name="HourLimit">Requests in an hour.</param>
/// <param name="HourLeft">Of those, not used by anybody.</param>
/// <param name="MinuteLimit">Requests in a minute.</param>
/// <param name="MinuteLeft">Of those, not used by our processes.</param>
/// <param name="HeldUntil">Until when DigitalOcean takes none, after a 429; null when it does.</param>
public sealed record RequestsLeft(int HourLimit, int HourLeft, int MinuteLimit, int MinuteLeft, DateTimeOffset? HeldUntil);

/// <summary>What runs on a log at a moment, as its database shows it.</summary>
/// <param name="Leads">Who leads, by role.</param>
/// <param name="Behind">Events that are committed and not published yet; null where no relay has ever run.</param>
/// <param name="BehindSince">When the oldest of those was committed, UTC; null where there is none.</param>
/// <param name="Requests">What is left of the requests of each token that was used in the last hour.</param>
public sealed record RunningState(IReadOnlyList<Lead> Leads, long? Behind, DateTimeOffset? BehindSince, IReadOnlyList<RequestsLeft> Requests)
{
    private const string LeadersName = "do-snapshot-lead:";

    /// <summary>Reads it, and takes no lock.</summary>
    /// <param name="connectionString">The log's database.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<RunningState> ReadAsync(string connectionString, CancellationToken ct)
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
        return new RunningState(leads, relay.Ran ? relay.Count : null, relay.Ran ? relay.Since : null, await RequestsAsync(connection, ct));
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
