using System.Runtime.InteropServices;
using DoSnapshot.EventLog;

namespace DoSnapshot.Inquiry.Replay;

/// <summary>
/// How far each stream has come. Of a snapshot that is no more a number is kept, so that one that turns up again after long is held against it too.
/// </summary>
internal sealed class StreamBook
{
    private readonly Dictionary<Guid, int> ofSnapshots = [];
    private readonly Dictionary<string, int> ofOthers = new(StringComparer.Ordinal);
    private long last;

    /// <summary>How many streams there are.</summary>
    public int Count => ofSnapshots.Count + ofOthers.Count;

    /// <summary>Notes an event; adds what is wrong with its place.</summary>
    public void Note(LoggedEvent e, Guid? snapshot, List<LogFault> faults)
    {
        if (e.Sequence <= last)
        {
            faults.Add(new LogFault(LogFaultKind.OutOfOrder, $"it has sequence {e.Sequence} and stands after {last}"));
        }

        last = Math.Max(last, e.Sequence);
        ref var version = ref snapshot is { } id
            ? ref CollectionsMarshal.GetValueRefOrAddDefault(ofSnapshots, id, out _)
            : ref CollectionsMarshal.GetValueRefOrAddDefault(ofOthers, e.Stream, out _);
        if (e.StreamVersion <= version)
        {
            faults.Add(new LogFault(LogFaultKind.RepeatedEvent, $"version {e.StreamVersion} of stream {e.Stream} was there already, up to {version}"));
            return;
        }

        if (e.StreamVersion > version + 1)
        {
            var (first, end) = (version + 1, e.StreamVersion - 1);
            faults.Add(new LogFault(
                LogFaultKind.MissingEvents,
                first == end ? $"version {first} of stream {e.Stream} is missing" : $"versions {first} to {end} of stream {e.Stream} are missing"));
        }

        version = (int)e.StreamVersion;
    }
}
