namespace DoSnapshot.Simulation.Tests.Core;

/// <summary>
/// Time, and what is to happen in it. Everything runs on one thread, one thing after the other, in an order that the seed alone decides: what is
/// awaited goes on in line when its moment comes. Time itself takes none: it jumps to the next thing.
/// </summary>
internal sealed class Sim
{
    private readonly PriorityQueue<Action, (long At, long Number)> _agenda = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _number;

    public Sim(DateTimeOffset start)
    {
        Now = start;
    }

    /// <summary>The true time.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>How many things have happened.</summary>
    public long Steps { get; private set; }

    /// <summary>A world that does not come to rest is stuck: it is stopped then.</summary>
    public long MostSteps { get; init; } = 20_000_000;

    public void At(DateTimeOffset at, Action act) => _agenda.Enqueue(act, (Math.Max(at.UtcTicks, Now.UtcTicks), _number++));

    public void After(TimeSpan wait, Action act) => At(Now + wait, act);

    /// <summary>Lets everything happen up to a moment.</summary>
    public void RunUntil(DateTimeOffset end)
    {
        while (_agenda.TryPeek(out var act, out var due) && due.At <= end.UtcTicks)
        {
            _agenda.Dequeue();
            Now = new DateTimeOffset(due.At, TimeSpan.Zero);
            if (++Steps > MostSteps)
            {
                throw new InvalidOperationException($"The world is stuck at {Now:O}.");
            }

            act();
        }

        Now = end;
    }

    /// <summary>Whatever comes from another thread would come in an order that no seed decides.</summary>
    public void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("Something has left the simulation's thread.");
        }
    }

    /// <summary>Runs on a thread of its own, where whatever is awaited goes on in line.</summary>
    public static T OnOwnThread<T>(Func<T> run)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = run();
                }
#pragma warning disable CA1031 // It is thrown on, on the thread that waits.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    failure = e;
                }
            },
            maxStackSize: 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException(failure.Message, failure);
    }
}
