namespace DoSnapshot.Hosting.Work;

/// <summary>
/// Counts what is being worked on in this process: runs of loops, messages and events on their way. A clock that jumps to the next timer may
/// only do so while nothing is; every other process ignores it.
/// </summary>
public sealed class WorkGauge
{
    private int busy;

    /// <summary>Raised when the last thing that was worked on has ended. It may be busy again by the time this is heard.</summary>
    public event EventHandler? BecameIdle;

    /// <summary>How many things are being worked on.</summary>
    public int Busy => Volatile.Read(ref busy);

    /// <summary>More work began.</summary>
    public void Enter(int count = 1) => Interlocked.Add(ref busy, count);

    /// <summary>Work ended.</summary>
    public void Exit(int count = 1)
    {
        if (Interlocked.Add(ref busy, -count) == 0)
        {
            BecameIdle?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>Counts as work until it is disposed.</summary>
    public IDisposable Begin()
    {
        Enter();
        return new Scope(this);
    }

    private sealed class Scope(WorkGauge gauge) : IDisposable
    {
        private WorkGauge? gauge = gauge;

        public void Dispose() => Interlocked.Exchange(ref gauge, null)?.Exit();
    }
}
