using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Planner;

/// <summary>What the planner says in the log output.</summary>
internal static partial class PlannerLog
{
    [LoggerMessage(200, LogLevel.Information, "Decided: {Event}")]
    public static partial void Decided(this ILogger logger, object @event);

    [LoggerMessage(201, LogLevel.Information, "Compared with DigitalOcean: {Droplets} droplets in the plans, {Snapshots} snapshots in the account")]
    public static partial void Reconciled(this ILogger logger, int droplets, int snapshots);

    [LoggerMessage(202, LogLevel.Error, "The comparison with DigitalOcean failed and is repeated: {Reason}")]
    public static partial void ReconciliationFailed(this ILogger logger, string reason, Exception? exception);

    [LoggerMessage(203, LogLevel.Error, "A decision failed and is repeated")]
    public static partial void DecisionFailed(this ILogger logger, Exception exception);

    [LoggerMessage(204, LogLevel.Information, "Somebody else decided first for droplet {DropletId}: {Detail}")]
    public static partial void Conflict(this ILogger logger, long dropletId, string detail);

    [LoggerMessage(205, LogLevel.Information, "Published {Command} of snapshot {SnapshotId} again, region {Region}")]
    public static partial void PublishedAgain(this ILogger logger, string command, Guid snapshotId, string? region);

    [LoggerMessage(224, LogLevel.Error, "{Command} of snapshot {SnapshotId} could not be published again, which is tried at the next round: {Reason}")]
    public static partial void NotPublishedAgain(this ILogger logger, string command, Guid snapshotId, string reason, Exception? exception);

    [LoggerMessage(206, LogLevel.Error, "The decision for droplet {DropletId} failed and is repeated")]
    public static partial void DecisionFailedFor(this ILogger logger, long dropletId, Exception exception);

    [LoggerMessage(207, LogLevel.Information, "Plan '{Plan}' is stated by {Source}, version {Version}")]
    public static partial void PlanStated(this ILogger logger, string plan, int version, string source);

    [LoggerMessage(208, LogLevel.Warning, "Plan '{Plan}' is no more: {Source} does not state it")]
    public static partial void PlanIsNoMore(this ILogger logger, string plan, string source);

    [LoggerMessage(209, LogLevel.Warning, "Another planner has brought in newer plans, of {Newer}: those of {Source} are not used until this process is started again")]
    public static partial void PlansAreOlder(this ILogger logger, string source, string newer);

    [LoggerMessage(210, LogLevel.Information, "Plan '{Plan}', droplets with the tag '{Tag}': {Sentence}")]
    public static partial void PlanSays(this ILogger logger, string plan, string tag, string sentence);

    [LoggerMessage(211, LogLevel.Warning, "{Place}: {Finding}")]
    public static partial void PlanWarning(this ILogger logger, string place, string finding);

    [LoggerMessage(212, LogLevel.Warning, "{Overlap}")]
    public static partial void PlansOverlap(this ILogger logger, string overlap);

    [LoggerMessage(213, LogLevel.Warning, "The brake is on, {Brake}. Look at what would go, then let it go with do-snapshot release-brake {Arguments}, or mend the plan")]
    public static partial void BrakeIsOn(this ILogger logger, string brake, string arguments);

    [LoggerMessage(215, LogLevel.Error, "Alarm, {Kind}: {Text}")]
    public static partial void AlarmIsOn(this ILogger logger, AlarmKind kind, string text);

    [LoggerMessage(216, LogLevel.Information, "No longer an alarm, {Kind}: {Text}")]
    public static partial void AlarmIsOver(this ILogger logger, AlarmKind kind, string text);

    [LoggerMessage(217, LogLevel.Warning, "This machine's clock is in doubt, {Doubt}: nothing is decided before it was compared with DigitalOcean's")]
    public static partial void ClockInDoubt(this ILogger logger, string doubt);

    [LoggerMessage(225, LogLevel.Warning, "What to tell by notifications is not known at the moment, and it is tried again: {Reason}")]
    public static partial void ConditionsNotKnown(this ILogger logger, string reason);

    [LoggerMessage(226, LogLevel.Warning, "Which droplets no plan covers is not known at the moment, and is looked for again: {Reason}")]
    public static partial void DropletsNotListed(this ILogger logger, string reason);

    [LoggerMessage(228, LogLevel.Warning, "Whether droplets that left their plans are destroyed is not known of each at the moment, and is looked for again with the next look: {Reason}")]
    public static partial void DropletsNotAskedFor(this ILogger logger, string reason);

    [LoggerMessage(227, LogLevel.Debug, "How the comparison goes could not be noted, and is tried again: {Reason}")]
    public static partial void NotNoted(this ILogger logger, string reason);

    [LoggerMessage(214, LogLevel.Error, "What would go could not be counted: nothing expires in this round")]
    public static partial void CheckFailed(this ILogger logger, Exception exception);
}
