using DoSnapshot.Hosting.Log;
using Npgsql;

namespace DoSnapshot.Cli.Doctor;

/// <summary>What PostgreSQL says of itself, of the log in it, and of what the user may do. It is read, and nothing is written.</summary>
internal sealed record DatabaseFacts
{
    private const string Query = $"""
        select
            current_setting('server_version_num')::int,
            current_setting('server_version'),
            clock_timestamp(),
            pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool,
            current_user::text,
            has_database_privilege(current_database(), 'create'),
            exists (select 1 from pg_namespace where nspname = '{LogStore.Schema}'),
            exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = '{LogStore.Schema}' and c.relname = 'mt_events'),
            coalesce((select has_schema_privilege(oid, 'usage') from pg_namespace where nspname = '{LogStore.Schema}'), false),
            coalesce((select has_schema_privilege(oid, 'create') from pg_namespace where nspname = '{LogStore.Schema}'), false),
            array(
                select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = '{LogStore.Schema}' and c.relkind in ('r', 'p') and not (
                    has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
                    and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete'))
                order by 1),
            array(
                select distinct substr(a.application_name, length('{Lead}') + 1) || coalesce(' from ' || host(a.client_addr), '')
                from pg_locks l join pg_stat_activity a using (pid)
                where l.locktype = 'advisory' and l.granted and a.datname = current_database() and a.application_name like '{Lead}%'
                order by 1)
        """;

    private const string Lead = "do-snapshot-lead:";

    /// <summary>The version as a number: 170006 is 17.6.</summary>
    public required int VersionNumber { get; init; }

    /// <summary>The version in the server's words.</summary>
    public required string Version { get; init; }

    /// <summary>How far its clock is ahead of this machine's.</summary>
    public required TimeSpan ClockOffset { get; init; }

    /// <summary>Whether nothing can be written: a standby, or a database that was made read-only.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The user that the server takes this process for.</summary>
    public string User { get; init; } = "";

    /// <summary>Whether the user may make a schema.</summary>
    public bool MayCreate { get; init; }

    /// <summary>Whether the log's schema is there, with or without a log in it.</summary>
    public bool HasSchema { get; init; }

    /// <summary>Whether there is a log.</summary>
    public bool HasLog { get; init; }

    /// <summary>Whether the user may use the log's schema.</summary>
    public bool MayUseSchema { get; init; }

    /// <summary>Whether the user may bring the log's schema up to date.</summary>
    public bool MayChangeSchema { get; init; }

    /// <summary>The log's tables that the user may not read and write.</summary>
    public IReadOnlyList<string> Closed { get; init; } = [];

    /// <summary>Who leads at the moment, and from where: <c>planner from 10.0.0.7</c>.</summary>
    public IReadOnlyList<string> Leaders { get; init; } = [];

    /// <summary>Connects and reads.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<DatabaseFacts> ReadAsync(string connectionString, TimeProvider clock, CancellationToken ct)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "do-snapshot-doctor" };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(Query, connection);
        var before = clock.GetUtcNow();
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        // It was asked in the middle between the two, as far as can be known.
        var middle = before + ((clock.GetUtcNow() - before) / 2);
        return new DatabaseFacts
        {
            VersionNumber = row.GetInt32(0),
            Version = row.GetString(1),
            ClockOffset = await row.GetFieldValueAsync<DateTimeOffset>(2, ct) - middle,
            IsReadOnly = row.GetBoolean(3),
            User = row.GetString(4),
            MayCreate = row.GetBoolean(5),
            HasSchema = row.GetBoolean(6),
            HasLog = row.GetBoolean(7),
            MayUseSchema = row.GetBoolean(8),
            MayChangeSchema = row.GetBoolean(9),
            Closed = await row.GetFieldValueAsync<string[]>(10, ct),
            Leaders = await row.GetFieldValueAsync<string[]>(11, ct),
        };
    }
}
