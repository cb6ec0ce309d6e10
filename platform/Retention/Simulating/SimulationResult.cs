using System.Collections.Immutable;

namespace DoSnapshot.Retention.Simulating;

/// <summary>What became of a simulation.</summary>
/// <param name="Terms">What was simulated.</param>
/// <param name="Runs">The number of runs.</param>
/// <param name="LastRun">The last of them; null when there was none.</param>
/// <param name="Snapshots">Every snapshot taken, oldest first.</param>
/// <param name="Groups">
/// How many snapshots each rule had over time: first those that no rule has reached, then a group for each rule that can apply, youngest
/// first.
/// </param>
public sealed record SimulationResult(
    SimulationTerms Terms,
    long Runs,
    DateTimeOffset? LastRun,
    ImmutableArray<SimulatedSnapshot> Snapshots,
    ImmutableArray<GroupHistory> Groups)
{
    /// <summary>The snapshots that exist after the last run, those in progress included, oldest first.</summary>
    public IEnumerable<SimulatedSnapshot> Left => Snapshots.Where(snapshot => snapshot.Deletion is null);
}
