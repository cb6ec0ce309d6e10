using Npgsql;

namespace DoSnapshot.LocalServers.Tests;

internal static class Sql
{
    public static Task<string?> ScalarAsync(EmbeddedPostgres server, string sql) => ScalarAsync(server.ConnectionString, sql);

    public static async Task<string?> ScalarAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))?.ToString();
    }
}
