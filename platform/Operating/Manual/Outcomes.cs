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

    /// <summary>Of <c>retry</c>: of all that waited, and of what else is at work meanwhile.</summary>
    public static ManualOutcome? OfRetry(Snapshot? snapshot) => snapshot switch
    {
        null or { Phase: SnapshotPhase.Pruned or SnapshotPhase.Lost } => OfExpiry(snapshot),
        { Phase: SnapshotPhase.Failed } => OfSnapshot(snapshot),
        { IsComplete: false } => null,
        var now when now.Transfers.Values.Any(t => t.Phase is TransferPhase.Requested or TransferPhase.Attempted or TransferPhase.Started) => null,
        var now when now.Transfers.Where(t => t.Value.Phase is TransferPhase.Failed).OrderBy(t => t.Key, StringComparer.Ordinal).ToList() is { Count: > 0 } failed =>
            new ManualOutcome(false, string.Join("; ", failed.Select(t => $"the copy to {t.Key} was given up: {t.Value.Trouble}"))),
        { LeftAlone: true } now => new ManualOutcome(false, $"refused, and left alone: {now.Trouble}"),
        var now => new ManualOutcome(true, $"complete, in {string.Join(", ", now.Regions.Order(StringComparer.Ordinal))}"),
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
