using DoSnapshot.Hosting.Telemetry;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Planner;

/// <summary>Says each alarm once when it comes on, and once when it is over.</summary>
public sealed class AlarmWatch
{
    private readonly ClockWatch clock;
    private readonly LifecycleTimings timings;
    private readonly ILogger<AlarmWatch> logger;

    private Dictionary<(AlarmKind, long, Guid?, string?), Alarm> on = [];

    /// <summary>A watch by what is believed of this clock.</summary>
    public AlarmWatch(ClockWatch clock, LifecycleTimings timings, ILogger<AlarmWatch> logger)
    {
        this.clock = clock;
        this.timings = timings;
        this.logger = logger;
    }

    /// <summary>The alarms that are on, as the last look found them, worst first.</summary>
    public IReadOnlyList<Alarm> On { get; private set; } = [];

    /// <summary>Whether it has looked since the lead began.</summary>
    public bool HasLooked { get; private set; }

    /// <summary>Looks at the fleet as it was read last.</summary>
    public void Look(IReadOnlyList<DropletLedger> fleet)
    {
        On = Alarms.Of(fleet, clock.Believed, timings);
        var now = On.GroupBy(KeyOf).ToDictionary(g => g.Key, g => g.First());
        foreach (var alarm in now.Where(a => !on.ContainsKey(a.Key)).Select(a => a.Value))
        {
            using var subject = logger.BeginSubject(alarm.DropletId, alarm.SnapshotId);
            logger.AlarmIsOn(alarm.Kind, alarm.Text);
        }

        foreach (var alarm in on.Where(a => !now.ContainsKey(a.Key)).Select(a => a.Value))
        {
            using var subject = logger.BeginSubject(alarm.DropletId, alarm.SnapshotId);
            logger.AlarmIsOver(alarm.Kind, alarm.Text);
        }

        on = now;
        HasLooked = true;
    }

    /// <summary>Whoever begins to lead says what is on, whatever it said in an earlier lead.</summary>
    public void BeginLead()
    {
        on = [];
        HasLooked = false;
    }

    /// <summary>What is said about a trouble changes with every attempt, and is no new alarm.</summary>
    private static (AlarmKind, long, Guid?, string?) KeyOf(Alarm alarm) => (alarm.Kind, alarm.DropletId, alarm.SnapshotId, alarm.Region);
}
