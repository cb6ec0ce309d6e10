namespace DoSnapshot.Retention.Simulating;

/// <summary>How the simulated tool tells when the next snapshot is due.</summary>
public enum SimulationTiming
{
    /// <summary>
    /// By the time elapsed since the newest snapshot that can be seen, as do-snapshot.py does. One in progress cannot be seen; one that the
    /// rules have deleted cannot either. Spacing is measured between creations.
    /// </summary>
    Elapsed = 0,

    /// <summary>
    /// By the occurrences of a schedule, each of which is answered once, by whatever was taken since. Spacing is measured between
    /// occurrences.
    /// </summary>
    Anchored = 1,
}
