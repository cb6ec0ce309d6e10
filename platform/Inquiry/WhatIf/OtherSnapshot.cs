using DoSnapshot.Lifecycle.Snapshots;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>Where a snapshot is in the other world.</summary>
internal enum OtherState
{
    /// <summary>It exists.</summary>
    There,

    /// <summary>It goes together with the true one, when and if that does.</summary>
    GoesAsInTruth,

    /// <summary>It has ended, or never was.</summary>
    Ended,
}

/// <summary>A snapshot in both worlds.</summary>
internal sealed class OtherSnapshot(Snapshot real, bool invented = false)
{
    /// <summary>The true one as the log knew it last; of an invented one, as it would be.</summary>
    public Snapshot Real { get; set; } = real;

    public bool Invented { get; } = invented;

    public OtherState State { get; set; }

    /// <summary>What became of it in truth.</summary>
    public Fate Truth { get; set; } = invented ? Fate.NeverMade : Fate.Exists;

    /// <summary>What would have become of it.</summary>
    public Fate Other { get; set; } = Fate.Exists;

    /// <summary>The rule by which it goes as in truth.</summary>
    public string? Rule { get; set; }

    /// <summary>The moment of the other schedule that it answers; null where the schedule is the same.</summary>
    public DateTimeOffset? Occurrence { get; set; }

    /// <summary>Whether neither world has it any more.</summary>
    public bool IsOver => Truth.Kind is not FateKind.Exists && Other.Kind is not FateKind.Exists;

    /// <summary>As a decision in the other world sees it.</summary>
    public Snapshot View
    {
        get
        {
            var seen = State is OtherState.There && !Real.IsComplete
                ? Real with { Phase = SnapshotPhase.Complete, Live = true, Expiry = null, HeldBy = null }
                : Real;
            return Occurrence is { } occurrence ? seen with { Occurrence = occurrence } : seen;
        }
    }

    public WhatIfSnapshot Row(string dropletName) => new(
        Real.SnapshotId,
        Invented ? null : Real.ImageId,
        Real.Name,
        Real.DropletId,
        dropletName,
        Real.Plan,
        Real.CreatedAt!.Value,
        Real.SizeGigabytes,
        Real.Regions,
        Invented,
        Truth,
        Other);
}
