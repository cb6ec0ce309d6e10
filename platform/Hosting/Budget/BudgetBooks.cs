using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Log;
using Npgsql;

namespace DoSnapshot.Hosting.Budget;

/// <summary>How a token stands.</summary>
/// <param name="Use">What is taken.</param>
/// <param name="HeldFor">For how long nobody may send, after a 429; zero or less when they may.</param>
internal readonly record struct BudgetStanding(BudgetUse Use, TimeSpan HeldFor);

/// <summary>The books of one token's requests, opened for one entry: nobody else can read or write them until they are closed.</summary>
internal sealed class BudgetBooks : IAsyncDisposable
{
    /// <summary>How much later than another one a request may arrive that was sent at the same time.</summary>
    private static readonly TimeSpan Straggling = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1) + SharedRequestBudget.BlockLife + Straggling;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1) + SharedRequestBudget.BlockLife + Straggling;

    /// <summary>What the headers told is true of that moment. After this time it is asked anew, by the next request.</summary>
    private static readonly TimeSpan ToldFor = TimeSpan.FromMinutes(1);

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly string token;
    private DateTimeOffset now;

    private BudgetBooks(NpgsqlConnection connection, NpgsqlTransaction transaction, string token)
    {
        this.connection = connection;
        this.transaction = transaction;
        this.token = token;
    }

    /// <summary>Opens them, after whoever has them open.</summary>
    /// <param name="database">The log's database.</param>
    /// <param name="token">The token's hash.</param>
    /// <param name="clock">Tells the time in the place of the database.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<BudgetBooks> OpenAsync(NpgsqlDataSource database, string token, TimeProvider? clock, CancellationToken ct)
    {
        var opened = await database.OpenConnectionAsync(ct);
        try
        {
            var books = new BudgetBooks(opened, await opened.BeginTransactionAsync(ct), token);
            await books.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended($1, 0))", ct, $"{LogStore.Schema}/budget/{token}");
            books.now = clock?.GetUtcNow() ?? await DatabaseTimeAsync(opened, ct);
            // Those of every token: nobody comes back for those of one that was replaced.
            await books.ExecuteAsync($"delete from {LogStore.Schema}.request_block where taken_at <= $1", ct, books.now - Hour);
            return books;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives back what was not used of a block.</summary>
    public Task ReturnAsync(Guid block, int requests, CancellationToken ct) =>
        ExecuteAsync($"update {LogStore.Schema}.request_block set requests = greatest(0, requests - $2) where id = $1", ct, block, requests);

    /// <summary>Takes a block.</summary>
    /// <returns>Its id.</returns>
    public async Task<Guid> TakeAsync(RequestPurpose purpose, int requests, CancellationToken ct)
    {
        var block = Guid.CreateVersion7();
        await ExecuteAsync(
            $"insert into {LogStore.Schema}.request_block (id, token, purpose, requests, taken_at) values ($1, $2, $3, $4, $5)",
            ct,
            block,
            token,
            (int)purpose,
            requests,
            now);
        return block;
    }

    /// <summary>Makes what was written hold. Without it nothing was.</summary>
    public Task CloseAsync(CancellationToken ct) => transaction.CommitAsync(ct);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    /// <summary>How the token stands.</summary>
    public async Task<BudgetStanding> ReadAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select
                coalesce(sum(b.requests) filter (where b.taken_at > $2), 0)::int,
                coalesce(sum(b.requests), 0)::int,
                coalesce(sum(b.requests) filter (where b.purpose = $3), 0)::int,
                coalesce(min(b.taken_at) filter (where b.taken_at > $2 and b.requests > 0), $4),
                coalesce(min(b.taken_at) filter (where b.requests > 0), $4),
                (select hour_limit from {LogStore.Schema}.request_token where token = $1),
                (select foreign_use from {LogStore.Schema}.request_token where token = $1 and told_at > $5),
                (select held_until from {LogStore.Schema}.request_token where token = $1)
            from {LogStore.Schema}.request_block b where b.token = $1
            """,
            connection);
        foreach (var value in (object[])[token, now - Minute, (int)RequestPurpose.Reconciliation, now, now - ToldFor])
        {
            command.Parameters.AddWithValue(value);
        }

        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var use = new BudgetUse(
            await row.IsDBNullAsync(5, ct) ? BudgetRules.DocumentedHour : row.GetInt32(5),
            row.GetInt32(0),
            row.GetInt32(1),
            row.GetInt32(2),
            await row.IsDBNullAsync(6, ct) ? 0 : row.GetInt32(6),
            await row.GetFieldValueAsync<DateTimeOffset>(3, ct) + Minute - now,
            await row.GetFieldValueAsync<DateTimeOffset>(4, ct) + Hour - now);
        var held = await row.IsDBNullAsync(7, ct) ? TimeSpan.Zero : await row.GetFieldValueAsync<DateTimeOffset>(7, ct) - now;
        return new BudgetStanding(use, held);
    }

    /// <summary>Writes down what answers told since the last time.</summary>
    /// <param name="known">How it stood without it.</param>
    /// <param name="limits">What the headers told of the hour.</param>
    /// <param name="refusal">For how long a 429 holds everybody.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<BudgetStanding> WriteDownAsync(BudgetStanding known, RateLimit? limits, TimeSpan? refusal, CancellationToken ct)
    {
        var limit = limits?.Limit is > 0 and var stated ? stated : known.Use.HourLimit;
        // Ours counts what was taken and not used yet, too: what goes beyond it is certainly not ours. Of the minute's limit the headers tell
        // nothing, and its 429 reads 0 remaining though the hour has some left (documented).
        var foreign = refusal is null && limits?.Remaining is { } remaining ? Math.Max(0, limit - remaining - known.Use.Hour) : known.Use.Foreign;
        var held = refusal is { } wait && wait > known.HeldFor ? wait : known.HeldFor;
        await ExecuteAsync(
            $"""
            insert into {LogStore.Schema}.request_token (token, hour_limit, foreign_use, told_at, held_until) values ($1, $2, $3, $4, $5)
            on conflict (token) do update set hour_limit = $2, foreign_use = $3, told_at = $4, held_until = $5
            """,
            ct,
            token,
            limit,
            foreign,
            now,
            now + held);
        return new BudgetStanding(known.Use with { HourLimit = limit, Foreign = foreign }, held);
    }

    private static async Task<DateTimeOffset> DatabaseTimeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return await row.GetFieldValueAsync<DateTimeOffset>(0, ct);
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}
