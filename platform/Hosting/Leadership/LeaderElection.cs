using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Leadership;

/// <summary>
/// Lets one process of many do what only one may do: whoever holds a PostgreSQL advisory lock. The lock guards efficiency, not correctness:
/// every decision is made under its droplet's lock, so that a leader who lost the lock without knowing cannot do harm. <see cref="Lease"/> says
/// when it is lost.
/// </summary>
public sealed class LeaderElection
{
    /// <summary>The role of whoever decides.</summary>
    public const string Planner = "planner";

    private static readonly TimeSpan StandAgainEvery = TimeSpan.FromSeconds(1);

    private readonly StoreReadiness readiness;
    private readonly PlatformOptions options;
    private readonly ILogger<LeaderElection> logger;

    /// <summary>The roles that this process stands for, and whether it leads them.</summary>
    private readonly ConcurrentDictionary<string, bool> roles = new(StringComparer.Ordinal);

    /// <summary>Elections in the log's database.</summary>
    public LeaderElection(StoreReadiness readiness, PlatformOptions options, ILogger<LeaderElection> logger, IMeterFactory? meters = null)
    {
        this.readiness = readiness;
        this.options = options;
        this.logger = logger;
        meters?.Create(Measures.MeterName).Gauge(Measures.Leader, () => roles.Select(r => Measures.Leader.Read(r.Value ? 1 : 0, r.Key)));
    }

    /// <summary>Whether this process leads a role at this moment.</summary>
    public bool Leads(string role) => roles.GetValueOrDefault(role);

    /// <summary>
    /// Waits until this process leads, runs <paramref name="lead"/> until the lock is lost or <paramref name="ct"/> is cancelled, and stands
    /// for election again. A failure of <paramref name="lead"/> gives up the lead and is logged.
    /// </summary>
    /// <param name="role">What is led; one leader for each role.</param>
    /// <param name="lead">What the leader does; it returns when its token is cancelled.</param>
    /// <param name="ct">Ends all.</param>
    /// <param name="mayStand">Is waited for before each time it stands for election: whoever cannot do the work leaves it to another.</param>
    public async Task RunAsync(string role, Func<CancellationToken, Task> lead, CancellationToken ct, Func<CancellationToken, Task>? mayStand = null)
    {
        ArgumentNullException.ThrowIfNull(lead);
        roles[role] = false;
        await readiness.WhenReady.WaitAsync(ct);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await (mayStand?.Invoke(ct) ?? Task.CompletedTask);
                await StandAsync(role, lead, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (OrdinaryTrouble.Describe(e) is { } reason)
            {
                logger.LeadershipFailedFor(role, reason);
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

    /// <summary>Waits for the lock and leads until it is lost.</summary>
    private async Task StandAsync(string role, Func<CancellationToken, Task> lead, CancellationToken ct)
    {
        await using var lease = await Lease.TakeAsync(options.LogConnectionString, role, StandAgainEvery, ct);
        logger.LeadershipGained(role);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        try
        {
            var led = lead(end.Token);
            roles[role] = true;
            await led;
        }
        finally
        {
            roles[role] = false;
            if (lease.Reason is { } reason)
            {
                logger.LeadershipLost(role, reason);
            }
        }

        logger.LeadershipEnded(role);
    }
}
