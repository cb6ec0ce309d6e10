using System.Collections.Immutable;

namespace DoSnapshot.Inquiry.WhatIf;

/// <summary>What became of a snapshot.</summary>
public enum FateKind
{
    /// <summary>It exists.</summary>
    Exists = 0,

    /// <summary>A rule deleted it.</summary>
    Deleted = 1,

    /// <summary>A person had it deleted.</summary>
    Removed = 2,

    /// <summary>Somebody else deleted it.</summary>
    Lost = 3,

    /// <summary>It was not made.</summary>
    NeverMade = 4,
}

/// <summary>What became of a snapshot in one of the worlds.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When it ended, UTC; null for one that exists or was not made.</param>
/// <param name="Rule">The rule that deleted it; null where none did.</param>
public sealed record Fate(FateKind Kind, DateTimeOffset? At = null, string? Rule = null)
{
    /// <summary>It exists.</summary>
    public static Fate Exists { get; } = new(FateKind.Exists);

    /// <summary>It was not made.</summary>
    public static Fate NeverMade { get; } = new(FateKind.NeverMade);
}

/// <summary>A snapshot in truth and under the other policy.</summary>
/// <param name="SnapshotId">Our id; of an invented one, one that nothing else has.</param>
/// <param name="ImageId">DigitalOcean's id; null for an invented one.</param>
/// <param name="Name">Its name; of an invented one, what it would have been about.</param>
/// <param name="DropletId">Its droplet.</param>
/// <param name="DropletName">The droplet's name.</param>
/// <param name="Plan">Its plan; null for none.</param>
/// <param name="CreatedAt">When it was made, UTC, or would have been.</param>
/// <param name="SizeGigabytes">Its size in GB; of an invented one, that of the one before it.</param>
/// <param name="Regions">The regions that hold it, as far as is known.</param>
/// <param name="Invented">Whether there never was such a snapshot: the other policy would have asked for it.</param>
/// <param name="Truth">What became of it.</param>
/// <param name="Other">What would have become of it under the other policy.</param>
public sealed record WhatIfSnapshot(
    Guid SnapshotId,
    long? ImageId,
    string Name,
    long DropletId,
    string DropletName,
    string? Plan,
    DateTimeOffset CreatedAt,
    decimal SizeGigabytes,
    IReadOnlyCollection<string> Regions,
    bool Invented,
    Fate Truth,
    Fate Other)
{
    /// <summary>Whether it ended otherwise, or at another time; the rule that is named does not matter.</summary>
    public bool Differs => Truth.Kind != Other.Kind || Truth.At != Other.At;
}

/// <summary>One day, midnight to midnight UTC; the last up to the moment that the result is about.</summary>
/// <param name="Day">The day.</param>
/// <param name="TruthSnapshots">Snapshots at its end.</param>
/// <param name="OtherSnapshots">Snapshots at its end under the other policy.</param>
/// <param name="TruthGigabytes">GB stored at its end.</param>
/// <param name="OtherGigabytes">GB stored at its end under the other policy.</param>
/// <param name="TruthCost">Dollars that the day cost.</param>
/// <param name="OtherCost">Dollars that the day would have cost.</param>
public sealed record WhatIfDay(
    DateOnly Day, int TruthSnapshots, int OtherSnapshots, decimal TruthGigabytes, decimal OtherGigabytes, decimal TruthCost, decimal OtherCost);

/// <summary>One of the two worlds at the end.</summary>
/// <param name="Snapshots">How many snapshots exist.</param>
/// <param name="Gigabytes">GB stored.</param>
/// <param name="CostPerMonth">Dollars a month of 30 days that this costs.</param>
/// <param name="CostSoFar">Dollars that all days of the result have cost.</param>
public sealed record WhatIfTotal(int Snapshots, decimal Gigabytes, decimal CostPerMonth, decimal CostSoFar);

/// <summary>What came of trying another policy on the real history.</summary>
/// <param name="Terms">What was tried.</param>
/// <param name="AsOf">The moment it is about, UTC.</param>
/// <param name="Truth">How it is.</param>
/// <param name="Other">How it would be.</param>
/// <param name="Today">Every snapshot that exists in at least one of the worlds, by droplet, oldest first.</param>
/// <param name="Past">Those that exist in neither and ended differently, or at another time; the first of them, where they were many.</param>
/// <param name="PastCut">How many more of those there were.</param>
/// <param name="PastSame">How many exist in neither and ended the same.</param>
/// <param name="Invented">How many snapshots were invented, in all.</param>
/// <param name="NeverMade">How many snapshots the other policy would not have asked for, in all.</param>
/// <param name="Days">Day by day, for a chart; empty for an empty log.</param>
public sealed record WhatIfResult(
    WhatIfTerms Terms,
    DateTimeOffset AsOf,
    WhatIfTotal Truth,
    WhatIfTotal Other,
    ImmutableArray<WhatIfSnapshot> Today,
    ImmutableArray<WhatIfSnapshot> Past,
    long PastCut,
    long PastSame,
    long Invented,
    long NeverMade,
    ImmutableArray<WhatIfDay> Days)
{
    /// <summary>Those that are kept and would have been deleted, or not been made.</summary>
    public IEnumerable<WhatIfSnapshot> OnlyInTruth => Today.Where(s => s.Truth.Kind is FateKind.Exists && s.Other.Kind is not FateKind.Exists);

    /// <summary>Those that were deleted, or not made, and would exist.</summary>
    public IEnumerable<WhatIfSnapshot> OnlyUnderOther => Today.Where(s => s.Truth.Kind is not FateKind.Exists && s.Other.Kind is FateKind.Exists);

    /// <summary>Whether nothing would have been different, at no time.</summary>
    public bool IsSame => Past.IsEmpty && PastCut == 0 && !Today.Any(s => s.Differs);
}
