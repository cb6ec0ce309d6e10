namespace DoSnapshot.Hosting.Telemetry;

/// <summary>
/// Every measure of ours, in one place. Those of the fleet, the relay and the requests left are told by the planner that leads and by nobody else
/// (docs/adr/0019-telemetry.md); each process tells the others about itself. What they mean for whoever watches is in docs/observability.md.
/// </summary>
public static class Measures
{
    /// <summary>Name of the meter; that of <see cref="Bus.FailedMessages"/> has its own.</summary>
    public const string MeterName = "DoSnapshot";

    internal const string DropletId = "droplet_id";

    private const string DropletName = "droplet_name";
    private const string Plan = "plan";

    /// <summary>Of each droplet in a plan.</summary>
    public static Measure NewestGoodAge { get; } = Gauge(
        "dosnapshot.snapshot.newest_good.age", "s", "Age of the droplet's newest complete snapshot.", DropletId, DropletName, Plan);

    /// <summary>Of each droplet that its plan promises a snapshot: at 2 it is an alarm.</summary>
    public static Measure NewestGoodAgeRatio { get; } = Gauge(
        "dosnapshot.snapshot.newest_good.age_ratio",
        "1",
        "How long the plan's next good snapshot of the droplet has been waited for, in multiples of the plan's time between two.",
        DropletId,
        DropletName,
        Plan);

    /// <summary>Of each plan with droplets.</summary>
    public static Measure PlanEvery { get; } = Gauge("dosnapshot.plan.every", "s", "The plan's time between two snapshots of a droplet.", Plan);

    /// <summary>How the droplets stand, as <c>do-snapshot status</c> says it.</summary>
    public static Measure Droplets { get; } = Gauge("dosnapshot.droplets", "{droplet}", "Droplets, by how they stand.", Plan, "condition");

    /// <summary>Complete snapshots.</summary>
    public static Measure Complete { get; } = Gauge("dosnapshot.snapshots.complete", "{snapshot}", "Snapshots that are complete.", Plan);

    /// <summary>What they cost by.</summary>
    public static Measure Size { get; } = Gauge("dosnapshot.snapshots.size", "GBy", "Billable size of the complete snapshots.", Plan);

    /// <summary>Asked for.</summary>
    public static Measure Pending { get; } = Gauge("dosnapshot.snapshots.pending", "{snapshot}", "Snapshots that are asked for and not at work.", Plan);

    /// <summary>At DigitalOcean.</summary>
    public static Measure AtWork { get; } = Gauge("dosnapshot.snapshots.at_work", "{snapshot}", "Snapshots that DigitalOcean is making.", Plan);

    /// <summary>Expired.</summary>
    public static Measure Leaving { get; } = Gauge("dosnapshot.snapshots.leaving", "{snapshot}", "Snapshots that are to go and are not gone.", Plan);

    /// <summary>Guarded.</summary>
    public static Measure Held { get; } = Gauge("dosnapshot.snapshots.held", "{snapshot}", "Snapshots that a rule lets go and a guard holds.", Plan);

    /// <summary>Copies to come.</summary>
    public static Measure AwaitingTransfer { get; } = Gauge(
        "dosnapshot.transfers.awaiting", "{transfer}", "Copies that are wanted in a region and not there.", "region");

    /// <summary>Waiting for another try.</summary>
    public static Measure Deferred { get; } = Gauge("dosnapshot.work.deferred", "{task}", "What waits for another try.", "command");

    /// <summary>Brakes.</summary>
    public static Measure Brakes { get; } = Gauge("dosnapshot.brakes", "{brake}", "Brakes that are on: of the plan, or of its droplets.", Plan, "scope");

    /// <summary>Debts.</summary>
    public static Measure OwedPower { get; } = Gauge(
        "dosnapshot.droplets.owed_power", "{droplet}", "Droplets that were shut down for a snapshot and do not run again yet.");

    /// <summary>Alarms by kind.</summary>
    public static Measure Alarms { get; } = Gauge("dosnapshot.alarms", "{alarm}", "Alarms that are on.", "kind");

    /// <summary>Alarms by droplet.</summary>
    public static Measure AlarmAge { get; } = Gauge(
        "dosnapshot.alarm.age", "s", "How long the droplet's oldest alarm of the kind has been on.", "kind", DropletId, DropletName, Plan);

    /// <summary>Grows where the planner that leads is stuck; as old as its pace otherwise.</summary>
    public static Measure FleetAge { get; } = Gauge("dosnapshot.fleet.age", "s", "How long ago the planner that leads looked at the fleet last.");

    /// <summary>How late the bus is.</summary>
    public static Measure RelayLag { get; } = Gauge("dosnapshot.relay.lag", "s", "Age of the oldest event that is committed and not published.");

    /// <summary>How much the bus lacks.</summary>
    public static Measure RelayBehind { get; } = Gauge("dosnapshot.relay.behind", "{event}", "Events that are committed and not published.");

    /// <summary>Of the token of which least is left.</summary>
    public static Measure BudgetLeft { get; } = Gauge(
        "dosnapshot.api.budget.left", "{request}", "Requests that are left of DigitalOcean's limit, of the token with the least.", "window");

    /// <summary>Of the same token.</summary>
    public static Measure BudgetLimit { get; } = Gauge("dosnapshot.api.budget.limit", "{request}", "DigitalOcean's limit of requests.", "window");

    /// <summary>Who leads.</summary>
    public static Measure Leader { get; } = Gauge("dosnapshot.leader", "{leader}", "1 where this process leads the role, 0 where it stands by.", "role");

    /// <summary>What <c>/health/ready</c> says.</summary>
    public static Measure Health { get; } = Gauge("dosnapshot.health", "{check}", "1 where the check of readiness is passed, 0 where it is not.", "check");

    /// <summary>By attempt; what was held back was not sent.</summary>
    public static Measure Requests { get; } = Counter(
        "dosnapshot.api.requests", "{request}", "Attempts at requests to DigitalOcean, by how they were answered.", "method", "route", "status", "purpose");

    /// <summary>What became of snapshots.</summary>
    public static Measure Snapshots { get; } = Counter("dosnapshot.snapshots", "{snapshot}", "What became of snapshots.", "outcome");

    /// <summary>What became of copies.</summary>
    public static Measure Transfers { get; } = Counter("dosnapshot.transfers", "{transfer}", "What became of copies to other regions.", "outcome");

    /// <summary>What has to be tried again.</summary>
    public static Measure Deferrals { get; } = Counter("dosnapshot.deferrals", "{deferral}", "Attempts after which another is to be made.", "command");

    /// <summary>Decisions to remove.</summary>
    public static Measure Expiries { get; } = Counter("dosnapshot.expiries", "{snapshot}", "Decisions that a snapshot goes.", "origin");

    /// <summary>Decisions not to.</summary>
    public static Measure ExpiriesHeld { get; } = Counter("dosnapshot.expiries.held", "{snapshot}", "Snapshots that a guard began to hold.", "guard");

    /// <summary>Decisions taken back.</summary>
    public static Measure ExpiriesWithdrawn { get; } = Counter(
        "dosnapshot.expiries.withdrawn", "{snapshot}", "Decisions that the pruner took back before it deleted.", "guard");

    /// <summary>Deletions.</summary>
    public static Measure Deletions { get; } = Counter(
        "dosnapshot.deletions", "{snapshot}", "Deletions that were done, or refused for good, by which guard.", "outcome", "guard");

    /// <summary>Messages that nobody could handle.</summary>
    public static Measure FailedMessages { get; } = Counter(
        Bus.FailedMessages.CounterName, "{message}", "Messages that were moved to an error queue.", "queue", "reason");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Measure> All { get; } =
    [
        NewestGoodAge, NewestGoodAgeRatio, PlanEvery, Droplets, Complete, Size, Pending, AtWork, Leaving, Held, AwaitingTransfer, Deferred, Brakes, OwedPower,
        Alarms, AlarmAge, FleetAge, RelayLag, RelayBehind, BudgetLeft, BudgetLimit, Leader, Health, Requests, Snapshots, Transfers, Deferrals, Expiries, ExpiriesHeld,
        ExpiriesWithdrawn, Deletions, FailedMessages,
    ];

    private static Measure Gauge(string name, string unit, string description, params string[] labels) =>
        new(name, MeasureKind.Gauge, unit, description, labels);

    private static Measure Counter(string name, string unit, string description, params string[] labels) =>
        new(name, MeasureKind.Counter, unit, description, labels);
}
