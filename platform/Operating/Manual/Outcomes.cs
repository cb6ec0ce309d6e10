using System.Globalization;
using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Operating.Manual;

/// <summary>What came of a command, by how the snapshot that it is about stands; null while that is open. Null as the snapshot is one that the log does not know.</summary>
internal static class Outcomes
{
    /// <summary>Of <c>snapshot</c>.</summary>
    public static ManualOutcome? OfSnapshot(Snapshot? snapshot) => snapshot switch
    {
        { Phase: SnapshotPhase.Failed } s => new ManualOutcome(false, $"given up: {s.Trouble}"),
        { ImageId: { } image } => new ManualOutcome(true, $"complete: image {image.ToString(CultureInfo.InvariantCulture)}"),
        _ => null,
    };

    /// <summary>Of <c>transfer</c> to one region.</summary>
    public static ManualOutcome? OfTransfer(Snapshot? snapshot, string region) => snapshot switch
    {
        null or { Live: false } => new ManualOutcome(false, "the snapshot is gone"),
        var now when now.Regions.Contains(region) => new ManualOutcome(true, $"{region} holds it"),
        var now when now.Transfers.GetValueOrDefault(region) is { Phase: TransferPhase.Failed } t => new ManualOutcome(false, $"given up: {t.Trouble}"),
        _ => null,
    };

    /// <summary>Of <c>expire</c>.</summary>
    public static ManualOutcome? OfExpiry(Snapshot? snapshot) => snapshot switch
    {
        null or { Phase: SnapshotPhase.Pruned } => new ManualOutcome(true, "deleted"),
        { Phase: SnapshotPhase.Lost } => new ManualOutcome(true, "gone, and not by us"),
        { Phase: SnapshotPhase.Complete } now => new ManualOutcome(
            false, now.LeftAlone ? $"refused, and left alone: {now.Trouble}" : $"taken back: guard {now.HeldBy} holds it"),
        _ => null,
    };
}
