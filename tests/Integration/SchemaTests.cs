using DoSnapshot.Tests.Support;
using Npgsql;

namespace DoSnapshot.Integration.Tests;

/// <summary><c>schema</c> as a process: it makes the tables, finds them there the second time, and says why where its role may not.</summary>
public sealed class SchemaTests
{
    private readonly PostgresFixture _postgres;

    public SchemaTests(PostgresFixture postgres)
    {
        _postgres = postgres;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tables_are_made_once_and_by_nobody_who_may_not()
    {
        var store = await _postgres.CreateDatabaseAsync(Ct);
        var role = $"reader_{Guid.CreateVersion7():N}";
        await ExecuteAsync(store, $"create role {role} login password 'made-up'");
        var reader = new NpgsqlConnectionStringBuilder(store) { Username = role, Password = "made-up" }.ConnectionString;
        await using var platform = await Platform.StartSandboxAsync(null, new Dictionary<string, string>(StringComparer.Ordinal), _ => Task.CompletedTask, Ct);

        var refused = await CommandRun.RunAsync(platform, reader, "schema");
        Assert.Equal(1, refused.Code);
        Assert.Contains("the tables of the log cannot be made: 42501: permission denied", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0L, await TablesAsync(store));

        Assert.Equal((0, ""), await CommandRun.RunAsync(platform, store, "schema"));
        var made = await TablesAsync(store);
        Assert.InRange(made, 5, long.MaxValue);
        Assert.Equal((0, ""), await CommandRun.RunAsync(platform, store, "schema"));
        Assert.Equal(made, await TablesAsync(store));
        Assert.Equal(2, (await CommandRun.RunAsync(platform, store: null, "schema")).Code);
        Assert.Equal(2, (await CommandRun.RunAsync(platform, store, "schema", "--grant-workers", role, "--grant-readers", role)).Code);
    }

    private static async Task<long> TablesAsync(string store) =>
        (long)(await ExecuteAsync(store, "select count(*) from information_schema.tables where table_schema = 'do_snapshot'"))!;

    private static async Task<object?> ExecuteAsync(string store, string sql)
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }
}
