namespace DoSnapshot.Retention.Simulating;

/// <summary>A snapshot that a simulated run took.</summary>
/// <param name="Point">The snapshot as retention sees it; ids count from 1 in the order of taking.</param>
/// <param name="TakenAt">The run that took it: its creation less the lag.</param>
/// <param name="Deletion">How it ended; null when it still exists after the last run.</param>
public sealed record SimulatedSnapshot(RestorePoint Point, DateTimeOffset TakenAt, SimulatedDeletion? Deletion);

/// <summary>The end of a simulated snapshot.</summary>
/// <param name="At">The run that deleted it.</param>
/// <param name="Reason">Why; never one that keeps.</param>
public sealed record SimulatedDeletion(DateTimeOffset At, Reason Reason);
