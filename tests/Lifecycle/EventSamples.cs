using DoSnapshot.Contracts;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>One event of every kind, with every member set to something that is not its default.</summary>
internal static class EventSamples
{
    public static readonly Guid Id = new("11111111-2222-5333-8444-555555555555");

    private static readonly Guid Neighbour = new("99999999-2222-5333-8444-555555555555");
    private static readonly DateTimeOffset At = World.At("2026-01-02T03:04:05Z");

    public static IReadOnlyList<object> OfSnapshots { get; } =
    [
        new SnapshotRequested(Id, 42, "web-1", "web-1-x", "p", Origin.Manual, At, At.AddHours(-1), 3, 2, "ann", "upgrade", SnapshotConsistency.PoweredOff, ForcedPowerOff.AfterGrace),
        new SnapshotAttempted(Id, 42, 1, At, At.AddMinutes(1)),
        new SnapshotStarted(Id, 42, 3_000_000_001, At, Provisional: true),
        new SnapshotDeferred(Id, 42, "busy", At, At.AddMinutes(1)),
        new SnapshotCompleted(Id, 42, 3_000_000_002, 1.25m, ["nyc3", "lon1"], At, At.AddMinutes(9)),
        new SnapshotFailed(Id, 42, "no", false, At, At.AddMinutes(2)),
        new SnapshotDiscovered(Id, 42, "web-1", 3_000_000_002, "web-1-x", "p", 1.25m, ["nyc3"], At, At.AddMinutes(9)),
        new SnapshotLost(Id, 42, 3_000_000_002, At),
        new SnapshotPinned(Id, 42, "ann", "release", At),
        new SnapshotUnpinned(Id, 42, "bob", "over", At),
        new RetryRequested(Id, 42, "bob", "fixed", At),
        new TransferRequested(Id, 42, 3_000_000_002, "lon1", Origin.Manual, At, "ann", "move"),
        new TransferAttempted(Id, 42, "lon1", 1, At, At.AddMinutes(1)),
        new TransferStarted(Id, 42, "lon1", 3_000_000_003, At),
        new TransferDeferred(Id, 42, "lon1", "busy", At, At.AddMinutes(1)),
        new TransferCompleted(Id, 42, "lon1", At),
        new TransferFailed(Id, 42, "lon1", "no", false, At, At.AddMinutes(2)),
        new SnapshotExpired(
            Id, 42, 3_000_000_002, "web-1-x", "p", 3, "3d:1d", TimeSpan.FromDays(3), new TimeSpan(9, 1, 2, 3),
            new ExpiryNeighbour(Neighbour, 3_000_000_004, "web-1-y", At.AddDays(-1), TimeSpan.FromDays(1)), Origin.Manual, At, "ann", "space"),
        new ExpiryHeld(Id, 42, Guard.NewestInRegion, "newest in lon1", At),
        new ExpiryWithdrawn(Id, 42, Guard.StaleDecision, "too old", At),
        new PruneAttempted(Id, 42, 3_000_000_002, 1, At, At.AddMinutes(1)),
        new SnapshotPruned(Id, 42, 3_000_000_002, At),
        new PruneRefused(Id, 42, Guard.IdentityChanged, "another name", At),
        new PruneDeferred(Id, 42, "still there", At, At.AddMinutes(2), NotDone: true),
    ];

    public static IReadOnlyList<object> OfDroplets { get; } =
    [
        new DropletEnrolled(42, "web-1", "p", At),
        new DropletRenamed(42, "web-1", "front-1", At),
        new DropletWithdrawn(42, "p", "untagged", At),
        new DropletPaused(42, "ann", "move", At),
        new DropletResumed(42, "bob", "moved", At),
        new DropletShutDown(42, Id, At),
        new DropletPoweredOff(42, Id, true, At),
        new PowerOnOwed(42, Id, At.AddHours(1), At),
        new PowerOffForced(42, Id, At),
        new PowerOnAttempted(42, Id, 2, At),
        new PowerOnWaived(42, Id, "refused", At),
        new DropletPoweredOn(42, Id, At),
        new PlansOverlapped(42, ["p", "q"], At),
        new OverlapResolved(42, At),
    ];

    public static IReadOnlyList<object> OfPlans { get; } =
    [
        new PlanChanged(
            "p",
            3,
            new PlanTerms(
                "tag", "$droplet-x-", "1d", "03:00", "2h", ["3d:1d", "1w:1m"], ["lon1"], 2, PlanTiming.Elapsed, "no-tag", OrphanHandling.Apply, BrakeSetting.Off,
                SnapshotConsistency.PoweredOff, ForcedPowerOff.AfterGrace),
            At,
            "ann",
            "less room"),
        new PlanPaused("p", "ann", "move", At),
        new PlanResumed("p", "bob", "moved", At),
        new PlanRemoved("p", "no longer stated", At),
        new PlansApplied("0f", "plans.yaml", ["p", "q"], true, At),
        new BrakeApplied("p", 42, "half would go", At, 3),
        new BrakeReleased("p", 42, "ann", "looked", At),
        new AccountBound("b7f4a5a0-0000-4000-8000-000000000001", At),
        new DropletsUncovered([new UncoveredDroplet(43, "db-1", ["db"]), new UncoveredDroplet(44, "old", [])], 2, At),
    ];

    public static IEnumerable<object> All => [.. OfSnapshots, .. OfDroplets, .. OfPlans];

    public static object Of(string name) => All.Single(e => e.GetType().Name == name);
}
