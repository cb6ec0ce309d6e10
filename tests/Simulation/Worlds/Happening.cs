using DoSnapshot.EventLog;

namespace DoSnapshot.Simulation.Tests.Worlds;

/// <summary>Something that happened, at its true time. All of them in their order are what the checkers look at.</summary>
internal abstract record Happening(DateTimeOffset At)
{
    /// <summary>An event was appended, and who appended it knows.</summary>
    /// <param name="At">When.</param>
    /// <param name="Event">The event as it was acknowledged.</param>
    /// <param name="Decision">Which decision it is of: those of one were decided on the same state.</param>
    /// <param name="By">Who.</param>
    internal sealed record Appended(DateTimeOffset At, LoggedEvent Event, long Decision, string By) : Happening(At)
    {
        public override string ToString() => $"{At:MM-dd HH:mm:ss} {By,-14} log {Event.Sequence}: {Event.Data}";
    }

    /// <summary>DigitalOcean began a snapshot that somebody's token asked for.</summary>
    internal sealed record SnapshotBegun(DateTimeOffset At, long DropletId, string Name, long ActionId, long ImageId, string By) : Happening(At);

    /// <summary>DigitalOcean began a transfer.</summary>
    internal sealed record TransferBegun(DateTimeOffset At, long ImageId, string Region, long ActionId, string By) : Happening(At);

    /// <summary>DigitalOcean deleted a snapshot that somebody's token asked it to.</summary>
    internal sealed record Deleted(DateTimeOffset At, long ImageId, string By) : Happening(At);

    /// <summary>DigitalOcean refused a request for being one too many.</summary>
    internal sealed record OverQuota(DateTimeOffset At, string Request, string By) : Happening(At);

    /// <summary>What the owner of the account, an operator or fate did, in words.</summary>
    internal sealed record Act(DateTimeOffset At, string What) : Happening(At)
    {
        public override string ToString() => $"{At:MM-dd HH:mm:ss} {"",-14} {What}";
    }
}

/// <summary>What a run counts.</summary>
internal sealed class Tally
{
    public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public void Count(string what, long number = 1) => Counts[what] = Counts.GetValueOrDefault(what) + number;

    public void Add(Tally other)
    {
        foreach (var (what, number) in other.Counts)
        {
            Count(what, number);
        }
    }
}
