namespace DoSnapshot.Inquiry.Audit;

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Somebody should know of it; nothing speaks against what was decided.</summary>
    Warning = 0,

    /// <summary>The log does not bear out what was decided or done, or is itself not whole.</summary>
    Error = 1,
}

/// <summary>What an audit can find.</summary>
public enum FindingKind
{
    /// <summary>Decided again, the rules keep the snapshot that expired.</summary>
    KeptByRules = 0,

    /// <summary>Decided again, a guard or a brake holds the snapshot that expired.</summary>
    Held = 1,

    /// <summary>No rule applied: it was not complete, not in a plan, paused or claimed by several.</summary>
    NotUnderRules = 2,

    /// <summary>Decided again it expires too, for another reason than the log says.</summary>
    OtherReason = 3,

    /// <summary>It was decided by a version of the plan that was no longer, or not yet, in force.</summary>
    OtherPlanVersion = 4,

    /// <summary>More of a plan expired within a day than its brake lets go.</summary>
    BrakePassed = 5,

    /// <summary>It could not be decided again, because the plan cannot be read.</summary>
    NotReplayed = 6,

    /// <summary>A deletion has no expiry before it that stood.</summary>
    DeletedWithoutExpiry = 7,

    /// <summary>A snapshot counts as deleted, and the intent to delete it was not written.</summary>
    DeletedWithoutIntent = 8,

    /// <summary>A deletion was begun of another image than the snapshot's.</summary>
    DeletedOtherImage = 9,

    /// <summary>A deletion was begun although a guard held the snapshot, or the rules kept it.</summary>
    DeletedAgainstGuard = 10,

    /// <summary>A deletion was begun before its time.</summary>
    DeletedTooSoon = 11,

    /// <summary>An expiry has no end yet, for too long.</summary>
    ExpiryWithoutEnd = 12,

    /// <summary>A removal by hand does not say who asked, or why.</summary>
    ManualUnexplained = 13,

    /// <summary>Events of a stream are missing.</summary>
    MissingEvents = 14,

    /// <summary>An event's place in its stream was taken.</summary>
    RepeatedEvent = 15,

    /// <summary>An event stands out of order.</summary>
    OutOfOrder = 16,

    /// <summary>A stream begins with what cannot begin one.</summary>
    CannotStart = 17,

    /// <summary>An event cannot be applied to what was known.</summary>
    CannotBeApplied = 18,

    /// <summary>An event is about something else than its stream.</summary>
    WrongStream = 19,

    /// <summary>A plan was stated that cannot be read, or whose version does not follow the last.</summary>
    BadPlan = 20,

    /// <summary>An event of a kind that this version does not know.</summary>
    UnknownEvent = 21,
}

/// <summary>Something that an audit found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Kind">What it is.</param>
/// <param name="What">In a sentence, without a full stop.</param>
/// <param name="At">When it happened, UTC; null where the event does not say.</param>
/// <param name="Sequence">The place in the log of the event that it is about.</param>
/// <param name="Stream">That event's stream.</param>
/// <param name="EventId">That event's id.</param>
/// <param name="SnapshotId">The snapshot, by our id; null where it is about none.</param>
/// <param name="SnapshotName">Its name; null where that is not known.</param>
/// <param name="DropletId">The droplet; null where it is about none.</param>
/// <param name="DropletName">Its name; null where that is not known.</param>
/// <param name="Plan">The plan; null where it is about none.</param>
/// <param name="PlanVersion">The plan's version; null where none is named.</param>
/// <param name="Recorded">What the log says that was decided; null where nothing was decided again.</param>
/// <param name="Replayed">What was decided again; null where nothing was.</param>
public sealed record Finding(
    FindingSeverity Severity,
    FindingKind Kind,
    string What,
    DateTimeOffset? At,
    long Sequence,
    string Stream,
    Guid EventId,
    Guid? SnapshotId = null,
    string? SnapshotName = null,
    long? DropletId = null,
    string? DropletName = null,
    string? Plan = null,
    int? PlanVersion = null,
    string? Recorded = null,
    string? Replayed = null)
{
    /// <summary>Whether a decision differs from what was decided again.</summary>
    public bool IsDifference => Kind <= FindingKind.OtherPlanVersion;
}
