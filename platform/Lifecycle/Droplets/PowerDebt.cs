using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Droplets;

/// <summary>What is owed to a droplet that was, or may have been, shut down for a snapshot: that it runs again.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="OwedAt">When the shutdown was decided, UTC.</param>
/// <param name="Deadline">An alarm is due when it does not run by then, UTC.</param>
/// <param name="ShutDownAt">When a shutdown was last sent, UTC; null while none was recorded.</param>
/// <param name="ForcedAt">When it was decided to cut its power, UTC; null while that was not.</param>
/// <param name="OffAt">When it was first seen off, UTC; null while it was not.</param>
/// <param name="OnAttempts">How often a power-on was sent.</param>
/// <param name="OnAttemptedAt">When the last power-on was sent, UTC.</param>
public sealed record PowerDebt(
    Guid SnapshotId,
    DateTimeOffset OwedAt,
    DateTimeOffset Deadline,
    DateTimeOffset? ShutDownAt = null,
    DateTimeOffset? ForcedAt = null,
    DateTimeOffset? OffAt = null,
    int OnAttempts = 0,
    DateTimeOffset? OnAttemptedAt = null)
{
    /// <summary>The debt after one more event of the droplet's stream.</summary>
    public static PowerDebt? Evolve(PowerDebt? debt, object @event) => (debt, @event) switch
    {
        (_, PowerOnOwed e) => new PowerDebt(e.SnapshotId, e.At, e.Deadline),
        (null, _) => null,
        (_, DropletShutDown e) => debt with { ShutDownAt = e.At },
        (_, PowerOffForced e) => debt with { ForcedAt = e.At },
        (_, DropletPoweredOff e) => debt with { OffAt = debt.OffAt ?? e.At },
        (_, PowerOnAttempted e) => debt with { OnAttempts = e.Attempt, OnAttemptedAt = e.At },
        (_, DropletPoweredOn or PowerOnWaived) => null,
        _ => debt,
    };
}

/// <summary>How often a droplet was shut down for one snapshot.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Times">How often.</param>
public sealed record PowerCycles(Guid SnapshotId, int Times)
{
    /// <summary>The count after one more event of the droplet's stream; of a shutdown that had no effect it knows nothing.</summary>
    public static PowerCycles? Evolve(PowerCycles? cycles, object @event) => @event switch
    {
        PowerOnOwed e when cycles?.SnapshotId == e.SnapshotId => cycles with { Times = cycles.Times + 1 },
        PowerOnOwed e => new PowerCycles(e.SnapshotId, 1),
        PowerOnWaived e when cycles?.SnapshotId == e.SnapshotId => cycles with { Times = cycles.Times - 1 },
        _ => cycles,
    };
}
