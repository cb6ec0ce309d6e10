namespace DoSnapshot.Load.Benchmarks.Processes;

/// <summary>Events of a kind in a day.</summary>
/// <param name="Count">How many.</param>
/// <param name="Last">From the moment at which all was due to the last of them.</param>
internal readonly record struct Done(int Count, TimeSpan Last);

/// <summary>How a process stood at the end of a day.</summary>
/// <param name="Name">The process.</param>
/// <param name="Heap">Its managed heap after a full collection, in bytes.</param>
/// <param name="WorkingSet">Its mean working set over the day, in bytes.</param>
/// <param name="Processor">What it has used of the machine's cores since its start.</param>
/// <param name="IsServer">Whether its collector is the one for servers.</param>
internal sealed record ProcessFigures(string Name, long Heap, long WorkingSet, TimeSpan Processor, bool IsServer);

/// <summary>One simulated day.</summary>
/// <param name="Day">Which, from 1.</param>
/// <param name="Calls">Requests that the sandbox counted.</param>
/// <param name="Refused">Of these, answered by 429.</param>
/// <param name="BusiestMinute">The most in any minute.</param>
/// <param name="BusiestHour">The most in any hour.</param>
/// <param name="Events">What the log says, by the events' stored names.</param>
/// <param name="Waiting">Snapshots that still wait for something.</param>
/// <param name="Longest">The most that was seen in each queue.</param>
/// <param name="Left">What is in each queue at the day's end.</param>
/// <param name="Processes">Each process.</param>
internal sealed record DayFigures(
    int Day,
    int Calls,
    int Refused,
    int BusiestMinute,
    int BusiestHour,
    IReadOnlyDictionary<string, Done> Events,
    int Waiting,
    IReadOnlyDictionary<string, uint> Longest,
    IReadOnlyDictionary<string, uint> Left,
    IReadOnlyList<ProcessFigures> Processes);
