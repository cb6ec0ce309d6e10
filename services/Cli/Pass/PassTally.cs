namespace DoSnapshot.Cli.Pass;

/// <summary>Counts what a pass did, from several threads.</summary>
internal sealed class PassTally
{
    private int begun;
    private int transfers;
    private int deleted;
    private int held;
    private int failures;

    /// <summary>Snapshots begun.</summary>
    public int Begun => Volatile.Read(ref begun);

    /// <summary>Transfers begun.</summary>
    public int Transfers => Volatile.Read(ref transfers);

    /// <summary>Snapshots deleted.</summary>
    public int Deleted => Volatile.Read(ref deleted);

    /// <summary>Snapshots that the rules would delete and a guard holds.</summary>
    public int Held => Volatile.Read(ref held);

    /// <summary>What failed at DigitalOcean.</summary>
    public int Failures => Volatile.Read(ref failures);

    /// <summary>One more snapshot was begun.</summary>
    public void CountBegun() => Interlocked.Increment(ref begun);

    /// <summary>One more transfer was begun.</summary>
    public void CountTransfer() => Interlocked.Increment(ref transfers);

    /// <summary>One more snapshot was deleted.</summary>
    public void CountDeleted() => Interlocked.Increment(ref deleted);

    /// <summary>One more snapshot is held.</summary>
    public void CountHeld() => Interlocked.Increment(ref held);

    /// <summary>One more thing failed.</summary>
    public void CountFailure() => Interlocked.Increment(ref failures);
}
