using System.Globalization;
using System.Text.Json;
using DoSnapshot.EventLog;
using DoSnapshot.Hosting.Log;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Notifying;

namespace DoSnapshot.Planner;

/// <summary>What an operator has to know about, put together by the process that leads, and told.</summary>
public sealed class ConditionWatch
{
    private const string NotCompared = "not-compared";

    /// <summary>A comparison that fails for this long is more than a passing trouble.</summary>
    private static readonly TimeSpan ComparisonPatience = TimeSpan.FromMinutes(15);

    private readonly AlarmWatch alarms;
    private readonly Decider decider;
    private readonly PlannerStatus status;
    private readonly Func<CancellationToken, Task<RunningState>> running;
    private readonly Notifier notifier;
    private readonly DeadManPing ping;
    private readonly NotificationOptions options;
    private readonly ClockWatch clock;
    private readonly ILogger<ConditionWatch> logger;

    /// <summary>When each was seen first, by the monotonic clock: what the other showed then may turn out to have been wrong.</summary>
    private readonly Dictionary<string, long> seenAt = new(StringComparer.Ordinal);

    /// <summary>Puts together what these know.</summary>
    public ConditionWatch(
        AlarmWatch alarms,
        Decider decider,
        PlannerStatus status,
        LogDatabase database,
        Notifier notifier,
        DeadManPing ping,
        NotificationOptions options,
        ClockWatch clock,
        ILogger<ConditionWatch> logger)
        : this(alarms, decider, status, (database ?? throw new ArgumentNullException(nameof(database))).RunningAsync, notifier, ping, options, clock, logger)
    {
    }

    internal ConditionWatch(
        AlarmWatch alarms,
        Decider decider,
        PlannerStatus status,
        Func<CancellationToken, Task<RunningState>> running,
        Notifier notifier,
        DeadManPing ping,
        NotificationOptions options,
        ClockWatch clock,
        ILogger<ConditionWatch> logger)
    {
        this.alarms = alarms;
        this.decider = decider;
        this.status = status;
        this.running = running;
        this.notifier = notifier;
        this.ping = ping;
        this.options = options;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>Whether there is anybody to tell.</summary>
    public bool IsWanted => notifier.HasChannels || options.DeadMan is not null;

    /// <summary>What an earlier lead saw may have ended since.</summary>
    public void BeginLead() => seenAt.Clear();

    /// <summary>One look. Gives when the next is due.</summary>
    public async Task<TimeSpan> LookAsync(CancellationToken ct)
    {
        try
        {
            // A lead that has not looked at the fleet yet knows of no alarm, which does not mean that there is none.
            if (alarms.HasLooked)
            {
                await LookAsync(await running(ct), ct);
            }
        }
#pragma warning disable CA1031 // Whoever cannot tell what is wrong goes on with the work all the same.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.ConditionsNotKnown(e.GetBaseException().Message);
            await ping.ReportAsync("the log cannot be read", ct);
        }

        return options.DeadMan is not null && options.DeadManEvery < options.LookEvery ? options.DeadManEvery : options.LookEvery;
    }

    private async Task LookAsync(RunningState now, CancellationToken ct)
    {
        var (comparison, isOpen) = OfComparison();
        IReadOnlyList<Condition> works = [.. comparison, .. OfRelay(now)];
        // First, as a channel that does not answer may take long.
        await ping.ReportAsync(works.Count == 0 ? null : string.Join("; ", works.Select(c => c.Text)), ct);
        await notifier.LookAsync(
            [.. works, .. alarms.On.Select(Of), .. decider.InForce.Select(Of), .. OfBudget(now)],
            isOpen ? new HashSet<string>(StringComparer.Ordinal) { NotCompared } : [],
            ct);
    }

    private static Condition Of(Alarm alarm) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Name(alarm.Kind)}/{alarm.DropletId}/{alarm.SnapshotId}/{alarm.Region}"),
        Name(alarm.Kind),
        alarm.Kind is AlarmKind.NoGoodSnapshot or AlarmKind.LeftPoweredOff ? Severity.Critical : Severity.Warning,
        alarm.Since,
        alarm.Text,
        alarm.DropletId,
        alarm.SnapshotId);

    private static Condition Of(BrakeInForce brake) => new(
        $"brake/{brake.Arguments}",
        "brake",
        Severity.Warning,
        brake.Brake.AppliedAt,
        $"{brake.Describe()}. Look at what would go, then let it go with do-snapshot release-brake {brake.Arguments}, or mend the plan",
        brake.DropletId);

    private static string Name(AlarmKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>That nothing could be compared for long; and whether it is open yet if it is so, as none was tried in this lead, or not for long enough.</summary>
    private (IReadOnlyList<Condition> On, bool IsOpen) OfComparison()
    {
        var reason = status.NotCompared;
        if (Lasts(NotCompared, reason is not null, ComparisonPatience) is { } since)
        {
            return ([new Condition(NotCompared, NotCompared, Severity.Critical, since, $"the log could not be compared with DigitalOcean: {reason}")], false);
        }

        return ([], reason is not null || !status.HasCompared);
    }

    private IEnumerable<Condition> OfRelay(RunningState running)
    {
        if (running is { BehindSince: { } since, Behind: { } behind } && clock.Believed - since >= options.RelayBehindAfter)
        {
            yield return new Condition(
                "relay-behind",
                "relay-behind",
                Severity.Critical,
                since,
                string.Create(CultureInfo.InvariantCulture, $"{behind} events of the log wait to be published to the workers, the oldest since {since:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        }
    }

    private IEnumerable<Condition> OfBudget(RunningState running)
    {
        var low = running.Requests.Where(r => r.HourLeft < r.HourLimit * options.BudgetLow).MinBy(r => r.HourLeft);
        if (Lasts("budget-low", low is not null, TimeSpan.Zero) is { } since)
        {
            yield return new Condition(
                "budget-low",
                "budget-low",
                Severity.Warning,
                since,
                string.Create(CultureInfo.InvariantCulture, $"{low!.HourLeft} of {low.HourLimit} requests in the hour are left{(low.HeldUntil is { } until ? $", and DigitalOcean takes none until {until:HH:mm:ss'Z'}" : "")}"));
        }
    }

    /// <summary>Since when something is so; null while it is not, or not for long enough.</summary>
    private DateTimeOffset? Lasts(string what, bool isSo, TimeSpan patience)
    {
        if (!isSo)
        {
            seenAt.Remove(what);
            return null;
        }

        if (!seenAt.TryGetValue(what, out var first))
        {
            seenAt[what] = first = clock.Timestamp;
        }

        return clock.ElapsedSince(first) >= patience ? clock.MomentOf(first) : null;
    }
}
