namespace DoSnapshot.DigitalOcean;

/// <summary>The server's clock beside this process's, as an answer showed them.</summary>
/// <param name="Theirs">What the server's showed, to the second, UTC.</param>
/// <param name="Ours">What this process's showed when the answer came, UTC.</param>
/// <param name="Timestamp">When that was by the monotonic clock, which nobody can set.</param>
public sealed record ClockComparison(DateTimeOffset Theirs, DateTimeOffset Ours, long Timestamp)
{
    /// <summary>How far the server's is ahead.</summary>
    public TimeSpan Offset => Theirs - Ours;
}
