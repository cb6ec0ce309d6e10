namespace DoSnapshot.Planner;

/// <summary>What the planner says in the log output.</summary>
internal static partial class PlannerLog
{
    [LoggerMessage(200, LogLevel.Information, "Decided: {Event}")]
    public static partial void Decided(this ILogger logger, object @event);

    [LoggerMessage(201, LogLevel.Information, "Compared with DigitalOcean: {Droplets} droplets in the plan, {Snapshots} snapshots in the account")]
    public static partial void Reconciled(this ILogger logger, int droplets, int snapshots);

    [LoggerMessage(202, LogLevel.Error, "The comparison with DigitalOcean failed and is repeated: {Reason}")]
    public static partial void ReconciliationFailed(this ILogger logger, string reason, Exception exception);

    [LoggerMessage(203, LogLevel.Error, "A decision failed and is repeated")]
    public static partial void DecisionFailed(this ILogger logger, Exception exception);

    [LoggerMessage(204, LogLevel.Information, "Somebody else decided first for droplet {DropletId}: {Detail}")]
    public static partial void Conflict(this ILogger logger, long dropletId, string detail);

    [LoggerMessage(205, LogLevel.Information, "Published {Command} of snapshot {SnapshotId} again, region {Region}")]
    public static partial void PublishedAgain(this ILogger logger, string command, Guid snapshotId, string? region);

    [LoggerMessage(206, LogLevel.Error, "The decision for droplet {DropletId} failed and is repeated")]
    public static partial void DecisionFailedFor(this ILogger logger, long dropletId, Exception exception);
}
