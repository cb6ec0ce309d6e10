using JasperFx;
using Marten;
using Medallion.Threading.Postgres;
using Npgsql;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace DoSnapshot.Hosting.Log;

/// <summary>
/// Brings the log's tables up to date, one process at a time: all services start together and each of them looks. What the tables are is a number beside
/// them, so that a service of an earlier release leaves alone what a later one made, and one whose role may alter nothing does not try.
/// </summary>
public static class LogSchema
{
    /// <summary>What this release wants the tables to be. Goes up with every change of them, of Marten's own too.</summary>
    public const int Level = 1;

    private const string LevelTable = "schema_level";

    /// <summary>Applies what is missing; nothing where the tables are of this release or of a later one.</summary>
    /// <param name="store">The log.</param>
    /// <param name="connectionString">Where it is.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="LogRoleException">The tables are of an earlier release, and somebody else's.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached, or refuses.</exception>
    public static Task ApplyAsync(IDocumentStore store, string connectionString, CancellationToken ct) => ApplyAsync(store, connectionString, again: false, ct);

    /// <summary>Compares every table with what it should be and mends it, also where the number beside them says that nothing is missing.</summary>
    /// <inheritdoc cref="ApplyAsync(IDocumentStore, string, CancellationToken)"/>
    public static Task ApplyAgainAsync(IDocumentStore store, string connectionString, CancellationToken ct) => ApplyAsync(store, connectionString, again: true, ct);

    internal static Table LevelsTable()
    {
        var table = new Table(new PostgresqlObjectName(LogStore.Schema, LevelTable, SchemaUtils.IdentifierUsage.General));
        table.AddColumn<int>("level").AsPrimaryKey();
        table.AddColumn("applied_at", "timestamptz").NotNull();
        return table;
    }

    private static async Task ApplyAsync(IDocumentStore store, string connectionString, bool again, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (!Wanted(await LookAsync(connectionString, ct), again))
        {
            return;
        }

        var mutex = new PostgresDistributedLock(new PostgresAdvisoryLockKey($"{LogStore.Schema}/schema", allowHashing: true), LogConnection.ForLog(connectionString));
        await using var handle = await mutex.AcquireAsync(timeout: null, ct);
        var found = await LookAsync(connectionString, ct);
        if (!Wanted(found, again))
        {
            return;
        }

        if (!found.IsOurs)
        {
            throw new LogRoleException(
                $"the tables of the log are of an earlier release, and role '{found.Role}' may not alter them: `do-snapshot schema` does so by their owner's");
        }

        await store.Storage.Database.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate, ct: ct);
        await WriteAsync(connectionString, ct);
    }

    /// <summary>Whether there is something to do. Tables of a later release are never touched: an earlier one would take back its columns.</summary>
    private static bool Wanted(Found found, bool again) => found.Level < Level || (again && found.IsOurs && found.Level == Level);

    private static async Task<Found> LookAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(LogConnection.ForLog(connectionString));
        await connection.OpenAsync(ct);
        await using var look = new NpgsqlCommand(
            """
            select coalesce(bool_and(pg_has_role(c.relowner, 'usage')), true), coalesce(bool_or(c.relname = $2), false), current_user::text
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = $1 and c.relkind = 'r'
            """,
            connection)
        { Parameters = { new NpgsqlParameter { Value = LogStore.Schema }, new NpgsqlParameter { Value = LevelTable } } };
        (bool IsOurs, bool HasLevel, string Role) seen;
        await using (var row = await look.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            seen = (row.GetBoolean(0), row.GetBoolean(1), row.GetString(2));
        }

        if (!seen.HasLevel)
        {
            return new Found(0, seen.IsOurs, seen.Role);
        }

        await using var level = new NpgsqlCommand($"select coalesce(max(level), 0) from {LogStore.Schema}.{LevelTable}", connection);
        return new Found((int)(await level.ExecuteScalarAsync(ct))!, seen.IsOurs, seen.Role);
    }

    private static async Task WriteAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(LogConnection.ForLog(connectionString));
        await connection.OpenAsync(ct);
        await using var write = new NpgsqlCommand(
            $"insert into {LogStore.Schema}.{LevelTable} (level, applied_at) values ($1, now()) on conflict do nothing", connection)
        { Parameters = { new NpgsqlParameter { Value = Level } } };
        await write.ExecuteNonQueryAsync(ct);
    }

    /// <param name="Level">What the tables are; 0 where there are none, or of before there was a number.</param>
    /// <param name="IsOurs">Whether this role may alter all of them.</param>
    /// <param name="Role">The role.</param>
    private sealed record Found(int Level, bool IsOurs, string Role);
}
