namespace DoSnapshot.Inquiry.Slots;

/// <summary>What came of one turn of a droplet's schedule.</summary>
public enum SlotState
{
    /// <summary>The snapshot was made in time and is there.</summary>
    Good = 0,

    /// <summary>The snapshot is there, and was made later than a quarter of the time between two.</summary>
    Late = 1,

    /// <summary>The snapshot was made; a rule has let it go since, as the plan wants it.</summary>
    Thinned = 2,

    /// <summary>The snapshot was made; a person had it removed.</summary>
    Removed = 3,

    /// <summary>The snapshot was made; somebody else deleted it.</summary>
    Lost = 4,

    /// <summary>It is asked for or at work.</summary>
    Running = 5,

    /// <summary>It is due, and not asked for yet.</summary>
    Due = 6,

    /// <summary>It was given up.</summary>
    Failed = 7,

    /// <summary>None was made.</summary>
    Missed = 8,

    /// <summary>None was wanted: the droplet or its plan was paused.</summary>
    Paused = 9,

    /// <summary>None was wanted: the droplet was not in a plan yet, or not any more.</summary>
    Unplanned = 10,
}

/// <summary>One turn of a droplet's schedule.</summary>
/// <param name="From">When it was due, UTC.</param>
/// <param name="Until">When the next was, UTC.</param>
/// <param name="State">What came of it.</param>
/// <param name="SnapshotId">The snapshot that answers it; null where there is none.</param>
public sealed record Slot(DateTimeOffset From, DateTimeOffset Until, SlotState State, Guid? SnapshotId);
