using DoSnapshot.Lifecycle.Decisions;

namespace DoSnapshot.Lifecycle.Tests;

/// <summary>What the pruner sees at DigitalOcean.</summary>
internal static class Sight
{
    /// <summary>This image, and everything else that the log knows.</summary>
    public static PruneSight Of(DropletLedger ledger, ObservedSnapshot? image) =>
        new(image, ledger.Snapshots.Where(s => s.ImageId is not null).Select(s => s.ImageId!.Value).ToHashSet(), TimeSpan.FromSeconds(1), DateTimeOffset.MaxValue);
}
