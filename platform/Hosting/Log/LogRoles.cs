using Npgsql;

namespace DoSnapshot.Hosting.Log;

/// <summary>
/// Gives roles of the database what services and readers need, and no more: nobody but the tables' owner may change or delete an event. To be done again after
/// a change of the schema, which may bring new tables.
/// </summary>
public static class LogRoles
{
    /// <summary>Gives a role what the planner, the workers and the API need: to read, to append, and to keep what stands beside the log.</summary>
    /// <param name="connectionString">As the tables' owner.</param>
    /// <param name="role">The role, which must exist.</param>
    /// <param name="ct">Ends it; then nothing was given.</param>
    /// <exception cref="LogRoleException">It is the owner's own role, which would lose its rights.</exception>
    /// <exception cref="PostgresException">There is no such role, or the tables are somebody else's.</exception>
    public static Task GrantWorkersAsync(string connectionString, string role, CancellationToken ct) => GrantAsync(
        connectionString,
        role,
        Read(role)
        + $"""
        grant usage, select on all sequences in schema {LogStore.Schema} to {Quoted(role)};
        grant execute on all functions in schema {LogStore.Schema} to {Quoted(role)};
        grant insert on {LogStore.Schema}.mt_events to {Quoted(role)};
        grant insert, update on {LogStore.Schema}.mt_streams, {LogStore.Schema}.mt_event_progression, {LogStore.Schema}.mt_event_projection_floors, {LogStore.Schema}.mt_high_water_skips to {Quoted(role)};
        do $grants$
        declare beside text;
        begin
            -- The documents, the budget's books, kept answers and notices: what can be made anew from the log, or is worth a day.
            for beside in select tablename from pg_tables where schemaname = '{LogStore.Schema}'
                and (tablename like 'mt\_doc\_%' or tablename in ('request_block', 'request_token', 'api_answer', 'told_notice'))
            loop
                execute format('grant insert, update, delete on {LogStore.Schema}.%I to %s', beside, {Literal(Quoted(role))});
            end loop;
        end
        $grants$;
        """,
        ct);

    /// <summary>Gives a role what questions need: to read.</summary>
    /// <param name="connectionString">As the tables' owner.</param>
    /// <param name="role">The role, which must exist.</param>
    /// <param name="ct">Ends it; then nothing was given.</param>
    /// <exception cref="LogRoleException">It is the owner's own role, which would lose its rights.</exception>
    /// <exception cref="PostgresException">There is no such role, or the tables are somebody else's.</exception>
    public static Task GrantReadersAsync(string connectionString, string role, CancellationToken ct) => GrantAsync(connectionString, role, Read(role), ct);

    private static string Read(string role) =>
        $"""
        revoke all on all tables in schema {LogStore.Schema} from {Quoted(role)};
        grant usage on schema {LogStore.Schema} to {Quoted(role)};
        grant select on all tables in schema {LogStore.Schema} to {Quoted(role)};

        """;

    private static async Task GrantAsync(string connectionString, string role, string grants, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var owner = new NpgsqlCommand("select $1 = current_user or $1 = (select tableowner from pg_tables where schemaname = $2 and tablename = 'mt_events')", connection, transaction))
        {
            owner.Parameters.AddWithValue(role);
            owner.Parameters.AddWithValue(LogStore.Schema);
            if (await owner.ExecuteScalarAsync(ct) is true)
            {
                throw new LogRoleException($"role '{role}' owns the tables, and would lose its rights: services and readers need one of their own");
            }
        }

#pragma warning disable CA2100 // A role's name can be no parameter; it is quoted.
        await using var command = new NpgsqlCommand(grants, connection, transaction);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static string Quoted(string identifier) => string.IsNullOrWhiteSpace(identifier)
        ? throw new LogRoleException("a role's name is wanted")
        : $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
