using DoSnapshot.Hosting.Configuration;
using Medallion.Threading.Postgres;
using Npgsql;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;
using static Weasel.Postgresql.SchemaUtils;

namespace DoSnapshot.Hosting.Log;

/// <summary>
/// What was answered to requests that carry a key, kept for a day beside the log: a repeat is given the same answer by every replica. A claim is a
/// session's lock, so that it ends with the process that holds it; what such a process had begun is seen by whoever claims the key next.
/// </summary>
public sealed class KeptAnswers
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    private const string TableName = $"{LogStore.Schema}.api_answer";

    // Connections of the same string share a pool, the locks' too.
    private readonly string connectionString;
    private readonly LogDatabase database;

    /// <summary>Those in this log's database.</summary>
    public KeptAnswers(PlatformOptions options, LogDatabase database)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.database = database;
        connectionString = LogConnection.ForLog(options.LogConnectionString);
    }

    /// <summary>Claims a key for one request.</summary>
    /// <param name="actor">Whose key it is.</param>
    /// <param name="key">The key.</param>
    /// <param name="request">A digest of the request.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The claim; null while another request holds it.</returns>
    public async Task<AnswerClaim?> ClaimAsync(string actor, string key, string request, CancellationToken ct)
    {
        var mutex = new PostgresDistributedLock(new PostgresAdvisoryLockKey($"{LogStore.Schema}/answer/{actor}/{key}", allowHashing: true), connectionString);
        if (await mutex.TryAcquireAsync(TimeSpan.Zero, ct) is not { } handle)
        {
            return null;
        }

        try
        {
            var now = await database.NowAsync(ct);
            await using var connection = await OpenAsync(ct);
            await ExecuteAsync(connection, $"delete from {TableName} where begun_at < $1", ct, now - KeptFor);
            var isNew = await ExecuteAsync(
                connection,
                $"insert into {TableName} (actor, key, request, seed, begun_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
                ct,
                actor,
                key,
                request,
                Guid.NewGuid(),
                now) == 1;
            await using var command = Command(connection, $"select request, seed, begun_at, answer from {TableName} where actor = $1 and key = $2", actor, key);
            await using var reader = await command.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            return new AnswerClaim(this, handle, actor, key)
            {
                IsNew = isNew,
                IsSameRequest = string.Equals(reader.GetString(0), request, StringComparison.Ordinal),
                Seed = reader.GetGuid(1),
                BegunAt = await reader.GetFieldValueAsync<DateTimeOffset>(2, ct),
                Answer = await reader.IsDBNullAsync(3, ct) ? null : reader.GetString(3),
            };
        }
        catch
        {
            await handle.DisposeAsync();
            throw;
        }
    }

    internal static Table Table()
    {
        var table = new Table(new PostgresqlObjectName(LogStore.Schema, "api_answer", IdentifierUsage.General));
        table.AddColumn<string>("actor").AsPrimaryKey();
        table.AddColumn<string>("key").AsPrimaryKey();
        table.AddColumn<string>("request").NotNull();
        table.AddColumn<Guid>("seed").NotNull();
        table.AddColumn("begun_at", "timestamptz").NotNull();
        table.AddColumn<string>("answer");
        return table;
    }

    internal async Task<DateTimeOffset> BeginAnewAsync(string actor, string key, CancellationToken ct)
    {
        var now = await database.NowAsync(ct);
        await using var connection = await OpenAsync(ct);
        await ExecuteAsync(connection, $"update {TableName} set begun_at = $3 where actor = $1 and key = $2", ct, actor, key, now);
        return now;
    }

    internal async Task CompleteAsync(string actor, string key, string answer, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await ExecuteAsync(connection, $"update {TableName} set answer = $3 where actor = $1 and key = $2 and answer is null", ct, actor, key, answer);
    }

    internal async Task WithdrawAsync(string actor, string key, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await ExecuteAsync(connection, $"delete from {TableName} where actor = $1 and key = $2", ct, actor, key);
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return command;
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

/// <summary>A key that one request holds until this is let go.</summary>
public sealed class AnswerClaim : IAsyncDisposable
{
    private readonly KeptAnswers answers;
    private readonly PostgresDistributedLockHandle handle;
    private readonly string actor;
    private readonly string key;

    internal AnswerClaim(KeptAnswers answers, PostgresDistributedLockHandle handle, string actor, string key)
    {
        (this.answers, this.handle, this.actor, this.key) = (answers, handle, actor, key);
    }

    /// <summary>Whether nobody has claimed the key before. One that was claimed and has no answer was begun and not brought to its end.</summary>
    public bool IsNew { get; init; }

    /// <summary>Whether it was claimed for the same request.</summary>
    public bool IsSameRequest { get; init; }

    /// <summary>What ids are made of, the same with every attempt.</summary>
    public Guid Seed { get; init; }

    /// <summary>When it was claimed first, UTC, by the database's clock.</summary>
    public DateTimeOffset BegunAt { get; set; }

    /// <summary>What was answered; null where nothing was yet.</summary>
    public string? Answer { get; init; }

    /// <summary>Takes it for claimed at this moment: nothing came of what was begun before.</summary>
    public async Task BeginAnewAsync(CancellationToken ct) => BegunAt = await answers.BeginAnewAsync(actor, key, ct);

    /// <summary>Keeps the answer.</summary>
    public Task CompleteAsync(string answer, CancellationToken ct) => answers.CompleteAsync(actor, key, answer, ct);

    /// <summary>Forgets the key: nothing was done.</summary>
    public Task WithdrawAsync(CancellationToken ct) => answers.WithdrawAsync(actor, key, ct);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => handle.DisposeAsync();
}
