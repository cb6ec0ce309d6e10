using DoSnapshot.Hosting;
using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Hosting.Work;
using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Planner;

/// <summary>Stands for election and, while it leads, relays, reconciles, decides and sweeps.</summary>
public sealed class PlannerLeader : BackgroundService
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);

    private readonly AccountGate account;
    private readonly LeaderElection election;
    private readonly RelayDaemon relay;
    private readonly ConfiguredPlans configured;
    private readonly PlanKeeper plans;
    private readonly Reconciler reconciler;
    private readonly Decider decider;
    private readonly Sweeper sweeper;
    private readonly AlarmWatch alarms;
    private readonly ClockWatch clock;
    private readonly Facts facts;
    private readonly Rounds rounds;
    private readonly PlannerStatus status;
    private readonly PlannerOptions options;
    private readonly PlatformOptions platform;
    private readonly ILogger<PlannerLeader> logger;

    /// <summary>A round and a call to decide at once take turns.</summary>
    private readonly SemaphoreSlim comparing = new(1);
    private readonly SemaphoreSlim deciding = new(1);

    private volatile bool mayDecide;
    private TimeSpan retryReconciliation = FirstRetry;

    /// <summary>A planner of these parts.</summary>
    public PlannerLeader(
        AccountGate account,
        LeaderElection election,
        RelayDaemon relay,
        ConfiguredPlans configured,
        PlanKeeper plans,
        Reconciler reconciler,
        Decider decider,
        Sweeper sweeper,
        AlarmWatch alarms,
        ClockWatch clock,
        Facts facts,
        Rounds rounds,
        PlannerStatus status,
        PlannerOptions options,
        PlatformOptions platform,
        ILogger<PlannerLeader> logger)
    {
        this.account = account;
        this.election = election;
        this.relay = relay;
        this.configured = configured;
        this.plans = plans;
        this.reconciler = reconciler;
        this.decider = decider;
        this.sweeper = sweeper;
        this.alarms = alarms;
        this.clock = clock;
        this.facts = facts;
        this.rounds = rounds;
        this.status = status;
        this.options = options;
        this.platform = platform;
        this.logger = logger;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        comparing.Dispose();
        deciding.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        PlanLint.Say(configured, logger);
        // Whoever may not look does not stand for election: another replica leads then.
        await account.WhenOpen.WaitAsync(stoppingToken);
        await election.RunAsync("planner", LeadAsync, stoppingToken);
    }

    private async Task LeadAsync(CancellationToken ct)
    {
        await plans.ApplyAsync(ct);
        // A new leader decides nothing before it has compared the log with DigitalOcean once: it may have been away for long.
        mayDecide = false;
        retryReconciliation = FirstRetry;
        sweeper.BeginLead(busForgets: platform.BusUri is null);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] parts =
        [
            relay.RunAsync(any.Token),
            rounds.RunAsync(ReconcileAsync, any.Token),
            rounds.RunAsync(DecideAsync, any.Token),
            facts.DecideAsync(DecideOneAsync, any.Token),
            PlannerCalls.AnswerAsync(platform.LogConnectionString, DecideNowAsync, logger, any.Token),
        ];
        // One that fails takes the others with it: half a leader is worse than none.
        await Task.WhenAny(parts);
        await any.CancelAsync();
        status.Idle();
        await Task.WhenAll(parts);
    }

    private async Task<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        try
        {
            await CompareAsync(ct);
            return options.ReconcileEvery;
        }
        catch (AggregateException e)
        {
            // All but some droplets or images was compared: for the rest the log is as good as before.
            mayDecide = true;
            return Failed(e, string.Join("; ", e.InnerExceptions.Take(3).Select(one => one.Message)));
        }
        catch (Exception e) when (e is ClockSkewException or AccountMismatchException)
        {
            mayDecide = false;
            return Failed(e, e.Message);
        }
#pragma warning disable CA1031 // The API, the log or the token is in trouble: say so and try again soon.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return Failed(e, e.Message);
        }
    }

    private async Task CompareAsync(CancellationToken ct)
    {
        await comparing.WaitAsync(ct);
        try
        {
            await reconciler.RunAsync(ct);
            await AgreeAsync(ct);
            status.Reconciled();
            mayDecide = true;
            retryReconciliation = FirstRetry;
        }
        catch (AggregateException)
        {
            await AgreeAsync(ct);
            throw;
        }
        finally
        {
            status.Overlapping(reconciler.Overlaps);
            comparing.Release();
        }
    }

    /// <summary>A comparison begins with the clock: it was right a moment ago.</summary>
    private async Task AgreeAsync(CancellationToken ct) => clock.Agreed(await NewestAsync(ct));

    private async Task<DateTimeOffset> NewestAsync(CancellationToken ct)
    {
        await deciding.WaitAsync(ct);
        try
        {
            return await decider.NewestAsync(ct);
        }
        finally
        {
            deciding.Release();
        }
    }

    private async Task DecideAllAsync(CancellationToken ct)
    {
        await deciding.WaitAsync(ct);
        try
        {
            var fleet = await decider.DecideAllAsync(ct);
            status.Braked(decider.Brakes);
            alarms.Look(fleet);
            status.Alarmed([.. alarms.On.Select(a => a.Text)]);
            await sweeper.SweepAsync(fleet, ct);
        }
        finally
        {
            deciding.Release();
        }
    }

    /// <summary>What do-snapshot asks for when it is run on the log of a planner that leads: the comparison first, as a pass begins with it.</summary>
    private async Task DecideNowAsync(CancellationToken ct)
    {
        Exception? trouble = null;
        try
        {
            await CompareAsync(ct);
        }
        catch (AggregateException e)
        {
            // All but some droplets or images was compared, as in a round.
            mayDecide = true;
            trouble = e;
        }
        catch (Exception e) when (e is ClockSkewException or AccountMismatchException)
        {
            mayDecide = false;
            status.Troubled(e.Message);
            throw;
        }

        await DecideAllAsync(ct);
        if (trouble is not null)
        {
            throw trouble;
        }
    }

    /// <summary>Gives when to try again: soon, and ever less often, since each comparison reads all pages.</summary>
    private TimeSpan Failed(Exception e, string reason)
    {
        status.Troubled(reason);
        logger.ReconciliationFailed(reason, e is ClockSkewException or UnknownRegionException || OrdinaryTrouble.Describe(e) is not null ? null : e);
        var pause = Min(retryReconciliation, options.ReconcileEvery);
        retryReconciliation = Min(retryReconciliation * 2, options.ReconcileEvery);
        return pause;
    }

    private async Task<TimeSpan> DecideAsync(CancellationToken ct)
    {
        try
        {
            if (mayDecide && clock.Doubt(await NewestAsync(ct)) is { } doubt)
            {
                logger.ClockInDoubt(doubt);
                mayDecide = false;
                await CompareAsync(ct);
            }

            if (mayDecide)
            {
                await DecideAllAsync(ct);
                return options.DecideEvery;
            }
        }
        catch (ClockSkewException e)
        {
            Failed(e, e.Message);
        }
        catch (AggregateException e)
        {
            // All but some droplets or images was compared, and so was the clock.
            mayDecide = true;
            Failed(e, e.Message);
        }
#pragma warning disable CA1031 // The log or the bus is in trouble: the next round decides again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.DecisionFailed(e);
        }

        return Min(options.DecideEvery, TimeSpan.FromSeconds(1));
    }

    private async Task DecideOneAsync(long dropletId, CancellationToken ct)
    {
        try
        {
            if (mayDecide)
            {
                await decider.DecideOneAsync(dropletId, ct);
            }
        }
#pragma warning disable CA1031 // What is missed here is found at the next round.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.DecisionFailed(e);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
