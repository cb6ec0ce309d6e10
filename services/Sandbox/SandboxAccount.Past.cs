namespace DoSnapshot.Sandbox;

/// <content>What the account was a while ago: remembered only while a fault may show it.</content>
public sealed partial class SandboxAccount
{
    private readonly Queue<Before> _past = new();

    // When what is happening at the moment happens: an action that ended while nobody looked ended then, and not now.
    private DateTimeOffset _changingAt;

    /// <summary>
    /// Its droplets, images and actions as they were this long ago, or when they began to be remembered if that is later. An account of its
    /// own, to be read and thrown away.
    /// </summary>
    internal SandboxAccount AsOf(TimeSpan age)
    {
        lock (_gate)
        {
            var moment = Advance() - age;
            var droplets = new SortedDictionary<long, SandboxDroplet>(_droplets);
            var images = new SortedDictionary<long, SandboxImage>(_images);
            var actions = new SortedDictionary<long, SandboxAction>(_actions.Newest(0, int.MaxValue).Items.ToDictionary(action => action.Id));
            foreach (var before in _past.Reverse().TakeWhile(before => before.At > moment))
            {
                PutBack(droplets, before);
                PutBack(images, before);
                PutBack(actions, before);
            }

            var record = WriteDown().Record with { Droplets = [.. droplets.Values], Images = [.. images.Values], Actions = [.. actions.Values], Agenda = [] };
            return new SandboxAccount(_clock, Settings, record);
        }
    }

    /// <summary>Notes what something was before a change. Called with the lock held, before it.</summary>
    private void Remember<T>(long id, T? was)
        where T : class
    {
        if (Faults.LongestMemory is not { } memory)
        {
            // A memory with a gap would make up moments that never were.
            _past.Clear();
            return;
        }

        _past.Enqueue(new Before(_changingAt, id, typeof(T), was));
        while (_past.Peek().At < _changingAt - memory)
            _past.Dequeue();
    }

    private static void PutBack<T>(SortedDictionary<long, T> all, Before before)
        where T : class
    {
        if (before.Type != typeof(T))
            return;
        if (before.Was is T was)
            all[before.Id] = was;
        else
            all.Remove(before.Id);
    }

    private readonly record struct Before(DateTimeOffset At, long Id, Type Type, object? Was);
}
