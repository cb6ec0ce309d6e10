using System.Collections.Immutable;
using DoSnapshot.Lifecycle;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.Status;

/// <summary>How the droplets and their snapshots stand, by what the log knows.</summary>
/// <param name="At">The moment it is about, UTC.</param>
/// <param name="Droplets">Each droplet that is in a plan or has a snapshot that counts, worst first, then by name.</param>
/// <param name="Alarms">The alarms that are on, worst first.</param>
/// <param name="Brakes">The brakes that are on, in words.</param>
public sealed record FleetStatus(
    DateTimeOffset At, ImmutableArray<DropletStatus> Droplets, ImmutableArray<Alarm> Alarms, ImmutableArray<string> Brakes)
{
    /// <summary>What can be counted of all of them.</summary>
    public FleetCounts Counts { get; } = FleetCounts.Of(Droplets);

    /// <summary>The brakes that are released and until when, in words: what they held goes.</summary>
    public ImmutableArray<string> Releases { get; init; } = [];

    /// <summary>The status of a fleet.</summary>
    /// <param name="fleet">What the log knows about every droplet.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="timings">How long what may take, for the alarms.</param>
    public static FleetStatus Of(IReadOnlyList<DropletLedger> fleet, DateTimeOffset now, LifecycleTimings timings)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return Of(fleet, now, Lifecycle.Decisions.Alarms.Of(fleet, now, timings), Braking.InForce(fleet, now));
    }

    /// <summary>The status of a fleet, of which alarms and brakes are known already.</summary>
    /// <param name="fleet">What the log knows about every droplet.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="alarms">The alarms that are on.</param>
    /// <param name="brakes">The brakes that are on.</param>
    public static FleetStatus Of(IReadOnlyList<DropletLedger> fleet, DateTimeOffset now, IReadOnlyList<Alarm> alarms, IEnumerable<BrakeInForce> brakes)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(alarms);
        var alarmed = alarms.ToLookup(a => a.DropletId);
        return new FleetStatus(
            now,
            [
                .. fleet
                    .Where(l => l.Droplet?.Plan is not null || l.Snapshots.Any(s => s.Live))
                    .Select(l => DropletStatus.Of(l, [.. alarmed[l.DropletId]], now))
                    .OrderBy(d => d.Condition)
                    .ThenBy(d => d.Name, StringComparer.Ordinal)
                    .ThenBy(d => d.DropletId),
            ],
            [.. alarms],
            [.. brakes.Select(b => b.Describe())])
        {
            Releases = [.. Braking.ReleasesInForce(fleet, now).Select(r => r.Describe())],
        };
    }
}

/// <summary>What can be counted of a fleet.</summary>
/// <param name="Droplets">Droplets.</param>
/// <param name="Unwell">Of those, the ones that an operator should look at.</param>
/// <param name="Snapshots">Complete snapshots.</param>
/// <param name="Gigabytes">Their billable size in GB; copies in more regions cost nothing.</param>
/// <param name="Pending">Snapshots asked for and not at work.</param>
/// <param name="AtWork">Snapshots at work.</param>
/// <param name="AwaitingTransfer">Copies that the plans want and that are not there yet.</param>
/// <param name="Deferred">Snapshots and copies that wait for another try.</param>
/// <param name="Going">Snapshots that are to go and are not gone.</param>
/// <param name="Held">Snapshots that a rule lets go and a guard holds.</param>
public sealed record FleetCounts(
    int Droplets, int Unwell, int Snapshots, decimal Gigabytes, int Pending, int AtWork, int AwaitingTransfer, int Deferred, int Going, int Held)
{
    internal static FleetCounts Of(ImmutableArray<DropletStatus> droplets) => new(
        droplets.Length,
        droplets.Count(d => d.Condition < DropletCondition.Working),
        droplets.Sum(d => d.Snapshots),
        droplets.Sum(d => d.Gigabytes),
        droplets.Sum(d => d.Pending.Count(p => p.Phase is SnapshotPhase.Requested)),
        droplets.Sum(d => d.Pending.Count(p => p.Phase is not SnapshotPhase.Requested)),
        droplets.Sum(d => d.Transfers.Length),
        droplets.Sum(d => d.Pending.Count(p => p.RetryAt is not null) + d.Transfers.Count(t => t.RetryAt is not null)),
        droplets.Sum(d => d.Going),
        droplets.Sum(d => d.Held));
}
