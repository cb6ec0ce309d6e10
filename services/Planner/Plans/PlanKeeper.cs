using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Planner.Plans;

/// <summary>Brings the configured plans into the log, which is where every decision takes them from.</summary>
public sealed class PlanKeeper
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(2);

    private readonly IEventLog log;
    private readonly ConfiguredPlans configured;
    private readonly TimeProvider clock;
    private readonly ILogger<PlanKeeper> logger;

    /// <summary>The hash of the plans that were in the log when this process read its own, or when it brought them in.</summary>
    private string? known;
    private bool hasNoted;

    /// <summary>A keeper of these plans.</summary>
    public PlanKeeper(IEventLog log, ConfiguredPlans configured, TimeProvider clock, ILogger<PlanKeeper> logger)
    {
        this.log = log;
        this.configured = configured;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>That this process's plans are not those in force, in words; null where they are, or have not been brought in yet.</summary>
    public string? NotUsed { get; private set; }

    /// <summary>
    /// Notes which plans are in the log as this process starts: whoever finds others there when it comes to lead was started with something older.
    /// Waits for the log.
    /// </summary>
    public async Task NoteAsync(CancellationToken ct)
    {
        while (!hasNoted)
        {
            try
            {
                known = (await log.LoadFleetFactsAsync(ct)).Applied?.Hash;
                hasNoted = true;
            }
            catch (Exception e) when (OrdinaryTrouble.Describe(e) is not null && !ct.IsCancellationRequested)
            {
                await Task.Delay(AskAgainAfter, TimeProvider.System, ct);
            }
        }
    }

    /// <summary>
    /// Appends what the configuration says that it did not say when it was last brought in; unless another process has brought in something else since
    /// this one started: then that is newer, and this one goes by the log.
    /// </summary>
    public async Task ApplyAsync(CancellationToken ct)
    {
        var newer = "";
        var events = await log.DecideFleetAsync(
            fleet =>
            {
                newer = hasNoted && fleet.Applied is { } applied && !IsHash(applied.Hash, configured.Plans.Hash) && !IsHash(applied.Hash, known) ? applied.Source : "";
                return newer.Length > 0 ? [] : Stating.Decide(fleet, configured.Plans, configured.Source, configured.OnlyWayIn, clock.GetUtcNow());
            },
            ct);
        NotUsed = newer.Length > 0 ? $"the plans of {configured.Source} are not used: {newer} were brought in after this process was started" : null;
        if (newer.Length > 0)
        {
            logger.PlansAreOlder(configured.Source, newer);
        }
        else
        {
            (hasNoted, known) = (true, configured.Plans.Hash);
        }

        foreach (var e in events.Select(e => e.Data))
        {
            Say(e);
        }
    }

    private static bool IsHash(string one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

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
