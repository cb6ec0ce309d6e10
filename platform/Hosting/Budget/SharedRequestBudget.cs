using System.Security.Cryptography;
using System.Text;
using DoSnapshot.DigitalOcean;
using DoSnapshot.Hosting.Log;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DoSnapshot.Hosting.Budget;

/// <summary>
/// A token's requests, shared by every process that uses it, through the log's database. A process takes blocks and uses them within seconds; a
/// block counts from when it was taken until nobody can have used it within the window, so that what a killed process held is free again a minute
/// later. What programs outside use shows in the headers of the answers, and counts too.
/// </summary>
public sealed class SharedRequestBudget : IRequestBudget, IAsyncDisposable
{
    /// <summary>How long a block may be used.</summary>
    public static readonly TimeSpan BlockLife = TimeSpan.FromSeconds(5);

    /// <summary>How much later than another one a request may arrive that was sent at the same time.</summary>
    private static readonly TimeSpan Straggling = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1) + BlockLife + Straggling;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1) + BlockLife + Straggling;

    /// <summary>What the headers told is true of that moment. After this time it is asked anew, by the next request.</summary>
    private static readonly TimeSpan ToldFor = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRemembered = TimeSpan.FromSeconds(5);
    private const int LargestBlock = 20;

    private readonly NpgsqlDataSource database;
    private readonly string token;
    private readonly TimeProvider clock;
    private readonly bool usesOwnClock;
    private readonly ILogger logger;
    private readonly Purse[] purses = [.. Enum.GetValues<RequestPurpose>().Select(_ => new Purse())];
    private readonly Lock gate = new();
    private (RateLimit Limit, DateTimeOffset At)? told;
    private TimeSpan? refused;

    /// <summary>The budget of a token.</summary>
    /// <param name="database">The log's database; disposed of with the budget.</param>
    /// <param name="apiToken">The token; only a hash of it is written down.</param>
    /// <param name="clock">Measures waits and the life of blocks.</param>
    /// <param name="logger">Told when the database cannot be asked.</param>
    /// <param name="usesOwnClock">Whether moments are the clock's instead of the database's, which all processes share: for simulated time.</param>
    public SharedRequestBudget(NpgsqlDataSource database, string apiToken, TimeProvider clock, ILogger logger, bool usesOwnClock = false)
    {
        this.database = database;
        this.clock = clock;
        this.logger = logger;
        this.usesOwnClock = usesOwnClock;
        token = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(apiToken)))[..32];
    }

    /// <inheritdoc />
    public async ValueTask<TimeSpan?> TryTakeAsync(RequestPurpose purpose, CancellationToken ct)
    {
        var purse = purses[(int)purpose];
        await purse.Turn.WaitAsync(ct);
        try
        {
            var now = clock.GetUtcNow();
            if (purse.Left > 0 && now < purse.UsableUntil)
            {
                purse.Left--;
                return null;
            }

            return purse.AskAgainAt > now ? purse.AskAgainAt - now : await RefillAsync(purse, purpose, now, ct);
        }
        finally
        {
            purse.Turn.Release();
        }
    }

    /// <inheritdoc />
    public void Tell(RateLimit told)
    {
        lock (gate)
        {
            this.told = (told, clock.GetUtcNow());
        }
    }

    /// <inheritdoc />
    public void Refuse(TimeSpan? wait)
    {
        lock (gate)
        {
            // The hour's limit may ask for longer; it slides, and a minute later some of it may be free.
            refused = wait < LongestHold ? wait : LongestHold;
        }

        // What is at hand is worth nothing now.
        foreach (var purse in purses)
        {
            purse.UsableUntil = default;
        }
    }

    /// <summary>Gives back what was not used.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var purse in purses)
        {
            if (purse.Left > 0)
            {
                try
                {
                    await using var command = database.CreateCommand($"update {LogStore.Schema}.request_block set requests = requests - $2 where id = $1");
                    command.Parameters.AddWithValue(purse.Block);
                    command.Parameters.AddWithValue(purse.Left);
                    await command.ExecuteNonQueryAsync();
                    purse.Left = 0;
                }
                catch (NpgsqlException)
                {
                    // They are free again within a minute.
                }
            }

            purse.Turn.Dispose();
        }

        await database.DisposeAsync();
    }

    private async Task<TimeSpan?> RefillAsync(Purse purse, RequestPurpose purpose, DateTimeOffset now, CancellationToken ct)
    {
        // Who used up a block within its life needs a larger one.
        purse.Wanted = purse.Left == 0 && now < purse.UsableUntil ? Math.Min(purse.Wanted * 2, LargestBlock) : 1;
        BudgetGrant grant;
        try
        {
            grant = await TakeAsync(purse, purpose, ct);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException && !ct.IsCancellationRequested)
        {
            // Without its books nothing may be spent. The log is in the same place: it can decide nothing either.
            logger.BudgetCannotBeAsked(e.GetBaseException().Message);
            return AskAgainAfter;
        }

        if (grant.Requests == 0)
        {
            purse.AskAgainAt = clock.GetUtcNow() + (grant.Wait < LongestRemembered ? grant.Wait : LongestRemembered);
            return purse.AskAgainAt - clock.GetUtcNow();
        }

        purse.Left = grant.Requests - 1;
        // From before the books were opened: the block counts at least as long as it is used.
        purse.UsableUntil = now + BlockLife;
        return null;
    }

    private async Task<BudgetGrant> TakeAsync(Purse purse, RequestPurpose purpose, CancellationToken ct)
    {
        var (returned, toldNow, refusedNow) = (purse.Left, Heard(), Refused());
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, "select pg_advisory_xact_lock(hashtextextended($1, 0))", ct, $"{LogStore.Schema}/budget/{token}");
        var now = usesOwnClock ? clock.GetUtcNow() : await DatabaseTimeAsync(connection, ct);
        if (returned > 0)
        {
            await ExecuteAsync(connection, $"update {LogStore.Schema}.request_block set requests = requests - $2 where id = $1", ct, purse.Block, returned);
        }

        await ExecuteAsync(connection, $"delete from {LogStore.Schema}.request_block where token = $1 and taken_at <= $2", ct, token, now - Hour);
        var use = await ReadAsync(connection, now, ct);
        if (toldNow is not null || refusedNow is not null)
        {
            use = await WriteDownAsync(connection, use, toldNow, refusedNow, now, ct);
        }

        var grant = use.HeldFor > TimeSpan.Zero ? new BudgetGrant(0, use.HeldFor) : BudgetRules.Grant(use.Use, purpose, purse.Wanted);
        purse.Left = 0;
        if (grant.Requests > 0)
        {
            purse.Block = Guid.CreateVersion7();
            await ExecuteAsync(
                connection,
                $"insert into {LogStore.Schema}.request_block (id, token, purpose, requests, taken_at) values ($1, $2, $3, $4, $5)",
                ct,
                purse.Block,
                token,
                (int)purpose,
                grant.Requests,
                now);
        }

        await transaction.CommitAsync(ct);
        return grant;
    }

    private RateLimit? Heard()
    {
        lock (gate)
        {
            var heard = told;
            told = null;
            return heard is { } recent && clock.GetUtcNow() - recent.At <= LongestRemembered ? recent.Limit : null;
        }
    }

    private TimeSpan? Refused()
    {
        lock (gate)
        {
            var wait = refused;
            refused = null;
            return wait;
        }
    }

    private async Task<(BudgetUse Use, TimeSpan HeldFor)> ReadAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
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
        return (use, held);
    }

    /// <summary>Writes down what the answers told since the last time.</summary>
    private async Task<(BudgetUse Use, TimeSpan HeldFor)> WriteDownAsync(
        NpgsqlConnection connection, (BudgetUse Use, TimeSpan HeldFor) known, RateLimit? limits, TimeSpan? refusal, DateTimeOffset now, CancellationToken ct)
    {
        var limit = limits?.Limit is > 0 and var stated ? stated : known.Use.HourLimit;
        // Ours counts what was taken and not used yet, too: what goes beyond it is certainly not ours.
        var foreign = limits?.Remaining is { } remaining ? Math.Max(0, limit - remaining - known.Use.Hour) : known.Use.Foreign;
        // Of the minute's limit the headers tell nothing; its 429 reads 0 remaining though the hour has some left (documented).
        foreign = refusal is not null ? known.Use.Foreign : foreign;
        var held = refusal is { } wait && wait > known.HeldFor ? wait : known.HeldFor;
        await ExecuteAsync(
            connection,
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
        return (known.Use with { HourLimit = limit, Foreign = foreign }, held);
    }

    private static async Task<DateTimeOffset> DatabaseTimeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return await row.GetFieldValueAsync<DateTimeOffset>(0, ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What this process has at hand for one purpose.</summary>
    private sealed class Purse
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public Guid Block { get; set; }

        public int Left { get; set; }

        public int Wanted { get; set; } = 1;

        public DateTimeOffset UsableUntil { get; set; }

        public DateTimeOffset AskAgainAt { get; set; }
    }
}
