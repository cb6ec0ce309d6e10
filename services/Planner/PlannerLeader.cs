using DoSnapshot.Hosting.Account;
using DoSnapshot.Hosting.Configuration;
using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Hosting.Telemetry;
using DoSnapshot.Hosting.Work;
using DoSnapshot.Lifecycle;
using DoSnapshot.Planner.Plans;

namespace DoSnapshot.Planner;

/// <summary>Stands for election and, while it leads, relays, reconciles, decides and sweeps.</summary>
public sealed class PlannerLeader : BackgroundService
{
    private readonly StoreReadiness log;
    private readonly AccountGate account;
    private readonly LeaderElection election;
    private readonly RelayDaemon relay;
    private readonly ConfiguredPlans configured;
    private readonly PlanKeeper plans;
    private readonly Comparisons comparisons;
    private readonly Decider decider;
    private readonly Sweeper sweeper;
    private readonly AlarmWatch alarms;
    private readonly FleetMetrics metrics;
    private readonly ClockWatch clock;
    private readonly ConditionWatch conditions;
    private readonly Facts facts;
    private readonly TroubleNote note;
    private readonly Rounds rounds;
    private readonly PlannerStatus status;
    private readonly PlannerOptions options;
    private readonly PlatformOptions platform;
    private readonly ILogger<PlannerLeader> logger;

    /// <summary>A round and a call to decide at once take turns.</summary>
    private readonly SemaphoreSlim deciding = new(1);

    /// <summary>A planner of these parts.</summary>
    public PlannerLeader(
        StoreReadiness log,
        AccountGate account,
        LeaderElection election,
        RelayDaemon relay,
        ConfiguredPlans configured,
        PlanKeeper plans,
        Reconciler reconciler,
        Decider decider,
        Sweeper sweeper,
        AlarmWatch alarms,
        FleetMetrics metrics,
        ClockWatch clock,
        ConditionWatch conditions,
        TroubleNote note,
        Facts facts,
        Rounds rounds,
        PlannerStatus status,
        PlannerOptions options,
        PlatformOptions platform,
        ILogger<PlannerLeader> logger)
    {
        this.log = log;
        this.account = account;
        this.election = election;
        this.relay = relay;
        this.configured = configured;
        this.plans = plans;
        this.decider = decider;
        this.sweeper = sweeper;
        this.alarms = alarms;
        this.metrics = metrics;
        this.clock = clock;
        this.conditions = conditions;
        this.note = note;
        this.facts = facts;
        this.rounds = rounds;
        this.status = status;
        this.options = options;
        this.platform = platform;
        this.logger = logger;
        comparisons = new Comparisons(reconciler, clock, status, options, logger, NewestAsync);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        comparisons.Dispose();
        deciding.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        PlanLint.Say(configured, logger);
        // Before its tables are there nothing can be read from the log, and each try would be said.
        await log.WhenReady.WaitAsync(stoppingToken);
        await plans.NoteAsync(stoppingToken);
        // Whoever may not look does not stand for election: another replica leads then.
        await account.WhenOpen.WaitAsync(stoppingToken);
        await election.RunAsync(LeaderElection.Planner, LeadAsync, stoppingToken);
    }

    private async Task LeadAsync(CancellationToken ct)
    {
        await plans.ApplyAsync(ct);
        status.PlansNotUsed(plans.NotUsed);
        comparisons.BeginLead();
        alarms.BeginLead();
        conditions.BeginLead();
        note.BeginLead();
        sweeper.BeginLead(busForgets: platform.BusUri is null);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] parts =
        [
            relay.RunAsync(any.Token),
            rounds.RunAsync(comparisons.ReconcileAsync, any.Token),
            rounds.RunAsync(DecideAsync, any.Token),
            facts.DecideAsync(DecideOneAsync, any.Token),
            PlannerCalls.AnswerAsync(platform.LogConnectionString, DecideNowAsync, logger, any.Token),
            .. conditions.IsWanted ? (Task[])[rounds.RunAsync(conditions.LookAsync, any.Token)] : [],
        ];
        // One that fails takes the others with it: half a leader is worse than none.
        await Task.WhenAny(parts);
        await any.CancelAsync();
        try
        {
            await Task.WhenAll(parts);
        }
        finally
        {
            // The last word: a comparison that was broken off says how it went, too.
            status.Idle();
            metrics.Idle();
        }
    }

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
            using var round = Tracing.BeginRound("decide");
            var fleet = await decider.DecideAllAsync(ct);
            status.Braked(decider.Brakes);
            TellAlarms(fleet);
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
            await comparisons.CompareAsync(ct);
        }
        catch (AggregateException e)
        {
            // All but some droplets or images was compared, as in a round.
            trouble = e;
        }

        await DecideAllAsync(ct);
        if (trouble is not null)
        {
            throw trouble;
        }
    }

    private async Task<TimeSpan> DecideAsync(CancellationToken ct)
    {
        try
        {
            await note.LookAsync(ct);
            if (await IsClockInDoubtAsync(ct) && await comparisons.HoldClockAsync(ct) is { } pause)
            {
                await LookAsync(ct);
                return pause;
            }

            if (comparisons.MayDecide)
            {
                await DecideAllAsync(ct);
                return options.DecideEvery;
            }

            // What is wrong is told although nothing is decided: DigitalOcean may be what is away.
            await LookAsync(ct);
        }
#pragma warning disable CA1031 // The log or the bus is in trouble: the next round decides again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.DecisionFailed(e);
        }

        return Min(options.DecideEvery, TimeSpan.FromSeconds(1));
    }

    private async Task<bool> IsClockInDoubtAsync(CancellationToken ct)
    {
        if (!comparisons.MayDecide || clock.Doubt(await NewestAsync(ct)) is not { } doubt)
        {
            return comparisons.IsClockWrong;
        }

        logger.ClockInDoubt(doubt);
        return true;
    }

    private async Task LookAsync(CancellationToken ct)
    {
        await deciding.WaitAsync(ct);
        try
        {
            TellAlarms(await decider.LookAsync(ct));
            status.Braked(decider.Brakes);
        }
        finally
        {
            deciding.Release();
        }
    }

    private void TellAlarms(IReadOnlyList<DropletLedger> fleet)
    {
        alarms.Look(fleet);
        status.Alarmed([.. alarms.On.Select(a => a.Text)]);
        metrics.Look(fleet, alarms.On, decider.InForce);
    }

    private async Task DecideOneAsync(long dropletId, CancellationToken ct)
    {
        try
        {
            if (comparisons.MayDecide && !clock.HasJumped)
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
