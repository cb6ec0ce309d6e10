using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Droplets;

/// <summary>What is owed to a droplet that was, or may have been, shut down for a snapshot: that it runs again.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="OwedAt">When the shutdown was decided, UTC.</param>
/// <param name="Deadline">An alarm is due when it does not run by then, UTC.</param>
/// <param name="ShutDownAt">When a shutdown was last sent, UTC; null while none was recorded.</param>
/// <param name="ForcedAt">When it was decided to cut its power, UTC; null while that was not.</param>
/// <param name="CutAt">When its power was last cut, UTC.</param>
/// <param name="OffAt">When it was first seen off, UTC; null while it was not.</param>
/// <param name="OnAttempts">How often a power-on was sent.</param>
/// <param name="OnAttemptedAt">When the last power-on was sent, UTC.</param>
public sealed record PowerDebt(
    Guid SnapshotId,
    DateTimeOffset OwedAt,
    DateTimeOffset Deadline,
    DateTimeOffset? ShutDownAt = null,
    DateTimeOffset? ForcedAt = null,
    DateTimeOffset? CutAt = null,
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
        (_, PowerOffForced e) => debt with { ForcedAt = debt.ForcedAt ?? e.At, CutAt = e.At },
        (_, DropletPoweredOff e) => debt with { OffAt = debt.OffAt ?? e.At },
        (_, PowerOnAttempted e) => debt with { OnAttempts = e.Attempt, OnAttemptedAt = e.At },
        (_, DropletPoweredOn or PowerOnWaived) => null,
        _ => debt,
    };
}
