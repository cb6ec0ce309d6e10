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
    private int refusals;

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
            if (purse.Left > 0 && now < purse.UsableUntil && purse.Refusals == Volatile.Read(ref refusals))
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
            // What is at hand is worth nothing now.
            refusals++;
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
                    await using var command = database.CreateCommand($"update {LogStore.Schema}.request_block set requests = greatest(0, requests - $2) where id = $1");
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
        var refusalsBefore = Volatile.Read(ref refusals);
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
        purse.Refusals = refusalsBefore;
        return null;
    }

    private async Task<BudgetGrant> TakeAsync(Purse purse, RequestPurpose purpose, CancellationToken ct)
    {
        var (toldNow, refusedNow) = Heard();
        try
        {
            return await TakeAsync(purse, purpose, Recent(toldNow), refusedNow, ct);
        }
        catch
        {
            // It is not written down: whoever comes next does so. A 429 above all, which holds every process.
            lock (gate)
            {
                told ??= toldNow;
                refused ??= refusedNow;
            }

            throw;
        }
    }

    private async Task<BudgetGrant> TakeAsync(Purse purse, RequestPurpose purpose, RateLimit? toldNow, TimeSpan? refusedNow, CancellationToken ct)
    {
        // Whatever becomes of the commit, these are given back, or lost for an hour: never counted twice.
        var unused = purse.Left;
        purse.Left = 0;
        await using var books = await BudgetBooks.OpenAsync(database, token, usesOwnClock ? clock : null, ct);
        if (unused > 0)
        {
            await books.ReturnAsync(purse.Block, unused, ct);
        }

        var standing = await books.ReadAsync(ct);
        if (toldNow is not null || refusedNow is not null)
        {
            standing = await books.WriteDownAsync(standing, toldNow, refusedNow, ct);
        }

        var grant = standing.HeldFor > TimeSpan.Zero
            ? new BudgetGrant(0, standing.HeldFor)
            : BudgetRules.Grant(standing.Use, purpose, purse.Wanted);
        var block = grant.Requests > 0 ? await books.TakeAsync(purpose, grant.Requests, ct) : purse.Block;
        await books.CloseAsync(ct);
        purse.Block = block;
        return grant;
    }

    private ((RateLimit Limit, DateTimeOffset At)? Told, TimeSpan? Refused) Heard()
    {
        lock (gate)
        {
            var heard = (told, refused);
            (told, refused) = (null, null);
            return heard;
        }
    }

    private RateLimit? Recent((RateLimit Limit, DateTimeOffset At)? heard) =>
        heard is { } recent && clock.GetUtcNow() - recent.At <= LongestRemembered ? recent.Limit : null;

    /// <summary>What this process has at hand for one purpose.</summary>
    private sealed class Purse
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public Guid Block { get; set; }

        public int Left { get; set; }

        public int Wanted { get; set; } = 1;

        /// <summary>How many 429s had come when it was filled.</summary>
        public int Refusals { get; set; }

        public DateTimeOffset UsableUntil { get; set; }

        public DateTimeOffset AskAgainAt { get; set; }
    }
}
