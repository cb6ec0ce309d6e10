using DoSnapshot.Contracts;

namespace DoSnapshot.Simulation.Tests.Checking;

/// <summary>How far a snapshot is, as the checkers keep book of it.</summary>
internal enum Stage
{
    Waiting,
    Sent,
    Complete,
    Going,
    Gone,
    Failed,
}

/// <summary>How far a copy to a region is.</summary>
internal enum CopyStage
{
    Waiting,
    Sent,
    Done,
    Failed,
}

/// <summary>A snapshot in the checkers' books.</summary>
internal sealed class Shot
{
    public required Guid Id { get; init; }

    public required long Droplet { get; init; }

    public required string Name { get; set; }

    public string? Plan { get; init; }

    public bool IsScheduled { get; init; }

    public DateTimeOffset RequestedAt { get; init; }

    public SnapshotConsistency Consistency { get; init; }

    public DateTimeOffset? Occurrence { get; init; }

    public Stage Stage { get; set; }

    public long? Image { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public HashSet<string> Regions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, CopyStage> Copies { get; } = new(StringComparer.Ordinal);

    public HashSet<string> CopiesByHand { get; } = new(StringComparer.Ordinal);

    public bool IsPinned { get; set; }

    public bool IsLeftAlone { get; set; }

    public SnapshotExpired? Expiry { get; set; }

    /// <summary>The decision that lets it go: those of one decision were judged together.</summary>
    public long ExpiredIn { get; set; }

    public DateTimeOffset ExpiredAt { get; set; }

    public PruneAttempted? Intent { get; set; }

    public int Attempts { get; set; }

    public bool HasCopyAtWork => Copies.Values.Any(c => c is CopyStage.Sent);
}

/// <summary>A droplet in the checkers' books.</summary>
internal sealed class Machine
{
    public string? Plan { get; set; }

    /// <summary>When it joined its plan, by the true time.</summary>
    public DateTimeOffset EnrolledAt { get; set; }

    /// <summary>When an operator last released a brake of it, by plan.</summary>
    public Dictionary<string, DateTimeOffset> Released { get; } = new(StringComparer.Ordinal);

    public bool IsPaused { get; set; }

    public bool IsOverlapped { get; set; }

    /// <summary>The snapshot for which it is owed power; null when it is not.</summary>
    public Guid? Debt { get; set; }

    /// <summary>When it was last seen running again.</summary>
    public DateTimeOffset PaidAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>By plan: the version that a brake is of, and when it came on; gone when it was released.</summary>
    public Dictionary<string, (int? Version, DateTimeOffset At)> Brakes { get; } = new(StringComparer.Ordinal);
}

/// <summary>A plan in the checkers' books.</summary>
internal sealed class PlanBooks
{
    public required string Name { get; init; }

    public int Version { get; set; }

    public required PlanTerms Terms { get; set; }

    public bool IsPaused { get; set; }

    public bool IsRemoved { get; set; }

    public bool IsBraked { get; set; }

    public DateTimeOffset ReleasedAt { get; set; } = DateTimeOffset.MinValue;
}
