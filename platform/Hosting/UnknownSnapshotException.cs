namespace DoSnapshot.Hosting;

/// <summary>
/// A command from outside names a snapshot, or a copy, that the log does not know. Only <see cref="Contracts.SnapshotRequested"/> may start
/// something; this goes to the error queue and leads to nothing.
/// </summary>
public sealed class UnknownSnapshotException : Exception
{
    private UnknownSnapshotException(string message)
        : base(message)
    {
    }

    /// <summary>Refuses a command from outside; one from the log passes, for its worker to drop with an alarm.</summary>
    public static void ThrowUnless(bool fromLog, string command, Guid snapshotId)
    {
        if (!fromLog)
        {
            throw new UnknownSnapshotException($"{command} names snapshot {snapshotId:D}, for which the log has no such command.");
        }
    }
}
