using DoSnapshot.Hosting.Leadership;
using DoSnapshot.Hosting.Relay;
using DoSnapshot.Hosting.Work;

namespace DoSnapshot.Planner;

/// <summary>Stands for election and, while it leads, relays, reconciles, decides and sweeps.</summary>
public sealed class PlannerLeader : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    private readonly LeaderElection election;
    private readonly RelayDaemon relay;
    private readonly PlanKeeper plan;
    private readonly Reconciler reconciler;
    private readonly Decider decider;
    private readonly Sweeper sweeper;
    private readonly Facts facts;
    private readonly Rounds rounds;
    private readonly PlannerStatus status;
    private readonly PlannerOptions options;
    private readonly ILogger<PlannerLeader> logger;

    /// <summary>A planner of these parts.</summary>
    public PlannerLeader(
        LeaderElection election,
        RelayDaemon relay,
        PlanKeeper plan,
        Reconciler reconciler,
        Decider decider,
        Sweeper sweeper,
        Facts facts,
        Rounds rounds,
        PlannerStatus status,
        PlannerOptions options,
        ILogger<PlannerLeader> logger)
    {
        this.election = election;
        this.relay = relay;
        this.plan = plan;
        this.reconciler = reconciler;
        this.decider = decider;
        this.sweeper = sweeper;
        this.facts = facts;
        this.rounds = rounds;
        this.status = status;
        this.options = options;
        this.logger = logger;
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => election.RunAsync("planner", LeadAsync, stoppingToken);

    private async Task LeadAsync(CancellationToken ct)
    {
        await plan.ApplyAsync(ct);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reconciled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] parts =
        [
            relay.RunAsync(any.Token),
            rounds.RunAsync(token => ReconcileAsync(reconciled, token), any.Token),
            rounds.RunAsync(token => DecideAsync(reconciled.Task, token), any.Token),
            facts.DecideAsync((dropletId, token) => DecideOneAsync(reconciled.Task, dropletId, token), any.Token),
        ];
        // One that fails takes the others with it: half a leader is worse than none.
        await Task.WhenAny(parts);
        await any.CancelAsync();
        status.Idle();
        await Task.WhenAll(parts);
    }

    private async Task<TimeSpan> ReconcileAsync(TaskCompletionSource reconciled, CancellationToken ct)
    {
        try
        {
            await reconciler.RunAsync(ct);
            status.Reconciled();
            reconciled.TrySetResult();
            return options.ReconcileEvery;
        }
#pragma warning disable CA1031 // The API, the log or the token is in trouble: say so and try again soon.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            status.Troubled(e.Message);
            logger.ReconciliationFailed(e.Message, e);
            return options.ReconcileEvery < AfterFailure ? options.ReconcileEvery : AfterFailure;
        }
    }

    /// <summary>A new leader decides nothing before it has compared the log with DigitalOcean once: it may have been away for long.</summary>
    private async Task<TimeSpan> DecideAsync(Task reconciled, CancellationToken ct)
    {
        try
        {
            if (reconciled.IsCompletedSuccessfully)
            {
                await sweeper.SweepAsync(await decider.DecideAllAsync(ct), ct);
                return options.DecideEvery;
            }
        }
#pragma warning disable CA1031 // The log or the bus is in trouble: the next round decides again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.DecisionFailed(e);
        }

        return options.DecideEvery < TimeSpan.FromSeconds(1) ? options.DecideEvery : TimeSpan.FromSeconds(1);
    }

    private async Task DecideOneAsync(Task reconciled, long dropletId, CancellationToken ct)
    {
        try
        {
            if (reconciled.IsCompletedSuccessfully)
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
}
