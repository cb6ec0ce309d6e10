namespace DoSnapshot.Hosting;

/// <summary>
/// A command from outside names a snapshot that the log does not know. Only <see cref="Contracts.SnapshotRequested"/> may start something; this goes
/// to the error queue and leads to nothing.
/// </summary>
public sealed class UnknownSnapshotException : Exception
{
    /// <summary>Of this command.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="snapshotId">The snapshot that it names.</param>
    public UnknownSnapshotException(string command, Guid snapshotId)
        : base($"{command} names snapshot {snapshotId:D}, which the log does not know.")
    {
    }
}
