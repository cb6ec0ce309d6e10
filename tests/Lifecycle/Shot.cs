using System.Collections.Immutable;
using CsCheck;
using DoSnapshot.Contracts;
using DoSnapshot.Lifecycle.Decisions;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>How somebody came to have a snapshot.</summary>
internal enum Made
{
    BySchedule,
    ByHand,
    Found,
}

/// <summary>A snapshot of a random ledger, said plainly; its state is folded from the events that say the same.</summary>
internal sealed record Shot(
    long Image, DateTimeOffset Created, Made Made, SnapshotPhase Phase, bool Pinned, bool Transferring, bool LeftAlone, bool DecidedByHand, int DecidedMinutesAgo)
{
    public ImmutableSortedSet<string> Regions { get; init; } = ["nyc3"];

    public Guid Id => SnapshotIds.ForImage(Image);

    public bool Complete => Phase is SnapshotPhase.Complete;

    /// <summary>A member of the plan; those made by hand belong to none.</summary>
    public bool OfPlan => Made is not Made.ByHand;

    public DateTimeOffset DecidedAt => World.Start.AddMinutes(-DecidedMinutesAgo);

    /// <summary>The moment it was due: 03:00 of its day.</summary>
    public DateTimeOffset? Occurrence => Made is Made.BySchedule ? At3(Created) : null;

    public string Name => $"web-1-autosnapshot-{Image}";

    public static Gen<Shot> Any(Gen<SnapshotPhase> phases) => Gen.Select(
        Gen.Int[0, 50 * 24],
        Gen.Int[-45, 45],
        Gen.Select(Gen.Frequency((5, Gen.Const(Made.Found)), (3, Gen.Const(Made.BySchedule)), (1, Gen.Const(Made.ByHand))), phases),
        Gen.Select(Rare, Rare, Rare, Rare),
        Gen.Int[0, 70],
        Gen.Int[0, 3],
        (hours, seconds, life, flags, decided, regions) => new Shot(
            0,
            World.Start.AddHours(-hours - 1).AddSeconds(seconds),
            life.Item1,
            life.Item2,
            flags.Item1,
            flags.Item2,
            flags.Item3,
            flags.Item4,
            decided)
        {
            Regions = regions switch { 0 => ["nyc3"], 1 => ["nyc3", "lon1"], 2 => ["nyc3", "sfo3"], _ => ["lon1", "nyc3", "sfo3"] },
        });

    private static Gen<bool> Rare => Gen.Int[0, 5].Select(i => i == 0);

    public ObservedSnapshot Seen => new(Image, Name, World.Droplet, Created, 1, Regions);

    public Snapshot State() => Given.Snapshot(Id, Events());

    private IEnumerable<object> Events()
    {
        if (Made is Made.Found)
        {
            yield return new SnapshotDiscovered(Id, World.Droplet, "web-1", Image, Name, "p", 1, [.. Regions], Created, Created);
        }
        else
        {
            var byHand = Made is Made.ByHand;
            yield return new SnapshotRequested(
                Id, World.Droplet, "web-1", Name, byHand ? null : "p", byHand ? Origin.Manual : Origin.Plan, Created.AddSeconds(-1), Occurrence);
            yield return new SnapshotAttempted(Id, World.Droplet, 1, Created, Created.AddMinutes(1));
            yield return new SnapshotStarted(Id, World.Droplet, Image + 5000, Created);
            yield return new SnapshotCompleted(Id, World.Droplet, Image, 1, [.. Regions], Created, Created);
        }

        if (LeftAlone)
        {
            yield return new SnapshotExpired(Id, World.Droplet, Image, Name, "p", 1, "0h:0h", null, TimeSpan.Zero, null, Origin.Plan, Created);
            yield return new PruneRefused(Id, World.Droplet, Guard.IdentityChanged, "", Created);
        }

        if (Pinned)
        {
            yield return new SnapshotPinned(Id, World.Droplet, "ann", "", Created);
        }

        if (Transferring)
        {
            yield return new TransferAttempted(Id, World.Droplet, "ams3", 1, Created, Created.AddMinutes(1));
        }

        if (Phase is SnapshotPhase.Lost)
        {
            yield return new SnapshotLost(Id, World.Droplet, Image, World.Start);
        }

        if (Phase is SnapshotPhase.Expired or SnapshotPhase.Pruning or SnapshotPhase.Pruned)
        {
            yield return new SnapshotExpired(
                Id, World.Droplet, Image, Name, "p", 1, "0h:0h", null, TimeSpan.Zero, null, DecidedByHand ? Origin.Manual : Origin.Plan, DecidedAt);
        }

        if (Phase is SnapshotPhase.Pruning or SnapshotPhase.Pruned)
        {
            // Long enough ago that its outcome can be seen.
            yield return new PruneAttempted(Id, World.Droplet, Image, 1, World.Start.AddMinutes(-30), World.Start.AddMinutes(-29));
        }

        if (Phase is SnapshotPhase.Pruned)
        {
            yield return new SnapshotPruned(Id, World.Droplet, Image, World.Start);
        }
    }

    private static DateTimeOffset At3(DateTimeOffset time) =>
        time.TimeOfDay < TimeSpan.FromHours(3) ? new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero).AddHours(-21) : new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero).AddHours(3);
}
