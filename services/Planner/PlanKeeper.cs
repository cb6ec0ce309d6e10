using System.Text.Json;
using DoSnapshot.Contracts;
using DoSnapshot.EventLog;
using DoSnapshot.Lifecycle;

namespace DoSnapshot.Planner;

/// <summary>Brings the configured plan into the log, which is where every decision takes it from.</summary>
public sealed class PlanKeeper
{
    private readonly IEventLog log;
    private readonly PlanSettings settings;
    private readonly TimeProvider clock;

    /// <summary>A keeper of this plan.</summary>
    public PlanKeeper(IEventLog log, PlanSettings settings, TimeProvider clock)
    {
        this.log = log;
        this.settings = settings;
        this.clock = clock;
    }

    /// <summary>Appends a new version when the configured terms differ from those in force.</summary>
    public async Task ApplyAsync(CancellationToken ct)
    {
        var terms = settings.ToTerms();
        await log.DecideFleetAsync(
            fleet =>
            {
                var known = fleet.Plans.FirstOrDefault(p => string.Equals(p.Name, settings.Name, StringComparison.Ordinal));
                return known?.Terms is { } inForce && string.Equals(Text(inForce), Text(terms), StringComparison.Ordinal)
                    ? []
                    : [new NewEvent(
                        Streams.OfPlan(settings.Name),
                        new PlanChanged(settings.Name, (known?.PlanVersion ?? 0) + 1, terms, clock.GetUtcNow()))];
            },
            ct);
    }

    /// <summary>Records with lists compare by reference; their text compares by what they say.</summary>
    private static string Text(PlanTerms terms) => JsonSerializer.Serialize(terms);
}
