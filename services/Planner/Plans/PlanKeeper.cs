using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Planner.Plans;

/// <summary>Brings the configured plans into the log, which is where every decision takes them from.</summary>
public sealed class PlanKeeper
{
    private readonly IEventLog log;
    private readonly ConfiguredPlans configured;
    private readonly TimeProvider clock;
    private readonly ILogger<PlanKeeper> logger;

    private bool hasApplied;

    /// <summary>A keeper of these plans.</summary>
    public PlanKeeper(IEventLog log, ConfiguredPlans configured, TimeProvider clock, ILogger<PlanKeeper> logger)
    {
        this.log = log;
        this.configured = configured;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>
    /// Appends what the configuration says that it did not say when it was last brought in. Each process does so with its own once: when it leads again
    /// after another that was started with something newer, it goes by the log.
    /// </summary>
    public async Task ApplyAsync(CancellationToken ct)
    {
        var newer = "";
        var events = await log.DecideFleetAsync(
            fleet =>
            {
                newer = hasApplied && fleet.Applied is { } applied && !string.Equals(applied.Hash, configured.Plans.Hash, StringComparison.Ordinal)
                    ? applied.Source
                    : "";
                return newer.Length > 0 ? [] : Stating.Decide(fleet, configured.Plans, configured.Source, configured.OnlyWayIn, clock.GetUtcNow());
            },
            ct);
        hasApplied = true;
        if (newer.Length > 0)
        {
            logger.PlansAreOlder(configured.Source, newer);
        }

        foreach (var e in events.Select(e => e.Data))
        {
            Say(e);
        }
    }

    private void Say(object @event)
    {
        switch (@event)
        {
            case PlanChanged e:
                logger.PlanStated(e.Plan, e.Version, configured.Source);
                break;
            case PlanRemoved e:
                logger.PlanIsNoMore(e.Plan, configured.Source);
                break;
            default:
                break;
        }
    }
}
