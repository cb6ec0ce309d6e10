using DoSnapshot.EventLog;

namespace DoSnapshot.Inquiry.Tests;

/// <summary>A log that somebody has tampered with: places are given out anew, so that no gap betrays it, unless that is what is tried.</summary>
internal sealed class Tampered(IReadOnlyList<LoggedEvent> log)
{
    private List<LoggedEvent> _events = [.. log];

    public IReadOnlyList<LoggedEvent> Events => _events;

    /// <summary>The last event of a kind, as the log has it.</summary>
    public (LoggedEvent Event, T Data) Last<T>(Func<T, bool>? which = null) =>
        _events.Where(e => e.Data is T data && which?.Invoke(data) != false).Select(e => (e, (T)e.Data)).Last();

    /// <summary>Takes an event out of the store.</summary>
    public Tampered Lose(LoggedEvent e)
    {
        _events.Remove(e);
        return this;
    }

    /// <summary>Takes an event out, and hides that.</summary>
    public Tampered Hide(LoggedEvent e) => Lose(e).Renumber();

    /// <summary>Puts an event right before another, and hides that.</summary>
    public Tampered Plant(LoggedEvent before, string stream, object data) => Plant(_events.IndexOf(before), stream, data);

    /// <summary>Puts an event at the end.</summary>
    public Tampered Plant(string stream, object data) => Plant(_events.Count, stream, data);

    /// <summary>Changes what an event says.</summary>
    public Tampered Change(LoggedEvent e, object data)
    {
        _events[_events.IndexOf(e)] = e with { Data = data };
        return this;
    }

    /// <summary>Changes what all events of a kind say.</summary>
    public Tampered ChangeAll<T>(Func<T, object> change)
    {
        _events = [.. _events.Select(e => e.Data is T data ? e with { Data = change(data) } : e)];
        return this;
    }

    /// <summary>Writes an event a second time, as it is.</summary>
    public Tampered Repeat(LoggedEvent e)
    {
        _events.Insert(_events.IndexOf(e) + 1, e with { Sequence = e.Sequence });
        return this;
    }

    private Tampered Plant(int place, string stream, object data)
    {
        _events.Insert(place, new LoggedEvent(Guid.NewGuid(), 0, stream, 0, data));
        return Renumber();
    }

    private Tampered Renumber()
    {
        var versions = new Dictionary<string, long>();
        _events = [.. _events.Select((e, i) => e with { Sequence = i + 1, StreamVersion = versions[e.Stream] = versions.GetValueOrDefault(e.Stream) + 1 })];
        return this;
    }
}
