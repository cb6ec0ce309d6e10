using DoSnapshot.DigitalOcean;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting.Account;

/// <summary>How a process takes part in binding a log to an account.</summary>
/// <param name="Binds">Whether it may be the one that binds it, so that an unbound log does not hold it back.</param>
public sealed record AccountGateOptions(bool Binds);

/// <summary>
/// Holds a process back until it is certain that its token belongs to the account that the log is bound to. Each process has a token of its own,
/// and to another account's every image answers 404, which after a DELETE means that it is gone. The planner binds the log; until it has, and
/// while the account cannot be read, a worker waits and is not ready. A planner whose token is wrong does not stand for election.
/// </summary>
public sealed class AccountGate : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan LookAtLogEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookOnEvery = TimeSpan.FromMinutes(5);

    private const string NoPlannerYet = "no planner has bound the log to an account yet";

    private readonly TaskCompletionSource verified = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StoreReadiness store;
    private readonly IEventLog log;
    private readonly IDigitalOcean api;
    private readonly AccountGateOptions options;
    private readonly ILogger<AccountGate> logger;
    private volatile string waitsFor = "PostgreSQL";

    /// <summary>A gate for this process's token.</summary>
    public AccountGate(StoreReadiness store, IEventLog log, IDigitalOcean api, AccountGateOptions options, ILogger<AccountGate> logger)
    {
        this.store = store;
        this.log = log;
        this.api = api;
        this.options = options;
        this.logger = logger;
    }

    /// <summary>Done when the token is known to be the right account's; the log can be used then, too.</summary>
    public Task WhenOpen => verified.Task;

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(verified.Task.IsCompletedSuccessfully
            ? HealthCheckResult.Healthy("the token belongs to the log's account")
            : HealthCheckResult.Unhealthy($"waiting: {waitsFor}"));

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await store.WhenReady.WaitAsync(stoppingToken);
            while (await TryAsync(stoppingToken) is { } pause)
            {
                await Task.Delay(pause, TimeProvider.System, stoppingToken);
            }

            verified.TrySetResult();
            await LookOnAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            verified.TrySetCanceled(stoppingToken);
        }
    }

    /// <summary>
    /// A token that is revoked while there is nothing to do shall be seen before there is: what goes wrong with a request is told by the client, to
    /// whoever asks for health.
    /// </summary>
    private async Task LookOnAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(LookOnEvery, TimeProvider.System, ct);
            try
            {
                await api.GetAccountAsync(ct);
            }
#pragma warning disable CA1031 // Whatever it was, it is logged, and looked again.
            catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.AccountNotSeen(e.Message);
            }
        }
    }

    /// <summary>Compares the two accounts; gives how long to wait before it is tried again, or null when they are the same.</summary>
    private async Task<TimeSpan?> TryAsync(CancellationToken ct)
    {
        try
        {
            var bound = (await log.LoadFleetFactsAsync(ct)).Account;
            if (bound is null && !options.Binds)
            {
                if (!string.Equals(waitsFor, NoPlannerYet, StringComparison.Ordinal))
                {
                    waitsFor = NoPlannerYet;
                    logger.AccountNotBound();
                }

                return LookAtLogEvery;
            }

            var account = await api.GetAccountAsync(ct);
            return bound is null || string.Equals(bound.Uuid, account.Uuid, StringComparison.Ordinal)
                ? null
                : throw new AccountMismatchException(bound.Uuid, account.Uuid);
        }
#pragma warning disable CA1031 // Whatever it was, the token is not known to be the right one; it is logged, and tried again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            waitsFor = e.Message;
            logger.AccountNotVerified(e.Message);
            return AskAgainAfter;
        }
    }
}
