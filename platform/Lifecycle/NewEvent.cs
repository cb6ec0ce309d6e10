namespace DoSnapshot.Lifecycle;

/// <summary>An event that a decision wants appended: what, and to which stream.</summary>
/// <param name="Stream">Key of the stream, see <see cref="Streams"/>.</param>
/// <param name="Data">The event, a record of the contracts.</param>
public sealed record NewEvent(string Stream, object Data)
{
    /// <summary>An event of a snapshot.</summary>
    public static NewEvent Of(Guid snapshotId, object data) => new(Streams.OfSnapshot(snapshotId), data);
}
