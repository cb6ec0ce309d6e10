namespace DoSnapshot.Retention;

/// <summary>What becomes of one restore point, and why.</summary>
/// <param name="Point">The point judged.</param>
/// <param name="Reason">Why it stays or goes.</param>
/// <param name="NextChange">
/// For a point that is kept, the moment (UTC) at which its own age reaches the next older rule, before which age alone cannot change the
/// verdict; null if no older rule will reach it before the end of the calendar, and for a point that is deleted. The moment holds where
/// slots run in the order of creation and the deletions of this judgement are carried out: one left undone may stand as the first of
/// its group one day, and take this point's place.
/// </param>
public sealed record Verdict(RestorePoint Point, Reason Reason, DateTimeOffset? NextChange)
{
    /// <summary>Whether the point is kept (true) or deleted (false), as its reason says.</summary>
    public bool Keep => Reason.Keeps;
}
