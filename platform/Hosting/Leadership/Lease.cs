using System.Data;
using DoSnapshot.Hosting.Log;
using Medallion.Threading.Postgres;
using Npgsql;

namespace DoSnapshot.Hosting.Leadership;

/// <summary>
/// The lock of a role: a PostgreSQL advisory lock on a session of its own, which gives a sign of life every second. Without one the server ends the
/// session, whether the process was killed, frozen or cut off, and the lock is free within ten seconds (<see cref="LogConnection.ForLease"/>).
/// </summary>
public sealed class Lease : IAsyncDisposable
{
    private static readonly TimeSpan SignOfLifeEvery = TimeSpan.FromSeconds(1);

    private readonly NpgsqlConnection session;
    private readonly PostgresDistributedLockHandle held;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource end = new();
    private readonly Task watch;

    private Lease(NpgsqlConnection session, PostgresDistributedLockHandle held)
    {
        this.session = session;
        this.held = held;
        watch = WatchAsync();
    }

    /// <summary>Cancelled when the lock is held no longer.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Why the lock was lost; null while it is held.</summary>
    public string? Reason { get; private set; }

    /// <summary>Takes the lock if nobody has it; null when somebody has.</summary>
    /// <param name="connectionString">The log's database.</param>
    /// <param name="role">The role; one holder each.</param>
    /// <param name="holder">What the holder is, for <see cref="IsHeldByAsync"/>.</param>
    /// <param name="ct">Cancels the attempt.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static Task<Lease?> TryTakeAsync(string connectionString, string role, string holder, CancellationToken ct) =>
        TakeAsync(connectionString, role, holder, again: null, ct);

    /// <summary>Whether a lock is held at this moment by such a holder. It takes no lock itself.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<bool> IsHeldByAsync(string connectionString, string holder, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            select exists (
                select 1 from pg_locks l join pg_stat_activity a using (pid)
                where l.locktype = 'advisory' and l.granted and a.datname = current_database() and a.application_name = $1)
            """,
            connection)
        { Parameters = { new NpgsqlParameter { Value = $"do-snapshot-lead:{holder}" } } };
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Waits for the lock, on one session, asking for it anew after each pause.</summary>
    /// <param name="connectionString">The log's database.</param>
    /// <param name="role">The role; one holder each.</param>
    /// <param name="pause">Between two attempts. Shorter than the silence that the server allows.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<Lease> TakeAsync(string connectionString, string role, TimeSpan pause, CancellationToken ct) =>
        (await TakeAsync(connectionString, role, role, again: pause, ct))!;

    /// <summary>Gives the lock back.</summary>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await watch;
        try
        {
            // With a session that is gone the lock is gone, too.
            if (session.State is ConnectionState.Open)
            {
                await held.DisposeAsync();
            }
        }
        finally
        {
            await session.DisposeAsync();
            end.Dispose();
            lost.Dispose();
        }
    }

    private static async Task<Lease?> TakeAsync(string connectionString, string role, string holder, TimeSpan? again, CancellationToken ct)
    {
        var candidate = new NpgsqlConnection(LogConnection.ForLease(connectionString, holder));
        try
        {
            await candidate.OpenAsync(ct);
            var mutex = new PostgresDistributedLock(new PostgresAdvisoryLockKey($"{LogStore.Schema}/{role}", allowHashing: true), candidate);
            var handle = await mutex.TryAcquireAsync(TimeSpan.Zero, ct);
            while (handle is null && again is { } pause)
            {
                await Task.Delay(pause, TimeProvider.System, ct);
                handle = await mutex.TryAcquireAsync(TimeSpan.Zero, ct);
            }

            if (handle is not null)
            {
                return new Lease(candidate, handle);
            }
        }
        catch
        {
            await candidate.DisposeAsync();
            throw;
        }

        await candidate.DisposeAsync();
        return null;
    }

    /// <summary>Gives signs of life until the end, and gives up the lock for lost when the session does not answer.</summary>
    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(SignOfLifeEvery, TimeProvider.System, end.Token);
                await using var sign = new NpgsqlCommand("select 1", session);
                await sign.ExecuteScalarAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It is given back.
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
        {
            Reason = e.GetBaseException().Message;
            await lost.CancelAsync();
        }
    }
}
