using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Health;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Telemetry;
using DoSnapshot.Hosting.Work;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DoSnapshot.Hosting;

/// <summary>Runs a follower while this process leads its role. A round that fails is logged and the next one tries again.</summary>
internal sealed class FollowerService<TFollower> : BackgroundService
    where TFollower : class, IFollower
{
    private static readonly TimeSpan AskAgainEvery = TimeSpan.FromSeconds(10);

    private readonly TFollower follower;
    private readonly AccountGate account;
    private readonly ClockGuard clock;
    private readonly LeaderElection election;
    private readonly Rounds rounds;
    private readonly PlatformOptions options;
    private readonly ILogger<FollowerService<TFollower>> logger;

    public FollowerService(
        TFollower follower,
        AccountGate account,
        ClockGuard clock,
        LeaderElection election,
        Rounds rounds,
        PlatformOptions options,
        ILogger<FollowerService<TFollower>> logger)
    {
        this.follower = follower;
        this.account = account;
        this.clock = clock;
        this.election = election;
        this.rounds = rounds;
        this.options = options;
        this.logger = logger;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whoever may not look does not stand for election: another replica leads then.
        await account.WhenOpen.WaitAsync(stoppingToken);
        await election.RunAsync(follower.Role, LeadAsync, stoppingToken, UntilClockIsRightAsync);
    }

    /// <summary>Leads until the lead is lost or the clock turns out wrong: a replica whose clock is right goes on then.</summary>
    private async Task LeadAsync(CancellationToken lead)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lead);
        await rounds.RunAsync(ct => RoundAsync(end, ct), end.Token);
    }

    private async Task UntilClockIsRightAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                if (await clock.IsRightAsync(ct))
                {
                    return;
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested && OrdinaryTrouble.Describe(e) is { } reason)
            {
                logger.RoundFailedFor(follower.Role, reason);
            }

            await Task.Delay(AskAgainEvery, TimeProvider.System, ct);
        }
    }

    private async Task<TimeSpan> RoundAsync(CancellationTokenSource lead, CancellationToken ct)
    {
        using var round = Tracing.BeginRound(follower.Role);
        try
        {
            if (!await clock.IsRightAsync(ct))
            {
                await lead.CancelAsync();
                return options.FollowEvery;
            }

            await follower.RoundAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && OrdinaryTrouble.Describe(e) is { } reason)
        {
            logger.RoundFailedFor(follower.Role, reason);
        }
#pragma warning disable CA1031 // The API, the log or the network failed: the next round looks again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.RoundFailed(follower.Role, e);
        }

        return options.FollowEvery;
    }
}
