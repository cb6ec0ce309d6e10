namespace DoSnapshot.Notifying;

/// <summary>What time it is as far as can be told, whatever this machine's clock shows.</summary>
public interface IBelievedTime
{
    /// <summary>The moment, UTC.</summary>
    DateTimeOffset Believed { get; }
}
