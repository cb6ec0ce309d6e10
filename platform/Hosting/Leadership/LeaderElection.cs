using System.Collections.Concurrent;
using System.Data;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Log;
using Medallion.Threading.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DoSnapshot.Hosting.Leadership;

/// <summary>
/// Lets one process of many do what only one may do: whoever holds a PostgreSQL advisory lock. The lock guards efficiency, not correctness:
/// every decision is made under its droplet's lock, so that a leader who lost the lock without knowing cannot do harm.
/// </summary>
/// <remarks>
/// The lock lives as long as its session. The leader gives a sign of life every second; without one the server ends the session, whether the
/// process was killed, frozen or cut off, and another one leads within ten seconds (<see cref="LogConnection.ForLease"/>).
/// </remarks>
public sealed class LeaderElection
{
    private static readonly TimeSpan SignOfLifeEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StandAgainEvery = TimeSpan.FromSeconds(1);

    private readonly StoreReadiness readiness;
    private readonly PlatformOptions options;
    private readonly ILogger<LeaderElection> logger;
    private readonly ConcurrentDictionary<string, bool> leading = new(StringComparer.Ordinal);

    /// <summary>Elections in the log's database.</summary>
    public LeaderElection(StoreReadiness readiness, PlatformOptions options, ILogger<LeaderElection> logger)
    {
        this.readiness = readiness;
        this.options = options;
        this.logger = logger;
    }

    /// <summary>Whether this process leads a role at this moment.</summary>
    public bool Leads(string role) => leading.ContainsKey(role);

    /// <summary>
    /// Waits until this process leads, runs <paramref name="lead"/> until the lock is lost or <paramref name="ct"/> is cancelled, and stands
    /// for election again. A failure of <paramref name="lead"/> gives up the lead and is logged.
    /// </summary>
    /// <param name="role">What is led; one leader for each role.</param>
    /// <param name="lead">What the leader does; it returns when its token is cancelled.</param>
    /// <param name="ct">Ends all.</param>
    public async Task RunAsync(string role, Func<CancellationToken, Task> lead, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(lead);
        await readiness.WhenReady.WaitAsync(ct);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await StandAsync(role, lead, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it was, standing for election again is the answer; it is logged with its stack.
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.LeadershipFailed(role, e);
            }

            await Task.Delay(StandAgainEvery, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Tries for the lock, on one session, until it is won, and leads until it is lost.</summary>
    private async Task StandAsync(string role, Func<CancellationToken, Task> lead, CancellationToken ct)
    {
        await using var session = new NpgsqlConnection(LogConnection.ForLease(options.LogConnectionString));
        await session.OpenAsync(ct);
        var mutex = new PostgresDistributedLock(new PostgresAdvisoryLockKey($"{LogStore.Schema}/{role}", allowHashing: true), session);
        var held = await mutex.TryAcquireAsync(TimeSpan.Zero, ct);
        while (held is null)
        {
            await Task.Delay(StandAgainEvery, TimeProvider.System, ct);
            held = await mutex.TryAcquireAsync(TimeSpan.Zero, ct);
        }

        logger.LeadershipGained(role);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watch = WatchAsync(session, role, end);
        try
        {
            var led = lead(end.Token);
            leading[role] = true;
            await led;
        }
        finally
        {
            leading.TryRemove(role, out _);
            await end.CancelAsync();
            await watch;
            // With a session that is gone the lock is gone, too.
            if (session.State is ConnectionState.Open)
            {
                await held.DisposeAsync();
            }
        }

        logger.LeadershipEnded(role);
    }

    /// <summary>Gives signs of life until the lead ends, and ends it when the session does not answer.</summary>
    private async Task WatchAsync(NpgsqlConnection session, string role, CancellationTokenSource end)
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
            // The lead has ended.
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
        {
            logger.LeadershipLost(role, e.GetBaseException().Message);
            await end.CancelAsync();
        }
    }
}
