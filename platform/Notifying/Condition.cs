namespace DoSnapshot.Notifying;

/// <summary>How much a condition matters.</summary>
public enum Severity
{
    /// <summary>To be looked at; everything goes on.</summary>
    Warning = 0,

    /// <summary>Something that was promised is not kept: a droplet is off, has no good snapshot, or nothing is decided.</summary>
    Critical = 1,
}

/// <summary>Something that an operator has to know about, for as long as it is so.</summary>
/// <param name="Key">What it is about; the same for as long as it lasts, whatever is said about it.</param>
/// <param name="Kind">Its kind, as a word of the documentation.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Since">Since when it is so, UTC.</param>
/// <param name="Text">For people: what is wrong, and with what.</param>
/// <param name="DropletId">The droplet it is about; null where it is about none.</param>
/// <param name="SnapshotId">The snapshot it is about; null where it is about none.</param>
public sealed record Condition(
    string Key, string Kind, Severity Severity, DateTimeOffset Since, string Text, long? DropletId = null, Guid? SnapshotId = null);

/// <summary>What is said of a condition.</summary>
public enum NoticeState
{
    /// <summary>It has come on.</summary>
    On = 0,

    /// <summary>It was told before, and is still on.</summary>
    StillOn = 1,

    /// <summary>It is over.</summary>
    Over = 2,
}

/// <summary>Something to tell.</summary>
/// <param name="State">What is said of the condition.</param>
/// <param name="Condition">The condition; of one that is over, what was told last.</param>
/// <param name="ToldBefore">When it was told last, UTC; null for one that is new.</param>
public sealed record Notice(NoticeState State, Condition Condition, DateTimeOffset? ToldBefore = null);
